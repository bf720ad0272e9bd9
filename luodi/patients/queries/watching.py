"""Records whose readings are looked at, for those who set and end it; nobody is named."""

from datetime import datetime
from typing import NamedTuple

from luodi.trust import people

from .. import scrutiny
from ..models import Watch


class WatchCard(NamedTuple):
    pk: int
    patient: int
    kind: str
    staff_name: str
    at: datetime


def watch_of(patient: int) -> WatchCard | None:
    """The watch in force over a record."""
    found = _cards(list(Watch.objects.filter(patient=patient, live=True)))
    return found[0] if found else None


def watches() -> list[WatchCard]:
    """All that are in force, the latest first."""
    return _cards(list(Watch.objects.filter(live=True).order_by("-pk")))


def _cards(rows: list[Watch]) -> list[WatchCard]:
    names, kinds = people.names(row.staff_id for row in rows), scrutiny.kinds()
    return [
        WatchCard(row.pk, row.patient_id, kinds.get(row.kind, row.kind), names.get(row.staff_id, ""), row.at)
        for row in rows
    ]
