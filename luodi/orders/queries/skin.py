"""Skin tests that came out positive, as prescribers wrote them."""

from datetime import datetime
from typing import NamedTuple

from luodi.orders.models import Line


class Positive(NamedTuple):
    """A line of a prescription with a positive skin test."""

    line: int
    patient: int
    medicine: str
    at: datetime


def positive_skin_tests(since: datetime) -> list[Positive]:
    """Lines written since a moment, by time; of dropped versions too: the test was positive."""
    rows = Line.objects.filter(skin_test="positive", prescription__drafted_at__gte=since).order_by("pk")
    return [
        Positive(*row)
        for row in rows.values_list("pk", "prescription__patient", "medicine", "prescription__drafted_at")
    ]
