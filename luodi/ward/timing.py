"""When a planned dose may be given, from `data/windows.csv` (source: `data/SOURCE.md`)."""

import csv
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).parent / "data" / "windows.csv"


class TimeWindow(NamedTuple):
    """How early and how late a dose of this class may be given."""

    code: str
    frequencies: frozenset[str]
    atc: tuple[str, ...]
    early: timedelta
    late: timedelta

    def fits(self, frequency: str, atc: str) -> bool:
        if "*" in self.frequencies or frequency in self.frequencies:
            return True
        return bool(self.atc) and atc.startswith(self.atc)

    def opens(self, planned_at: datetime) -> datetime:
        return planned_at - self.early

    def closes(self, planned_at: datetime) -> datetime:
        return planned_at + self.late

    def state(self, planned_at: datetime, now: datetime) -> str:
        """The word "later" before the window, "due" inside it (both ends included), "overdue" after it."""
        if now < self.opens(planned_at):
            return "later"
        return "due" if now <= self.closes(planned_at) else "overdue"


@cache
def windows() -> tuple[TimeWindow, ...]:
    """Every class, the most particular first; the last one fits any dose."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_window(row) for row in csv.DictReader(lines))


def window(frequency: str, atc: str = "") -> TimeWindow:
    """The class of a dose by its frequency code and ATC code."""
    return next(found for found in windows() if found.fits(frequency, atc))


def _window(row: dict[str, str]) -> TimeWindow:
    return TimeWindow(
        row["code"],
        frozenset(row["frequencies"].split()),
        tuple(row["atc"].split()),
        timedelta(minutes=int(row["early_min"])),
        timedelta(minutes=int(row["late_min"])),
    )
