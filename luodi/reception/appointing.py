"""An appointment moves: one conditional update and one event, or a refusal that says what it is now.

Whoever needs several rows holds them in one order: patient, session, appointment, quota.
"""

from collections.abc import Iterable

from django.db.models import F, Q

from luodi.trust import access
from luodi.trust.act import about, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from . import slots
from .models import Appointment, AppointmentEvent, Session, Wait
from .refusals import AppointmentMoved, NoAppointment

State = Appointment.State
ADDED = "addon"
OPEN = (State.HELD, State.BOOKED)  # not yet come, not yet over


def locked(appointment: int) -> Appointment:
    """One appointment, held with its session until the transaction ends. Raises NoAppointment."""
    session = Appointment.objects.filter(pk=appointment).values_list("session", flat=True).first()
    if session is None:
        raise NoAppointment
    Session.objects.select_for_update().get(pk=session)
    return Appointment.objects.select_for_update().get(pk=appointment)


def made_by(account: int) -> Q:
    """Appointments that an account booked, or that were held for it from a list."""
    return Q(entry__account=account) | Q(wait__entry__account=account)


def require_asking(by: Actor, row: Appointment) -> None:
    """The desk and a terminal ask for everybody's; an account for its people's, unverified for those it made itself.

    Whoever merely typed somebody's document must not learn where they go. Raises Forbidden, access.NotYours.
    """
    access.require_asking(by, "visit.register", row.patient_id)
    if not by.account or access.opens(by, row.patient_id):
        return
    if not Appointment.objects.filter(made_by(by.account), pk=row.pk).exists():
        raise access.NotYours


def move(by: Actor, row: Appointment, to: str, *, after: Iterable[str], reason: str = "") -> None:
    """Take the appointment to `to`, if it is in a state of `after`. Raises AppointmentMoved."""
    about("appointment", row.pk, row.patient_id, care=False)
    now_is = Appointment.objects.filter(pk=row.pk, state__in=list(after), rev=row.rev)
    if not now_is.update(state=to, rev=F("rev") + 1):
        raise AppointmentMoved(row.state)
    row.refresh_from_db(fields=["state", "rev"])
    note(by, row, reason)
    evidence(session=row.session_id, seq=row.seq, state=str(to))


def note(by: Actor, row: Appointment, reason: str = "") -> None:
    """The event of the state that the appointment has come to."""
    AppointmentEvent.objects.create(
        appointment=row, seq=row.rev, event=row.state, at=now(), staff_id=by.staff or None, reason=reason
    )


def stop_all(by: Actor, session: int) -> int:
    """Everybody who is booked in a session that stops: the appointments end, and it is no cancellation of theirs.

    Its waiting list ends too. Returns how many were booked.
    """
    rows = list(Appointment.objects.filter(session=session, state__in=OPEN).order_by("seq"))
    for row in rows:
        move(by, row, State.STOPPED, after=OPEN)
        free(row)
    Wait.objects.filter(session=session, state=Wait.State.WAITING).update(state=Wait.State.LEFT)
    return len(rows)


def free(row: Appointment) -> None:
    """Nobody comes with this appointment: its slot is free again, or gone where the doctor had added it."""
    if row.channel == ADDED:
        slots.drop(row.session_id)
    else:
        slots.give_back(row.session_id, row.quota_id)
