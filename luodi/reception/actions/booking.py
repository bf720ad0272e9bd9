"""Book ahead: take a slot of a coming day, hold it, confirm it, give it back, come with it."""

from datetime import timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as identities
from luodi.patients import written
from luodi.trust import access, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now, today
from luodi.trust.refusal import Forbidden

from .. import appointing, booking, policy, queries, slots, telephones
from ..models import LIVE, Appointment, Lift, Quota, Session, Stop
from ..refusals import (
    AlreadyBooked,
    AppointmentMoved,
    Banned,
    Invalid,
    NotADoctorHere,
    NotBookable,
    NotReleased,
    NotToday,
    OthersWait,
    SessionStopped,
    TooEarly,
    TooLate,
    TooManyOpen,
)
from .registering import Registered, take_in
from .sessions import locked

State = Appointment.State


@act("appointment.book", may=None)
def book(
    by: Actor,
    patient: int,
    session: int,
    *,
    channel: str = "window",
    hold: bool = False,
    beyond: str = "",
    idempotency: str = "",
) -> int:
    """Take a slot of a coming day for a patient; returns the key of the appointment.

    The desk books for everybody; a portal account for its own people and a terminal by their channels.
    hold: keep it for `hold_minutes` until `confirm`. idempotency: a token of the form; the same token books once.
    beyond: why the desk goes past the limit of a telephone.
    A merged record is booked as the one that stands for the person, whose limits count all records.
    Raises NotReleased, NotBookable, SlotTaken, ChannelFull, SessionStopped, AlreadyBooked, TooManyOpen,
    TooManyOfPhone, Banned, TokenUsed, NoSession, NoPatient, Invalid.
    """
    if access.by_oneself(by):
        channel = policy.PORTAL if by.account else policy.KIOSK
    if channel not in policy.channels() or channel == appointing.ADDED:
        raise Invalid("channel", _("没有这个预约渠道。"), "channel")
    access.require_asking(by, "visit.register", patient)
    sharing = telephones.hold(patient)
    patient = identities.survivor(patient)
    place = locked(session)
    before = _made_by(once.token(idempotency), patient, session)
    if before is not None:
        about("appointment", before, patient, care=False)
        evidence(repeated=True)
        return before
    may_book(place, patient)
    telephones.within(by, patient, sharing, beyond)
    if waiting := queries.waiting_for(session):
        raise OthersWait(waiting)
    quota = slots.take(place.pk, channel)
    minutes = policy.booking(place.date).hold_minutes if hold else None
    return made_of(by, patient, place, channel, quota, token=once.token(idempotency), hold=minutes)


@act("appointment.add_on", may="encounter.open")
def add_on(by: Actor, patient: int, session: int, *, idempotency: str = "") -> int:
    """加号: the session's own doctor takes one more than its capacity. Raises as `book`, and NotADoctorHere."""
    identities.hold(patient)
    patient = identities.survivor(patient)
    place = locked(session)
    if place.doctor_id != by.staff:
        raise NotADoctorHere
    before = _made_by(once.token(idempotency), patient, session)
    if before is not None:
        about("appointment", before, patient, care=False)
        evidence(repeated=True)
        return before
    may_book(place, patient)
    quota = slots.add(place.pk)
    return made_of(by, patient, locked(session), appointing.ADDED, quota, token=once.token(idempotency))


@act("appointment.confirm", may=None)
def confirm(by: Actor, appointment: int) -> None:
    """What was held is booked. Raises AppointmentMoved where the time is over."""
    row = appointing.locked(appointment)
    appointing.require_asking(by, row)
    if row.state == State.HELD and row.held_until and row.held_until <= now():
        raise AppointmentMoved("lapsed")
    appointing.move(by, row, State.BOOKED, after=(State.HELD,))


@act("appointment.cancel", may=None)
def cancel_appointment(by: Actor, appointment: int, reason: str) -> None:
    """The slot is free again. reason: a code of policy.cancel_reasons. Raises TooLate, AppointmentMoved, Invalid."""
    if reason not in policy.cancel_reasons():
        raise Invalid("reason", _("请选择取消原因。"), "reason")
    row = appointing.locked(appointment)
    appointing.require_asking(by, row)
    minutes = policy.booking().cancel_minutes
    if row.state == State.BOOKED and now() > row.starts - timedelta(minutes=minutes):
        raise TooLate(minutes)
    appointing.move(by, row, State.CANCELLED, after=(State.HELD, State.BOOKED), reason=reason)
    appointing.free(row)


@act("appointment.arrive", may=None)
def arrive(by: Actor, appointment: int, *, priority: str = "ordinary") -> Registered:
    """签到: the appointment becomes a registration of today, in the queue at the place of its segment.

    Who comes after the segment is over is late (`policy.late`). By telephone or at a terminal one is ordinary, and not
    too early.
    Raises NotToday, TooEarly, AppointmentMoved, SessionStopped.
    """
    row = appointing.locked(appointment)
    appointing.require_asking(by, row)
    place = locked(row.session_id)
    if place.date != today():
        raise NotToday
    if Stop.objects.filter(session=place).exists():
        raise SessionStopped
    moment = now()
    if access.by_oneself(by):
        priority = "ordinary"
        if moment < (opens := row.starts - timedelta(minutes=policy.booking().checkin_minutes)):
            raise TooEarly(opens)
    appointing.move(by, row, State.ARRIVED, after=(State.BOOKED,))
    made = take_in(by, row, place, priority)
    about("appointment", row.pk, row.patient_id, care=False)
    evidence(registration=made.registration, late=moment >= row.ends)
    return made


