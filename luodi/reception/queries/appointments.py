"""Appointments as people see them, and what the clock has to do about them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q

from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import now, today

from .. import appointing, booking, policy, roster
from ..models import Appointment, Lift, Quota, Session, Template, Wait
from ..refusals import NoAppointment

State = Appointment.State


class AppointmentCard(NamedTuple):
    """An appointment with the patient's name as staff see it."""

    pk: int
    patient: int
    name: str
    session: int
    unit: int
    unit_name: str
    doctor: int | None
    doctor_name: str
    room: str
    date: date
    part: str
    seq: int
    channel: str
    state: str
    rev: int
    starts: datetime
    ends: datetime
    held_until: datetime | None

    @property
    def open(self) -> bool:
        """Still to come: it can be cancelled, or checked in on its day."""
        return self.state in (State.HELD, State.BOOKED)

    @property
    def today(self) -> bool:
        return self.date == today()


class WaitCard(NamedTuple):
    """A place on the list of a session; `place` counts from 1."""

    pk: int
    patient: int
    session: int
    unit_name: str
    doctor_name: str
    date: date
    part: str
    place: int
    at: datetime


class TemplateCard(NamedTuple):
    """A weekly session as it is planned; `valid_to` None: without end."""

    pk: int
    unit_name: str
    doctor_name: str
    weekday: int
    part: str
    room: str
    capacity: int
    reserved: dict[str, int]
    valid_from: date
    valid_to: date | None


def appointment(pk: int, *, account: int = 0) -> AppointmentCard:
    """One appointment; of an account: one that it made. Raises NoAppointment."""
    rows = Appointment.objects.filter(pk=pk)
    found = _cards(rows.filter(appointing.made_by(account)) if account else rows)
    if not found:
        raise NoAppointment
    return found[0]


def made(pk: int, account: int) -> bool:
    """Whether an account made this appointment, or asked for it on a list."""
    return Appointment.objects.filter(appointing.made_by(account), pk=pk).exists()


def appointments_of(patient: int, *, account: int = 0) -> list[AppointmentCard]:
    """The person's appointments from today on, by time; of an account: those that it made."""
    rows = Appointment.objects.filter(patient__in=patients.person(patient), session__date__gte=today())
    rows = rows.filter(appointing.made_by(account)) if account else rows
    return _cards(rows.exclude(state__in=(State.CANCELLED, State.LAPSED)).order_by("starts"))


def appointments_on(day: date) -> list[AppointmentCard]:
    """Everybody booked for a day, by segment."""
    rows = Appointment.objects.filter(session__date=day).exclude(state__in=(State.CANCELLED, State.LAPSED))
    return _cards(rows.order_by("starts", "seq"))


def stopped_without_another(limit: int = 200) -> list[AppointmentCard]:
    """Patients of stopped sessions from today on who have no other appointment in the same unit: to be called."""
    rows = Appointment.objects.filter(state=State.STOPPED, session__date__gte=today()).order_by("starts", "seq")
    cards = _cards(rows[:limit])
    records = patients.persons(card.patient for card in cards)
    again = set(
        Appointment.objects.filter(
            patient__in={record for held in records.values() for record in held},
            state__in=(State.HELD, State.BOOKED, State.ARRIVED),
        ).values_list("patient", "session__unit")
    )
    return [card for card in cards if not any((record, card.unit) in again for record in records[card.patient])]


def to_tell() -> int:
    """How many patients are to be told: of stopped sessions, and those a slot is held for."""
    return len(stopped_without_another()) + len(offered())


def bookable(unit: int | None = None, session: int | None = None) -> list[Session]:
    """Sessions whose slots are released and not of today, of a unit or one alone; stopped ones are left out."""
    rows = _released()
    rows = rows.filter(unit=unit) if unit else rows
    rows = rows.filter(pk=session) if session else rows
    return list(rows)


def bookable_units() -> list[int]:
    """Units that have such sessions."""
    return list(_released().order_by("unit").values_list("unit", flat=True).distinct())


def _released() -> Any:
    first, last = today() + timedelta(days=1), today() + timedelta(days=policy.booking().ahead_days)
    moment = now()
    days = [first + timedelta(days=turn) for turn in range((last - first).days + 1)]
    open_days = [day for day in days if booking.released_at(day) <= moment]
    return Session.objects.filter(date__in=open_days, capacity__isnull=False, stop=None)


def free_for(sessions: Iterable[int], channel: str) -> dict[int, int]:
    """Slots that a channel may still book, by session: its own and everybody's, where slots are kept apart."""
    free: dict[int, int] = {}
    for quota in Quota.objects.filter(session__in=list(sessions), channel__in=(channel, "")):
        free[quota.session_id] = free.get(quota.session_id, 0) + quota.most - quota.taken
    return free


def free(session: Session, channel: str = booking.ON_THE_DAY) -> int:
    """Slots that a channel may book in one session now."""
    of_channel = free_for([session.pk], channel)
    return of_channel.get(session.pk, (session.capacity or 0) - session.taken)


def waiting_for(session: int) -> int:
    """How many wait for a slot of a session."""
    return Wait.objects.filter(session=session, state=Wait.State.WAITING).count()


