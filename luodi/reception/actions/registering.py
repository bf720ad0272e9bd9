"""Register a patient: a slot, a number, an encounter, a ticket and the unit's care, in one act."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luodi.chart import actions as chart
from luodi.patients import actions as patients
from luodi.patients import queries as identities
from luodi.patients import written
from luodi.patients.types import NewPatient
from luodi.trust import access, once, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today
from luodi.trust.question import NUMBER, NUMBERS, TEXT, Question

from .. import booking, moving, order, policy, slots
from ..models import Appointment, Cancellation, Registration, Session, Stop, Ticket
from ..refusals import (
    AlreadyRegistered,
    Invalid,
    NoRegistration,
    NoSession,
    NotRegistering,
    NotToday,
    SessionStopped,
)
from .sessions import locked

State = Ticket.State
HERE = (State.WAITING, State.CALLED, State.MISSED)  # in the queue, not yet with a doctor

_OF_TOKEN = Question(lambda token: Registration.objects.filter(idempotency=token).select_related("ticket"), TEXT)
_STOPPED = Question(lambda session: Stop.objects.filter(session=session).values_list("pk", flat=True), NUMBER)
_WITH_DOCTOR = Question(
    lambda patients, session: Registration.objects.filter(
        Q(session=session) | Q(ticket__moved_to=session), patient__in=patients, cancellation=None
    ).values_list("number", flat=True)[:1],
    NUMBERS, NUMBER,
)  # fmt: skip
_IN_UNIT = Question(
    lambda patients, unit: Registration.objects.filter(
        session__unit=unit, ticket__state__in=HERE, patient__in=patients, cancellation=None
    ).values_list("number", flat=True)[:1],
    NUMBERS, NUMBER,
)  # fmt: skip


class Registered(NamedTuple):
    """What a registration made. repeated: the token had been used, and this is what it made then."""

    registration: int
    encounter: int
    number: int
    ticket: int
    patient: int
    repeated: bool = False


@act("visit.register", may="visit.register")
def register(
    by: Actor,
    patient: int,
    session: int | None = None,
    *,
    visit_class: str = "",
    unit: int | None = None,
    priority: str = "ordinary",
    idempotency: str = "",
) -> Registered:
    """Give a patient the next number of a session, or, with `unit` alone, of the emergency unit's day (no limit).

    visit_class: "" is that of the unit. idempotency: a token of the form; the same token registers once.
    A merged record is registered as the one that stands for the person.
    Raises SlotTaken, SessionStopped, NotToday, AlreadyRegistered, NoSession, NotRegistering, TokenUsed, Invalid,
    NoPatient.
    """
    identities.key_of(patient)
    mine = identities.person(patient)
    place = _place(session, unit)
    token = once.token(idempotency)
    before = _made_by(token, place, mine[0])
    if before:
        about("registration", before.registration, mine[0], care=False)
        evidence(repeated=True)
        return before
    return _register(by, mine, place, visit_class, priority, token)


@act("visit.register.new", may="visit.register")
def register_new(
    by: Actor,
    new: NewPatient,
    session: int | None = None,
    *,
    visit_class: str = "",
    unit: int | None = None,
    priority: str = "ordinary",
    idempotency: str = "",
) -> Registered:
    """Make an identity and register it, both or neither. Raises as `register` and as patients.actions.register."""
    place = _place(session, unit)
    before = _made_by(once.token(idempotency), place)
    if before is None:
        made = patients.register(by, new)
        before = register(by, made, place.pk, visit_class=visit_class, priority=priority, idempotency=idempotency)
    about("registration", before.registration, before.patient, care=False)
    evidence(repeated=before.repeated)
    return before


@act("visit.register.unknown", may="visit.register")
def register_unknown(
    by: Actor, unit: int, *, sex: str = "0", priority: str = "critical", idempotency: str = ""
) -> Registered:
    """无名氏: someone who cannot say who they are, registered for emergency now; the identity is corrected later.

    The name is made of day and number of the day. Raises as `register`.
    """
    place = _place(None, unit)
    number = place.issued + 1
    name = f"无名氏{place.date:%m%d}-{number:02d}"
    new = NewPatient(name=name, sex=sex, id_kind="none", no_id_reason="unconscious")
    made = register_new(by, new, place.pk, priority=priority, idempotency=idempotency)
    about("registration", made.registration, made.patient, care=False)
    return made


@act("visit.cancel", may="visit.register")
def cancel(by: Actor, registration: int, reason: str, note: str = "") -> None:
    """退号 before a doctor has taken the patient on: the slot is free again, the number stays used.

    reason: a code of policy.cancel_reasons. Raises NoRegistration, TicketMoved, Invalid.
    """
    row = Registration.objects.select_related("ticket", "session").filter(pk=registration).first()
    if row is None:
        raise NoRegistration
    if reason not in policy.cancel_reasons():
        raise Invalid("reason", _("请选择退号原因。"), "reason")
    words = written.line(note, longest=200, field="note")
    locked(row.session_id)
    moving.move(by, row.ticket, moving.Event.CANCELLED, after=HERE, to=State.CANCELLED, care=False)
    Cancellation.objects.create(registration=row, reason=reason, note=words, at=now())
    slots.give_back(row.session_id, row.quota_id)
    chart.cancel_encounter(by, row.encounter_id)
    about("registration", row.pk, row.patient_id, care=False)
    evidence(session=row.session_id, reason=reason)


def _place(session: int | None, unit: int | None) -> Session:
    """The session, held for this transaction; the emergency unit's session of the day where none is named."""
    if session is not None:
        return locked(session)
    where = people.unit(unit) if unit else None
    if where is None or where.kind != "emergency":
        raise NoSession if where is None or policy.of_unit(where.kind) else NotRegistering
    made, _new = Session.objects.get_or_create(
        unit_id=where.pk, date=today(), part=Session.Part.DAY, doctor=None, defaults={"room": where.name[:40]}
    )
    return locked(made.pk)