@act("appointment.end", may=None)
def end(by: Actor, appointment: int) -> str:
    """What the clock brings: a hold lapses, a booking to which nobody came is missed. Returns the new state.

    For the program alone. Raises AppointmentMoved where it is not time, or somebody was first.
    """
    if not is_program(by):
        raise Forbidden
    row = appointing.locked(appointment)
    if row.state == State.HELD and row.held_until and row.held_until <= now():
        appointing.move(by, row, State.LAPSED, after=(State.HELD,))
        appointing.free(row)
        return str(State.LAPSED)
    place = locked(row.session_id)
    if row.state == State.BOOKED and booking.span(place.date, place.part).ends <= now():
        stopped = Stop.objects.filter(session=place).exists()
        appointing.move(by, row, State.STOPPED if stopped else State.MISSED, after=(State.BOOKED,))
        return str(row.state)
    raise AppointmentMoved(row.state)


@act("appointment.lift_ban", may="slot.manage")
def lift_ban(by: Actor, patient: int, reason: str) -> None:
    """No-shows until now count no more (申诉通过). Raises Invalid, NoPatient, Unreadable."""
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise Invalid("reason", _("请填写解除的理由。"), "reason")
    patient = identities.survivor(patient)
    about("patient", patient, patient, care=False)
    Lift.objects.create(patient_id=patient, reason=identities.seal_for(patient, why, "reception.lift"), at=now())


@act("quota.return", may=None)
def return_quota(by: Actor, session: int) -> int:
    """Slots that a channel did not use become everybody's before the day; returns how many. For the program alone."""
    if not is_program(by):
        raise Forbidden
    locked(session)
    about("session", session)
    kept = Quota.objects.filter(session=session, most__gt=F("taken")).exclude(channel="")
    free = sum(quota.most - quota.taken for quota in kept)
    kept.update(most=F("taken"))
    Quota.objects.filter(session=session, channel="").update(most=F("most") + free)
    evidence(returned=free)
    return free


def may_book(place: Session, patient: int) -> None:
    """Raises the refusal that stands against any booking of this patient here, whether a slot is free or not."""
    rules = policy.booking()
    if place.capacity is None or place.date <= today():
        raise NotBookable
    if now() < (released := booking.released_at(place.date)):
        raise NotReleased(released)
    if Stop.objects.filter(session=place).exists():
        raise SessionStopped
    live = Appointment.objects.filter(patient__in=identities.person(patient), state__in=(State.HELD, State.BOOKED))
    here = live.filter(session__unit=place.unit_id, session__date=place.date, session__part=place.part)
    if here.count() >= rules.unit_half_day:
        raise AlreadyBooked(here.order_by("starts")[0].starts)
    if live.count() >= rules.open_most:
        raise TooManyOpen(rules.open_most)
    if until := queries.ban_of(patient):
        raise Banned(until)


def _made_by(token: str | None, patient: int, session: int) -> int | None:
    """The appointment that this form made before. Raises TokenUsed where that was something else."""
    row = Appointment.objects.filter(idempotency=token).first() if token else None
    if row is not None and (row.patient_id, row.session_id) != (patient, session):
        raise once.TokenUsed
    return row.pk if row else None


def made_of(
    by: Actor,
    patient: int,
    place: Session,
    channel: str,
    quota: int | None,
    *,
    token: str | None = None,
    hold: int | None = None,
) -> int:
    """The appointment of a slot that has been taken, held for `hold` minutes or booked at once; returns its key."""
    rules = policy.booking(place.date)
    seq = _slot(place)
    when = booking.segment(place.date, place.part, seq, place.capacity or 1, rules.segment_minutes)
    row = Appointment.objects.create(
        patient_id=patient,
        session=place,
        quota_id=quota,
        channel=channel,
        seq=seq,
        state=State.BOOKED if hold is None else State.HELD,
        starts=when.starts,
        ends=when.ends,
        held_until=None if hold is None else now() + timedelta(minutes=hold),
        at=now(),
        idempotency=token,
    )
    appointing.note(by, row)
    about("appointment", row.pk, patient, care=False)
    evidence(session=place.pk, seq=seq, channel=channel, starts=when.starts, held=hold is not None)
    return row.pk


def _slot(place: Session) -> int:
    """The next slot, else the first that was given back. The session is held, so nobody else looks meanwhile."""
    if Session.objects.filter(pk=place.pk, placed__lt=F("capacity")).update(placed=F("placed") + 1):
        return place.placed + 1
    held = set(Appointment.objects.filter(session=place, state__in=LIVE).values_list("seq", flat=True))
    return next(seq for seq in range(1, place.placed + 1) if seq not in held)