def waits() -> dict[int, int]:
    """How many wait, by session of the coming days."""
    rows = Wait.objects.filter(state=Wait.State.WAITING, session__date__gt=today())
    return dict(rows.order_by().values_list("session").annotate(waiting=Count("pk")))


def waits_of(patient: int, *, account: int = 0) -> list[WaitCard]:
    """Where the person waits, with the place in the list from 1; of an account: where it asked."""
    rows = Wait.objects.filter(patient__in=patients.person(patient))
    return _waits(rows.filter(entry__account=account) if account else rows)


def offered() -> list[AppointmentCard]:
    """Slots held for patients of the lists: each is to be told and confirmed before the hold lapses."""
    return _cards(Appointment.objects.filter(state=State.HELD, wait__isnull=False).order_by("held_until", "pk"))


def to_offer(limit: int) -> list[int]:
    """The first of each list whose session has a slot free."""
    rows = Wait.objects.filter(state=Wait.State.WAITING, session__date__gt=today(), session__stop=None)
    first: dict[int, Wait] = {}
    for row in rows.select_related("session").order_by("session", "at", "pk"):
        first.setdefault(row.session_id, row)
    return [row.pk for row in first.values() if free(row.session) > 0][:limit]


def _waits(rows: Any) -> list[WaitCard]:
    found = list(rows.filter(state=Wait.State.WAITING, session__date__gt=today()).select_related("session"))
    units = people.unit_names(row.session.unit_id for row in found)
    doctors = people.names(row.session.doctor_id for row in found if row.session.doctor_id)
    return [
        WaitCard(
            row.pk, row.patient_id, row.session_id, units.get(row.session.unit_id, ""),
            doctors.get(row.session.doctor_id or 0, ""), row.session.date, row.session.part, _place(row), row.at,
        )
        for row in found
    ]  # fmt: skip


def _place(row: Wait) -> int:
    ahead = Wait.objects.filter(session=row.session_id, state=Wait.State.WAITING)
    return ahead.filter(Q(at__lt=row.at) | Q(at=row.at, pk__lte=row.pk)).count()


def ban_of(patient: int) -> datetime | None:
    """Until when a person may not book ahead; None for who may."""
    mine = patients.person(patient)
    missed = Appointment.objects.filter(patient__in=mine, state=State.MISSED).values_list("ends", flat=True)
    lifted = Lift.objects.filter(patient__in=mine).aggregate(last=Max("at"))["last"]
    return booking.banned_until(missed, lifted, now())


def templates() -> list[TemplateCard]:
    """Templates that hold today or later, by unit, weekday and doctor."""
    rows = list(Template.objects.exclude(valid_to__lt=today()).order_by("unit", "weekday", "doctor", "part"))
    units = people.unit_names(row.unit_id for row in rows)
    doctors = people.names(row.doctor_id for row in rows)
    return [
        TemplateCard(
            row.pk, units.get(row.unit_id, ""), doctors.get(row.doctor_id, ""), row.weekday, row.part, row.room,
            row.capacity,
            {"window": row.reserved_window, "kiosk": row.reserved_kiosk, "portal": row.reserved_portal},
            row.valid_from, row.valid_to,
        )
        for row in rows
    ]  # fmt: skip


def over(limit: int) -> list[int]:
    """Appointments that the clock ends: holds past their time, bookings whose part of the day is over."""
    moment, day = now(), today()
    over_today = [part for part in Session.Part.values if booking.span(day, part).ends <= moment]
    held = Appointment.objects.filter(state=State.HELD, held_until__lte=moment)
    missed = Appointment.objects.filter(
        Q(session__date__lt=day) | Q(session__date=day, session__part__in=over_today), state=State.BOOKED
    )
    return [pk for rows in (held, missed) for pk in rows.order_by("pk").values_list("pk", flat=True)[:limit]][:limit]


def to_return(limit: int) -> list[int]:
    """Sessions whose unused kept slots become everybody's now."""
    horizon = today() + timedelta(days=policy.booking().return_hours // 24 + 1)
    kept = Quota.objects.filter(
        most__gt=F("taken"), session__date__gte=today(), session__date__lte=horizon, session__stop=None
    ).exclude(channel="")
    sessions = {row.session_id: row.session for row in kept.select_related("session")}
    before = timedelta(hours=policy.booking().return_hours)
    return [pk for pk, row in sessions.items() if booking.span(row.date, row.part).starts - before <= now()][:limit]


def unpublished() -> bool:
    """Whether a template still asks for a session."""
    return next(roster.due(today()), None) is not None


def _cards(rows: Any) -> list[AppointmentCard]:
    found = list(rows.select_related("session"))
    names = patients.cards(row.patient_id for row in found)
    units = people.unit_names(row.session.unit_id for row in found)
    doctors = people.names(row.session.doctor_id for row in found if row.session.doctor_id)
    return [
        AppointmentCard(
            row.pk, row.patient_id, names[row.patient_id].name, row.session_id, row.session.unit_id,
            units.get(row.session.unit_id, ""), row.session.doctor_id, doctors.get(row.session.doctor_id or 0, ""),
            row.session.room, row.session.date, row.session.part, row.seq, row.channel, row.state, row.rev,
            row.starts, row.ends, row.held_until,
        )
        for row in found
    ]  # fmt: skip
