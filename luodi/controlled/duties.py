"""Which duties a controlled drug carries on a day: rows of `data/duties.csv`, dated by `since`."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from luodi.terms import queries as terms
from luodi.trust.clock import today

_FLAGS = ("two_persons", "ledger", "empties", "reconcile", "missed_blocks")
_NUMBERS = ("grace_hour", "empties_hours", "patch_hours")
_FILE = Path(__file__).parent / "data" / "duties.csv"


class Duties(NamedTuple):
    """`two_persons` and `ledger` for every movement, `empties` of injections and patches, `reconcile` every day.

    missed_blocks: a day that moved and was not reconciled by `grace_hour` (local) of the next stops the issue.
    empties_hours, patch_hours: after how many hours an empty ampoule, a used patch is overdue.
    """

    control: str
    since: date
    two_persons: bool
    ledger: bool
    empties: bool
    reconcile: bool
    missed_blocks: bool
    grace_hour: int
    empties_hours: int
    patch_hours: int
    source: str


@cache
def rows() -> tuple[Duties, ...]:
    """All rows, the newest of a class last."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        read = [_read(row) for row in csv.DictReader(file)]
    return tuple(sorted(read, key=lambda row: row.since))


def _read(row: dict[str, str]) -> Duties:
    told: dict[str, Any] = {
        "control": row["control"],
        "since": date.fromisoformat(row["since"]),
        "source": row["source"],
    }
    told |= {name: row[name] == "1" for name in _FLAGS} | {name: int(row[name]) for name in _NUMBERS}
    return Duties(**told)


def of_class(control: str, on: date) -> Duties | None:
    """The duties of a class in force on a day; None for a class without any."""
    return next((row for row in reversed(rows()) if row.control == control and row.since <= on), None)


def of(medicine: str, on: date | None = None) -> Duties | None:
    """The duties of a medicine (its code), None where it is no controlled one."""
    card = terms.medicine(medicine)
    return of_class(card.control, on or today()) if card and card.control else None


def kept(medicine: str) -> bool:
    """Whether a medicine has an account book."""
    found = of(medicine)
    return found is not None and found.ledger


def returned_as(medicine: str) -> str:
    """What comes back of a used unit: "ampoule" of an injection, "patch" of a patch, "" of anything else."""
    found, card = of(medicine), terms.medicine(medicine)
    if found is None or card is None or not found.empties:
        return ""
    if "贴" in card.form:
        return "patch"
    return "ampoule" if card.form_class == "injection" else ""
