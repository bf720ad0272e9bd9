"""Plain rows for measures, as of a ledger head."""

from datetime import datetime
from typing import Any, NamedTuple

from .models import Answer, Survey


class Rated(NamedTuple):
    """A survey's answer to one question, 1 to 5, with the class in which the visit began."""

    encounter: int
    visit_class: str
    question: str
    value: int
    at: datetime


class Recommended(NamedTuple):
    """0 to 10."""

    encounter: int
    visit_class: str
    nps: int
    at: datetime


def ratings(head: int, window: Any) -> list[Rated]:
    """Answers given in the window."""
    rows = Answer.objects.as_of(head).filter(survey__at__gte=window.start, survey__at__lt=window.end)
    columns = ("survey__encounter", "survey__encounter__visit_class", "question", "value", "survey__at")
    return [Rated(*row) for row in rows.order_by("pk").values_list(*columns)]


def recommendations(head: int, window: Any) -> list[Recommended]:
    """Answers to whether one would recommend the hospital, given in the window."""
    rows = Survey.objects.as_of(head).filter(at__gte=window.start, at__lt=window.end, nps__isnull=False)
    columns = ("encounter", "encounter__visit_class", "nps", "at")
    return [Recommended(*row) for row in rows.order_by("pk").values_list(*columns)]
