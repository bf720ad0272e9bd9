"""The queue of a unit in its stable order, and the call board that shows no full name."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, Q, QuerySet
from django.db.models.functions import Coalesce

from luodi.chart import queries as chart
from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import now, today

from .. import pace, policy
from ..models import Ticket, TicketEvent
from ..order import ORDER
from ..refusals import NoTicket
from .mass import without_breath
from .triage import latest_triages

State = Ticket.State
QUEUED = (State.CALLED, State.WAITING, State.MISSED)
SEEN = (State.SERVING, State.DONE)


class QueueRow(NamedTuple):
    """A ticket for staff. minutes: waited since check-in or the last coming back. limit: minutes it may wait.

    level None: not triaged, or no emergency; black: by colour, in a mass casualty event. why, behind, place_at: see
    `order.Place`. returns: how often back with results. moved_from: the doctor who sent the patient here, else "".
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
    black: bool
    emergency: bool
    doctor: int | None
    doctor_name: str
    room: str
    calls: int
    checked_in_at: datetime
    called_at: datetime | None
    minutes: int
    limit: int
    rank: int
    why: str
    behind: int
    place_at: datetime
    since: datetime
    returns: int
    session: int
    moved_from: str


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
    return rows.select_related("registration", "moved_from").order_by(*ORDER)


def queue(unit: int, doctor: int | None = None, states: tuple[str, ...] = QUEUED) -> list[QueueRow]:
    """Called, waiting and missed tickets of a unit, in the stable order (priority class, triage level, check-in).

    doctor: only this doctor's and those of nobody in particular.
    """
    return _rows(list(tickets(unit, doctor).filter(state__in=states)), unit)


def desk(unit: int, doctor: int) -> list[QueueRow]:
    """The doctor's desk: patients with a doctor whose encounter is still open, then the queue."""
    open_now = {card.id: card.doctor for card in chart.open_encounters(unit, opened=True)}
    serving = [
        row
        for row in queue(unit, doctor, (State.SERVING,))
        # who came back with results may have been taken on by another than the one who opened the encounter
        if row.encounter in open_now and (row.doctor if row.returns else open_now[row.encounter]) == doctor
    ]
    return serving + queue(unit, doctor)


def seen(unit: int, doctor: int | None = None) -> list[QueueRow]:
    """Patients whom a doctor has seen and whose visit is open: they may come back with results. The latest first."""
    open_now = {card.id for card in chart.open_encounters(unit, opened=True)}
    rows = [row for row in tickets(unit, doctor).filter(state__in=SEEN) if row.registration.encounter_id in open_now]
    return _rows(sorted(rows, key=lambda row: (row.called_at or row.checked_in_at, row.pk), reverse=True), unit)


def in_session(session: int) -> list[QueueRow]:
    """Who waits in a session or was missed there, in the order of the queue, those who were transferred to it too."""
    here = Q(moved_to=session) | Q(moved_to=None, registration__session=session)
    rows = list(
        Ticket.objects.filter(here, state__in=(State.WAITING, State.MISSED))
        .select_related("registration", "moved_from")
        .order_by(*ORDER)
    )
    return _rows(rows, rows[0].unit_id) if rows else []


def moved_from(session: int) -> list[QueueRow]:
    """Who was sent from a session to another, where they wait now or were seen."""
    rows = Ticket.objects.filter(moved_from=session)
    found = list(rows.exclude(state=State.CANCELLED).select_related("registration", "moved_from").order_by(*ORDER))
    return _rows(found, found[0].unit_id) if found else []


def waiting_in(sessions: Iterable[int]) -> dict[int, int]:
    """How many wait in each of these sessions; one where nobody waits is left out."""
    found = Ticket.objects.filter(state=State.WAITING).annotate(
        here=Coalesce("moved_to", "registration__session", output_field=BigIntegerField())
    )
    rows = found.filter(here__in=set(sessions)).order_by().values("here").annotate(n=Count("pk"))
    return dict(rows.values_list("here", "n"))


def ticket(pk: int) -> QueueRow:
    """One ticket in whatever state. Raises NoTicket."""
    row = Ticket.objects.filter(pk=pk).select_related("registration", "moved_from").first()
    if row is None:
        raise NoTicket
    return _rows([row], row.unit_id)[0]


def ahead_of(ticket: int) -> tuple[int, int | None]:
    """How many wait before a ticket in its queue, and of which doctor that is. Raises NoTicket."""
    row = Ticket.objects.filter(pk=ticket).first()
    if row is None:
        raise NoTicket
    order = list(tickets(row.unit_id, row.doctor_id).filter(state=State.WAITING).values_list("pk", flat=True))
    return (order.index(row.pk) if row.pk in order else 0), row.doctor_id


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
    since = [row.since for row in tickets(unit, doctor).filter(state=State.WAITING)]
    return len(since), min(since, default=None)


class _Unit(NamedTuple):
    """What the rows of one unit have in common."""

    doctors: dict[int, str]
    levels: dict[int, int]
    black: set[int]
    classes: dict[str, policy.Priority]
    scheme: dict[int, policy.Level]
    limit: int
    emergency: bool


def _rows(rows: list[Ticket], unit: int) -> list[QueueRow]:
    card = people.unit(unit)
    rules = policy.of_unit(card.kind) if card else None
    emergency = bool(card and card.kind == "emergency")
    encounters = [row.registration.encounter_id for row in rows] if emergency else []
    doctors = [row.doctor_id for row in rows] + [row.moved_from.doctor_id for row in rows if row.moved_from]
    names = patients.cards(row.registration.patient_id for row in rows)
    shared = _Unit(
        people.names(pk for pk in doctors if pk), latest_triages(encounters), without_breath(encounters),
        policy.priorities(), policy.levels(), rules.wait_minutes if rules else 0, emergency,
    )  # fmt: skip
    return [_row(row, names[row.registration.patient_id], shared) for row in rows]


def _row(row: Ticket, who: Any, of: _Unit) -> QueueRow:
    level = of.levels.get(row.registration.encounter_id)
    return QueueRow(
        ticket=row.pk,
        rev=row.rev,
        number=row.number,
        patient=who.id,
        name=who.name,
        sex=who.sex,
        birth_date=who.birth_date,
        encounter=row.registration.encounter_id,
        state=row.state,
        priority=row.priority,
        priority_name=of.classes[row.priority].name if row.priority in of.classes else row.priority,
        level=level,
        black=row.registration.encounter_id in of.black,
        emergency=of.emergency,
        doctor=row.doctor_id,
        doctor_name=of.doctors.get(row.doctor_id or 0, ""),
        room=row.room,
        calls=row.calls,
        checked_in_at=row.checked_in_at,
        called_at=row.called_at,
        minutes=max(0, int((now() - row.since) / timedelta(minutes=1))),
        limit=of.scheme[level].respond if level else of.limit,
        rank=row.rank,
        why=row.place_why,
        behind=row.place_behind,
        place_at=row.place_at,
        since=row.since,
        returns=row.returns,
        session=row.session,
        moved_from=of.doctors.get(row.moved_from.doctor_id or 0, "") if row.moved_from else "",
    )
