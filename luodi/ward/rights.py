"""The five rights, judged. Pure: facts in, five rights out, each with what was ordered and what was found.

Source: reference closed-loop, nursing and bedside rules (five rights; three checks, eight matches).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from .timing import TimeWindow


class State(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    UNSCANNED = "unscanned"


class Ordered(NamedTuple):
    """What the doctor signed for one planned dose."""

    task: int
    patient: int
    line: int
    medicine: str
    planned_at: datetime


class Packed(NamedTuple):
    """What the scanned package holds, and for whom, for which line and which planned dose it was packed."""

    patient: int
    medicine: str
    line: int
    task: int | None


class Right(NamedTuple):
    """One right: its code (patient, drug, dose, route, time) and whether it holds."""

    code: str
    state: State


def judge(
    ordered: Ordered, *, patient: int | None, packed: Packed | None, now: datetime, window: TimeWindow
) -> tuple[Right, ...]:
    """Five rights of one dose. `patient`: whose wristband was scanned; `packed`: the scanned package; None: no scan.

    Dose and route are those of the line that the package was packed for: the label has them, the pharmacy checked them.
    A package packed for another planned dose of the same line is right in everything but time.
    """
    return (
        Right("patient", _patient(ordered, patient, packed)),
        Right("drug", _scanned(packed, lambda p: p.medicine == ordered.medicine)),
        Right("dose", _scanned(packed, lambda p: p.line == ordered.line)),
        Right("route", _scanned(packed, lambda p: p.line == ordered.line)),
        Right("time", _time(ordered, packed, now, window)),
    )


def first_wrong(rights: Iterable[Right]) -> str:
    """The code of the first right that does not hold, "" where none is wrong."""
    return next((right.code for right in rights if right.state is State.WRONG), "")


def _patient(ordered: Ordered, patient: int | None, packed: Packed | None) -> State:
    if patient is not None and patient != ordered.patient:
        return State.WRONG
    if packed is not None and packed.patient != ordered.patient:
        return State.WRONG
    return State.UNSCANNED if patient is None else State.RIGHT


def _time(ordered: Ordered, packed: Packed | None, now: datetime, window: TimeWindow) -> State:
    if packed is not None and packed.line == ordered.line and packed.task not in (None, ordered.task):
        return State.WRONG
    return State.RIGHT if window.state(ordered.planned_at, now) == "due" else State.WRONG


def _scanned(packed: Packed | None, holds: Callable[[Packed], bool]) -> State:
    if packed is None:
        return State.UNSCANNED
    return State.RIGHT if holds(packed) else State.WRONG
