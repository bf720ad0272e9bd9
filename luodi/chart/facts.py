"""Plain rows for measures, as of a ledger head: the same head and window, the same rows, whatever happened since.

window: anything with `start` (included) and `end` (excluded), aware datetimes.
"""

from datetime import datetime
from typing import Any, NamedTuple

from .models import ClassChange, Closing, Encounter, Opening


class Arrived(NamedTuple):
    encounter: int
    visit_class: str  # at arrival
    unit: int
    registered_at: datetime


class Opened(NamedTuple):
    encounter: int
    visit_class: str  # at arrival
    unit: int
    registered_at: datetime
    opened_at: datetime
    doctor: int


class Changed(NamedTuple):
    encounter: int
    visit_class: str
    unit: int
    at: datetime


class Closed(NamedTuple):
    encounter: int
    disposition: str
    at: datetime


def arrivals(head: int, window: Any) -> list[Arrived]:
    """Encounters registered in the window."""
    rows = Encounter.objects.as_of(head).filter(registered_at__gte=window.start, registered_at__lt=window.end)
    return [Arrived(*row) for row in rows.order_by("pk").values_list("pk", "visit_class", "unit", "registered_at")]


def openings(head: int, window: Any) -> list[Opened]:
    """Openings of encounters registered in the window, whenever they were opened."""
    rows = Opening.objects.as_of(head).filter(
        encounter__registered_at__gte=window.start, encounter__registered_at__lt=window.end
    )
    columns = ("encounter", "encounter__visit_class", "encounter__unit", "encounter__registered_at", "at", "doctor")
    return [Opened(*row) for row in rows.order_by("pk").values_list(*columns)]


def changes(head: int, window: Any) -> list[Changed]:
    """Changes of class or unit in the window."""
    rows = ClassChange.objects.as_of(head).filter(at__gte=window.start, at__lt=window.end)
    return [Changed(*row) for row in rows.order_by("pk").values_list("encounter", "visit_class", "unit", "at")]


def closings(head: int, window: Any) -> list[Closed]:
    """Encounters closed in the window."""
    rows = Closing.objects.as_of(head).filter(at__gte=window.start, at__lt=window.end)
    return [Closed(*row) for row in rows.order_by("pk").values_list("encounter", "disposition", "at")]


class Discharged(NamedTuple):
    encounter: int
    patient: int
    visit_class: str  # as it was when it ended
    unit: int
    at: datetime


def discharges(head: int, window: Any, visit_class: str) -> list[Discharged]:
    """Encounters of a class that were closed in the window, by number of their row."""
    rows = Closing.objects.as_of(head).filter(at__gte=window.start, at__lt=window.end)
    # the last change stands
    moved = {change.encounter: change for change in _moves(head, rows.values("encounter"))}
    columns = ("encounter", "encounter__patient", "encounter__visit_class", "encounter__unit", "at")
    found = []
    for encounter, patient, arrived, unit, at in rows.order_by("encounter").values_list(*columns):
        last = moved.get(encounter)
        stands, where = (last.visit_class, last.unit) if last else (arrived, unit)
        if stands == visit_class:
            found.append(Discharged(encounter, patient, stands, where, at))
    return found


def _moves(head: int, encounters: Any) -> list[Changed]:
    rows = ClassChange.objects.as_of(head).filter(encounter__in=encounters).order_by("pk")
    return [Changed(*row) for row in rows.values_list("encounter", "visit_class", "unit", "at")]
