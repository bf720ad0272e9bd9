"""Prescription numbers: day, series, and a count in the series of that day.

A doctor has a series of their own, so that two doctors never wait for one counter; each controlled kind has one for the
whole hospital, numbered day by day (处方管理办法 art. 39).
"""

from datetime import date

from django.db.models import F

from luodi.orders.models import DayNumber
from luodi.trust.question import DAY, TEXT, Change, Question

_NEXT = Change(
    lambda day, series: (DayNumber.objects.filter(day=day, series=series), {"last": F("last") + 1}), DAY, TEXT
)
_LAST = Question(
    lambda day, series: DayNumber.objects.filter(day=day, series=series).values_list("last", flat=True), DAY, TEXT
)
CONTROLLED_SERIES = {"narcotic": "N", "psych1": "J1", "psych2": "J2"}


def next_number(day: date, kind: str, staff: int) -> str:
    """The next number of the series, e.g. 261123-42-003 or 261123-N-0001. Inside a write transaction only."""
    series = CONTROLLED_SERIES.get(kind, str(staff))
    if not _NEXT.make(day, series):
        DayNumber.objects.bulk_create([DayNumber(day=day, series=series)], ignore_conflicts=True)
        _NEXT.make(day, series)
    count = _LAST.first(day, series)
    width = 4 if kind in CONTROLLED_SERIES else 3
    return f"{day:%y%m%d}-{series}-{count:0{width}d}"
