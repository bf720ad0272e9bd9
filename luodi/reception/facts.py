"""Plain rows for measures, as of a ledger head: the same head and window, the same rows, whatever happened since.

window: anything with `start` (included) and `end` (excluded), aware datetimes.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from .models import Appointment, Cancellation, Registration, TicketEvent, Triage


class Registered(NamedTuple):
    encounter: int
    visit_class: str
    unit: int
    doctor: int | None
    date: date
    at: datetime


class Appointed(NamedTuple):
    appointment: int
    unit: int
    channel: str
    at: datetime


class Cancelled(NamedTuple):
    encounter: int
    reason: str
    at: datetime


class Called(NamedTuple):
    encounter: int
    unit: int
    checked_in_at: datetime
    called_at: datetime  # the first call


class Triaged(NamedTuple):
    encounter: int
    version: int
    level: int
    suggested: int | None
    at: datetime


def registrations(head: int, window: Any) -> list[Registered]:
    """Registrations in the window, cancelled ones too."""
    rows = Registration.objects.as_of(head).filter(at__gte=window.start, at__lt=window.end)
    columns = ("encounter", "visit_class", "session__unit", "session__doctor", "session__date", "at")
    return [Registered(*row) for row in rows.order_by("pk").values_list(*columns)]


def appointments(head: int, window: Any) -> list[Appointed]:
    """Appointments made in the window, whatever became of them."""
    rows = Appointment.objects.as_of(head).filter(at__gte=window.start, at__lt=window.end)
    return [Appointed(*row) for row in rows.order_by("pk").values_list("pk", "session__unit", "channel", "at")]


def cancellations(head: int, window: Any) -> list[Cancelled]:
    """Cancellations of registrations made in the window, whenever they were cancelled."""
    rows = Cancellation.objects.as_of(head).filter(registration__at__gte=window.start, registration__at__lt=window.end)
    columns = ("registration__encounter", "reason", "at")
    return [Cancelled(*row) for row in rows.order_by("pk").values_list(*columns)]


def first_calls(head: int, window: Any) -> list[Called]:
    """The first call of each ticket checked in in the window."""
    rows = TicketEvent.objects.as_of(head).filter(
        event=TicketEvent.Event.CALLED,
        ticket__checked_in_at__gte=window.start,
        ticket__checked_in_at__lt=window.end,
    )
    columns = ("ticket__registration__encounter", "ticket__unit", "ticket__checked_in_at", "at")
    first: dict[int, Called] = {}
    for row in rows.order_by("ticket", "seq").values_list(*columns):
        first.setdefault(row[0], Called(*row))
    return list(first.values())


def triages(head: int, window: Any) -> list[Triaged]:
    """Assessments in the window, every version."""
    rows = Triage.objects.as_of(head).filter(at__gte=window.start, at__lt=window.end)
    return [
        Triaged(*row) for row in rows.order_by("pk").values_list("encounter", "version", "level", "suggested", "at")
    ]
