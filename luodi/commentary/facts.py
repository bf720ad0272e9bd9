"""Rows for measures, as they stood at a ledger head."""

from datetime import datetime
from typing import Any, NamedTuple

from luodi.commentary.judged import load
from luodi.commentary.models import Case
from luodi.commentary.tables import REASONABLE


class JudgedFact(NamedTuple):
    """A drawn case with its verdict by that head; `dated`: signed or discharged."""

    case: int
    kind: str
    visit_class: str
    reasonable: bool
    dated: datetime


def judged(head: int, window: Any) -> list[JudgedFact]:
    """Cases with a verdict whose prescription or record is of the window."""
    rows = Case.objects.as_of(head).filter(dated__gte=window.start, dated__lt=window.end)
    found = load(rows.select_related("sample").order_by("pk"), head)
    return [
        JudgedFact(one.case.pk, one.case.sample.kind, one.case.visit_class, one.verdict == REASONABLE, one.case.dated)
        for one in found
        if one.verdict
    ]
