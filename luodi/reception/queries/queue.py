"""The queue of a unit in its stable order, and the call board that shows no full name."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from luodi.chart import queries as chart
from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import now, today

from .. import pace, policy
from ..models import Ticket, TicketEvent
from ..refusals import NoTicket
from .triage import latest_triages

ORDER = ("rank", "level_rank", "place_at", "pk")
State = Ticket.State
QUEUED = (State.CALLED, State.WAITING, State.MISSED)


class QueueRow(NamedTuple):
    """A ticket for staff. minutes: waited since check-in. limit: minutes it may wait.

    level None: not triaged, or no emergency.
    """

    ticket: int
    rev: int
    number: int
    patient: int
    name: str
    sex: str
    birth_date: Any
    encounter: int
    state: str
    priority: str
    priority_name: str
    level: int | None
    emergency: bool
    doctor: int | None
    doctor_name: str
    room: str
    calls: int
    checked_in_at: datetime
    called_at: datetime | None
    minutes: int
    limit: int


class BoardRow(NamedTuple):
    """A line of the public board: never a full name, nothing clinical."""

    number: int
    masked: str
    doctor_name: str
    room: str
    called_at: datetime | None


def tickets(unit: int, doctor: int | None = None) -> "QuerySet[Ticket]":
    """Tickets of a unit still in reach (a day in a clinic, policy hours in emergency), in the order of the queue."""
    card = people.unit(unit)
    rules = policy.of_unit(card.kind) if card else None
    if card is None or rules is None:
        return Ticket.objects.none()
    rows = Ticket.objects.filter(unit=unit, checked_in_at__gt=now() - timedelta(hours=rules.open_hours))
    if card.kind == "clinic":
        rows = rows.filter(registration__session__date=today())
    if doctor is not None:
        rows = rows.filter(Q(doctor=doctor) | Q(doctor=None))
    return rows.select_related("registration").order_by(*ORDER)


def queue(unit: int, doctor: int | None = None, states: tuple[str, ...] = QUEUED) -> list[QueueRow]:
    """Called, waiting and missed tickets of a unit, in the stable order (priority class, triage level, check-in).

    doctor: only this doctor's and those of nobody in particular.
    """
    return _rows(list(tickets(unit, doctor).filter(state__in=states)), unit)


def desk(unit: int, doctor: int) -> list[QueueRow]:
    """The doctor's desk: patients with a doctor whose encounter is still open, then the queue."""
    open_now = {card.id for card in chart.open_encounters(unit, opened=True) if card.doctor == doctor}
    serving = [row for row in queue(unit, doctor, (State.SERVING,)) if row.encounter in open_now]
    return serving + queue(unit, doctor)


def ticket(pk: int) -> QueueRow:
    """One ticket in whatever state. Raises NoTicket."""
    row = Ticket.objects.filter(pk=pk).select_related("registration").first()
    if row is None:
        raise NoTicket
    return _rows([row], row.unit_id)[0]


def expected_wait(unit: int, doctor: int | None, ahead: int) -> pace.Expected | None:
    """The wait of somebody with `ahead` before them, from today's pace; None where too few were taken in."""
    started = TicketEvent.objects.filter(
        event=TicketEvent.Event.STARTED, at__date=today(), at__lte=now(), ticket__unit=unit, staff__isnull=False
    )
    if doctor is not None:
        started = started.filter(ticket__doctor=doctor)
    last: dict[int, datetime] = {}
    gaps: list[float] = []
    for staff, at in started.order_by("at", "pk").values_list("staff", "at"):
        if staff in last:
            gaps.append((at - last[staff]).total_seconds() / 60)
        last[staff] = at
    at_work = sum(now() - at <= timedelta(minutes=pace.PAUSE) for at in last.values())
    return pace.expected(gaps, ahead, 1 if doctor is not None else at_work)


def waiting(unit: int, doctor: int | None = None) -> tuple[int, datetime | None]:
    """How many wait, and since when the one who waits longest."""
    since = list(tickets(unit, doctor).filter(state=State.WAITING).values_list("checked_in_at", flat=True))
    return len(since), min(since, default=None)


def _rows(rows: list[Ticket], unit: int) -> list[QueueRow]:
    card = people.unit(unit)
    rules = policy.of_unit(card.kind) if card else None
    emergency = bool(card and card.kind == "emergency")
    limit = rules.wait_minutes if rules else 0
    names = patients.cards(row.registration.patient_id for row in rows)
    doctors = people.names(row.doctor_id for row in rows if row.doctor_id)
    levels = latest_triages(row.registration.encounter_id for row in rows) if emergency else {}
    classes, scheme = policy.priorities(), policy.levels()
    return [
        _row(row, names[row.registration.patient_id], doctors, levels, classes, scheme, limit, emergency)
        for row in rows
    ]


def _row(
    row: Ticket,
    who: Any,
    doctors: dict[int, str],
    levels: dict[int, int],
    classes: Any,
    scheme: Any,
    limit: int,
    emergency: bool,
) -> QueueRow:
    level = levels.get(row.registration.encounter_id)
    return QueueRow(
        ticket=row.pk,
        rev=row.rev,
        number=row.registration.number,
        patient=who.id,
        name=who.name,
        sex=who.sex,
        birth_date=who.birth_date,
        encounter=row.registration.encounter_id,
        state=row.state,
        priority=row.priority,
        priority_name=classes[row.priority].name if row.priority in classes else row.priority,
        level=level,
        emergency=emergency,
        doctor=row.doctor_id,
        doctor_name=doctors.get(row.doctor_id or 0, ""),
        room=row.room,
        calls=row.calls,
        checked_in_at=row.checked_in_at,
        called_at=row.called_at,
        minutes=max(0, int((now() - row.checked_in_at) / timedelta(minutes=1))),
        limit=scheme[level].respond if level else limit,
    )
