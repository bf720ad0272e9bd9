"""Sessions with their free slots, and registrations."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q

from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import today

from .. import policy
from ..models import Registration, Session
from ..refusals import NoRegistration, NoSession

PARTS = {part: place for place, part in enumerate(("am", "pm", "night", "day"))}


class SessionCard(NamedTuple):
    """A session as it is offered. capacity, free None: without limit; doctor None: the unit as a whole."""

    pk: int
    unit: int
    unit_name: str
    doctor: int | None
    doctor_name: str
    title: str
    date: date
    part: str
    room: str
    capacity: int | None
    taken: int
    free: int | None
    stopped: bool
    stop_reason: str


class RegistrationCard(NamedTuple):
    """A registration with the patient's name as staff see it; number, doctor and room: where the patient waits now."""

    pk: int
    patient: int
    name: str
    session: int
    encounter: int
    ticket: int
    state: str
    visit_class: str
    unit: int
    unit_name: str
    doctor_name: str
    number: int
    room: str
    at: datetime
    cancelled: str


def sessions(on: date | None = None, *, until: date | None = None, unit: int | None = None) -> list[SessionCard]:
    """Sessions of a day (today), or from it until another one, by unit, part and doctor."""
    first = on or today()
    rows = Session.objects.filter(date__gte=first, date__lte=until or first).select_related("stop")
    if unit is not None:
        rows = rows.filter(unit=unit)
    cards = _cards(rows)
    return sorted(cards, key=lambda card: (card.date, card.unit_name, PARTS[card.part], card.doctor_name))


def session(pk: int) -> SessionCard:
    """One session. Raises NoSession."""
    found = _cards(Session.objects.filter(pk=pk).select_related("stop"))
    if not found:
        raise NoSession
    return found[0]


def registration(pk: int) -> RegistrationCard:
    """One registration. Raises NoRegistration."""
    found = _registrations(Registration.objects.filter(pk=pk))
    if not found:
        raise NoRegistration
    return found[0]


def registrations_of(patient: int, on: date | None = None, *, account: int = 0) -> list[RegistrationCard]:
    """The person's registrations of a day (today), the latest first; of an account: from appointments it made."""
    rows = Registration.objects.filter(patient__in=patients.person(patient), session__date=on or today())
    if account:
        rows = rows.filter(Q(appointment__entry__account=account) | Q(appointment__wait__entry__account=account))
    return _registrations(rows)


def today_of(staff: int, limit: int = 10) -> list[RegistrationCard]:
    """What one clerk registered today, the latest first."""
    rows = Registration.objects.filter(session__date=today(), entry__staff=staff)
    return _registrations(rows, limit)


def _registrations(rows: Any, limit: int = 50) -> list[RegistrationCard]:
    found = list(rows.select_related("session", "ticket", "cancellation").order_by("-pk")[:limit])
    names = patients.cards(row.patient_id for row in found)
    units = people.unit_names(row.session.unit_id for row in found)
    doctors = people.names(row.ticket.doctor_id for row in found if row.ticket.doctor_id)
    return [
        RegistrationCard(
            pk=row.pk,
            patient=row.patient_id,
            name=names[row.patient_id].name,
            session=row.session_id,
            encounter=row.encounter_id,
            ticket=row.ticket.pk,
            state=row.ticket.state,
            visit_class=row.visit_class,
            unit=row.session.unit_id,
            unit_name=units.get(row.session.unit_id, ""),
            doctor_name=doctors.get(row.ticket.doctor_id or 0, ""),
            number=row.ticket.moved_number or row.number,
            room=row.ticket.room,
            at=row.at,
            cancelled=_reason(row),
        )
        for row in found
    ]


def _reason(row: Registration) -> str:
    cancelled = getattr(row, "cancellation", None)
    reason = policy.cancel_reasons().get(cancelled.reason) if cancelled else None
    return reason.name if reason else ""


def _cards(rows: Iterable[Session]) -> list[SessionCard]:
    found = list(rows)
    units = people.unit_names(row.unit_id for row in found)
    doctors = people.names(row.doctor_id for row in found if row.doctor_id)
    titles = {doctor: people.title(doctor) for doctor in doctors}
    return [
        SessionCard(
            pk=row.pk,
            unit=row.unit_id,
            unit_name=units.get(row.unit_id, ""),
            doctor=row.doctor_id,
            doctor_name=doctors.get(row.doctor_id or 0, ""),
            title=titles.get(row.doctor_id or 0, ""),
            date=row.date,
            part=row.part,
            room=row.room,
            capacity=row.capacity,
            taken=row.taken,
            free=None if row.capacity is None else row.capacity - row.taken,
            stopped=hasattr(row, "stop"),
            stop_reason=row.stop.reason if hasattr(row, "stop") else "",
        )
        for row in found
    ]
