"""时限: how long a review, an answer, or the fetching of what lies ready may take: `data/review_limits.csv`."""

import csv
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from luodi.trust.clock import HOSPITAL_ZONE

_FILE = Path(__file__).parent / "data" / "review_limits.csv"
REVIEW, REPLY, COLLECT = "review", "reply", "collect"


class Limit(NamedTuple):
    """`minutes` for one kind of waiting from `effective_from` on, up to and without `effective_to`."""

    what: str
    visit_class: str
    urgent: bool
    minutes: int
    effective_from: date
    effective_to: date | None


@cache
def limits() -> tuple[Limit, ...]:
    """Every row of the file."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Limit(
                row["what"], row["visit_class"], row["urgent"] == "yes", int(row["minutes"]),
                date.fromisoformat(row["effective_from"]),
                date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            )
            for row in csv.DictReader(lines)
        )  # fmt: skip


def due(what: str, visit_class: str, since: datetime, *, urgent: bool = False) -> datetime | None:
    """When it is due that began at `since`; None where the hospital has set no limit for it.

    An urgent one has the shortest of its limits: a row for urgent ones, and the ordinary row.
    """
    on = since.astimezone(HOSPITAL_ZONE).date()
    held = [
        row.minutes
        for row in limits()
        if (row.what, row.visit_class) == (what, visit_class)
        and (urgent or not row.urgent)
        and row.effective_from <= on
        and (row.effective_to is None or on < row.effective_to)
    ]
    return since + timedelta(minutes=min(held)) if held else None