def _made_by(token: str | None, place: Session, patient: int | None = None) -> Registered | None:
    """What this token made before. Raises TokenUsed where that was something else than what is asked now."""
    row = _OF_TOKEN.first(token) if token else None
    if row is None:
        return None
    if row.session_id != place.pk or patient not in (None, row.patient_id):
        raise once.TokenUsed
    return Registered(row.pk, row.encounter_id, row.number, row.ticket.pk, row.patient_id, repeated=True)


def _register(
    by: Actor, mine: tuple[int, ...], place: Session, visit_class: str, priority: str, token: str | None
) -> Registered:
    where = people.unit(place.unit_id)
    rules = policy.of_unit(where.kind) if where else None
    if rules is None:
        raise NotRegistering
    if visit_class not in ("", rules.visit_class):
        raise Invalid("visit_class", _("就诊类别与科室不符。"), "visit_class")
    classes = policy.priorities()
    if priority not in classes:
        raise Invalid("priority", _("请选择优先类别。"), "priority")
    _may_take(place, mine)
    quota = slots.take(place.pk, booking.ON_THE_DAY)
    new = _New(mine[0], place, rules, priority, classes[priority].rank, quota, token)
    return _enter(by, new)


class _New(NamedTuple):
    """What makes a registration, its slot being taken."""

    patient: int
    place: Session
    rules: policy.UnitPolicy
    priority: str
    rank: int
    quota: int | None = None
    token: str | None = None
    appointment: Appointment | None = None


def take_in(by: Actor, row: Appointment, place: Session, priority: str) -> Registered:
    """Register who comes with an appointment: the slot is theirs already, the place that of the segment.

    Who comes after the segment is late: what becomes of them is data (`policy.late`). Raises Invalid,
    AlreadyRegistered.
    """
    where = people.unit(place.unit_id)
    rules = policy.of_unit(where.kind) if where else None
    classes = policy.priorities()
    if rules is None:
        raise NotRegistering
    if priority not in classes:
        raise Invalid("priority", _("请选择优先类别。"), "priority")
    mine = identities.person(row.patient_id)
    _may_take(place, mine)
    new = _New(mine[0], place, rules, priority, classes[priority].rank, row.quota_id, appointment=row)
    return _enter(by, new)


def _enter(by: Actor, new: _New) -> Registered:
    """Number, encounter, ticket and care of a registration whose slot is taken."""
    place, patient, rules = new.place, new.patient, new.rules
    number = slots.issue(place.pk)
    encounter = chart.arrive(by, patient, visit_class=rules.visit_class, unit=place.unit_id)
    made = Registration.objects.create(
        patient_id=patient,
        session=place,
        encounter_id=encounter,
        visit_class=rules.visit_class,
        number=number,
        at=now(),
        idempotency=new.token,
        appointment=new.appointment,
        quota_id=new.quota,
    )
    ticket = _queue(by, made, new)
    access.relate(patient, kind="visit", unit=place.unit_id, until=now() + timedelta(days=rules.care_days))
    about("registration", made.pk, patient, care=False)
    evidence(session=place.pk, number=number, visit_class=rules.visit_class, encounter=encounter, priority=new.priority)
    return Registered(made.pk, encounter, number, ticket, patient)


def _may_take(place: Session, mine: tuple[int, ...]) -> None:
    if place.date != today():
        raise NotToday
    if _STOPPED.first(place.pk):
        raise SessionStopped
    held = _WITH_DOCTOR.first(mine, place.pk) if place.doctor_id else _IN_UNIT.first(mine, place.unit_id)
    if held is not None:
        raise AlreadyRegistered(held)


def _queue(by: Actor, made: Registration, new: _New) -> int:
    ticket = Ticket(
        registration=made,
        unit_id=new.place.unit_id,
        doctor_id=new.place.doctor_id,
        priority=new.priority,
        rank=new.rank,
        level_rank=new.rules.untriaged_rank,
        checked_in_at=made.at,
        place_at=made.at,
        room=new.place.room,
    )
    if new.appointment is not None:
        for name, value in _place_of(new, ticket)._asdict().items():
            setattr(ticket, name, value)
    ticket.save(force_insert=True)
    moving.begin(by, ticket)
    return ticket.pk


def _place_of(new: _New, ticket: Ticket) -> order.Place:
    """Where who comes with an appointment stands: at the segment, or as the rule for late patients says."""
    segment = new.appointment
    assert segment is not None
    if ticket.checked_in_at < segment.ends:
        return order.Place(segment.starts, None, order.Why.SEGMENT)
    rule = policy.late(new.rules.kind, new.place.date)
    evidence(late=rule.rule, behind=rule.behind)
    if rule.rule == "behind":
        return order.late(moving.line(ticket), rule.behind, segment.starts)
    return order.Place(ticket.checked_in_at, None, order.Why.LATE)
