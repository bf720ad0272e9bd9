"""Sessions: open, change the capacity, stop."""

from datetime import date

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.patients import written
from luodi.trust import people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today
from luodi.trust.question import NUMBER, Question
from luodi.trust.write import write

from .. import policy
from ..models import Session, Stop
from ..refusals import (
    CapacityBelowTaken,
    Invalid,
    NoSession,
    NotADoctorHere,
    NotRegistering,
    SessionExists,
    SessionStopped,
)

_SESSION = Question(lambda pk: Session.objects.filter(pk=pk), NUMBER)
_HELD = Question(lambda pk: Session.objects.select_for_update().filter(pk=pk), NUMBER)
MOST = 500  # slots of one session: more is a slip of the finger


@act("session.open", may="slot.manage")
def open_session(by: Actor, unit: int, doctor: int, date: date, part: str, capacity: int, room: str) -> int:
    """Open a doctor's session in a clinic with `capacity` slots; returns its key.

    part: am, pm, night or day. Raises SessionExists, NotRegistering, NotADoctorHere, Invalid, Unreadable.
    """
    where = people.unit(unit)
    if where is None or policy.of_unit(where.kind, date) is None:
        raise NotRegistering
    if not people.holds(doctor, "encounter.open", unit):
        raise NotADoctorHere
    if part not in Session.Part.values:
        raise Invalid("part", _("请选择时段。"), "part")
    if date < today():
        raise Invalid("date", _("日期已经过去。"), "date")
    place = written.line(room, longest=40, field="room")
    if not place:
        raise Invalid("room", _("请填写诊室。"), "room")
    _bounded(capacity)
    try:
        with write():
            made = Session.objects.create(
                unit_id=unit, doctor_id=doctor, date=date, part=part, capacity=capacity, room=place
            )
    except IntegrityError as held:
        raise SessionExists from held
    about("session", made.pk)
    evidence(unit=unit, doctor=doctor, date=date.isoformat(), part=part, capacity=capacity)
    return made.pk


@act("session.resize", may="slot.manage")
def resize_session(by: Actor, session: int, capacity: int) -> None:
    """Change the number of slots, never below those taken. Raises NoSession, CapacityBelowTaken, Invalid."""
    about("session", session)
    _bounded(capacity)
    changed = Session.objects.filter(pk=session, capacity__isnull=False, taken__lte=capacity).update(capacity=capacity)
    if not changed:
        raise CapacityBelowTaken(load(session).taken)
    evidence(capacity=capacity)


@act("session.stop", may="slot.manage")
def stop_session(by: Actor, session: int, reason: str) -> None:
    """停诊: nobody is registered here any more; those who are keep their place until they are moved or cancelled."""
    row = locked(session)
    about("session", session)
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise Invalid("reason", _("请填写停诊原因。"), "reason")
    if Stop.objects.filter(session=row).exists():
        raise SessionStopped
    Stop.objects.create(session=row, reason=why, at=now())
    evidence(taken=row.taken)


def load(session: int) -> Session:
    """One session. Raises NoSession."""
    row: Session | None = _SESSION.first(session)
    if row is None:
        raise NoSession
    return row


def locked(session: int) -> Session:
    """One session, held until the transaction ends: a stop and a registration cannot pass each other.

    Raises NoSession.
    """
    row: Session | None = _HELD.first(session)
    if row is None:
        raise NoSession
    return row


def _bounded(capacity: int) -> None:
    if not 1 <= capacity <= MOST:
        raise Invalid("capacity", _("限额应在 1 到 500 之间。"), "capacity")
