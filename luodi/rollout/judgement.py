"""How a reading becomes a verdict. The same code judges live, when weighing, and when replaying."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from luodi.insight import queries as insight
from luodi.insight.measure import Reading, Window

from .models import Bound, Criterion, Gate, Verdict


class Judged(NamedTuple):
    """One criterion's reading and verdict."""

    criterion: int
    value: Decimal | None
    top: Decimal
    bottom: int
    window: Window
    measure_version: int
    verdict: str


def judge(criterion: Criterion, reading: Reading) -> Judged:
    """Hold a reading against its criterion. Fewer than `minimum` cases, or none, is NO_DATA whatever the value says."""
    value, top, bottom = _figures(criterion, reading)
    verdict = _verdict(criterion, value, bottom)
    return Judged(criterion.pk, value, top, bottom, reading.window, reading.version, verdict)


def judge_all(gate: Gate, at: datetime, head: int) -> tuple[Judged, ...]:
    """Judge every criterion of a gate for windows ending at `at`, as of `head`, in one state of the database."""
    criteria = list(gate.criteria.all())
    readings = insight.read_all([(c.measure, Window.last(c.window_days, at)) for c in criteria], head)
    return tuple(judge(criterion, reading) for criterion, reading in zip(criteria, readings, strict=True))


def overall(verdicts: Iterable[str]) -> str:
    """A gate fails if any criterion fails; without a failure it lacks data if any does; else it passes."""
    found = set(verdicts)
    if Verdict.FAIL in found:
        return Verdict.FAIL
    return Verdict.PASS if found == {Verdict.PASS} else Verdict.NO_DATA


def _figures(criterion: Criterion, reading: Reading) -> tuple[Decimal | None, Decimal, int]:
    if not criterion.part:
        return reading.value, reading.top, reading.bottom
    for part in reading.parts:
        if part.code == criterion.part:
            return part.value, part.top, part.bottom
    return None, Decimal(0), 0


def _verdict(criterion: Criterion, value: Decimal | None, bottom: int) -> str:
    if value is None or bottom < criterion.minimum:
        return Verdict.NO_DATA
    met = value >= criterion.target if criterion.bound == Bound.AT_LEAST else value <= criterion.target
    return Verdict.PASS if met else Verdict.FAIL
