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

from .. import appointing, policy
from ..models import Quota, Session, Stop
from ..refusals import (
    CapacityBelowTaken,
    Invalid,
    NoSession,
    NotADoctorHere,
    NotRegistering,
    SessionExists,
    SessionStopped,
)

_HELD = Question(lambda pk: Session.objects.select_for_update().filter(pk=pk), NUMBER)
MOST = 500  # slots of one session: more is a slip of the finger


@act("session.open", may="slot.manage")
def open_session(by: Actor, unit: int, doctor: int, date: date, part: str, capacity: int, room: str) -> int:
    """Open a doctor's session in a clinic with `capacity` slots; returns its key.

    part: am, pm, night or day. Raises SessionExists, NotRegistering, NotADoctorHere, Invalid, Unreadable.
    """
    if date < today():
        raise Invalid("date", _("日期已经过去。"), "date")
    place = sound(unit, doctor, date, part, capacity, room)
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
    """Change the number of slots, never below those taken or kept for a channel.

    Raises NoSession, CapacityBelowTaken, Invalid.
    """
    row = locked(session)
    about("session", session)
    _bounded(capacity)
    changed = Session.objects.filter(pk=session, capacity__isnull=False, taken__lte=capacity).update(capacity=capacity)
    if not changed:
        raise CapacityBelowTaken(row.taken)
    kept = Quota.objects.filter(session=session)
    if kept.exists():
        for_all = capacity - sum(kept.exclude(channel="").values_list("most", flat=True))
        if not kept.filter(channel="", taken__lte=for_all).update(most=max(0, for_all)):
            raise CapacityBelowTaken(capacity - for_all + kept.get(channel="").taken)
    evidence(capacity=capacity)


@act("session.stop", may="slot.manage")
def stop_session(by: Actor, session: int, reason: str) -> None:
    """停诊: nobody is registered or booked here any more.

    Who was registered keeps the place until moved or cancelled; who was booked is told, and it is no cancellation.
    """
    row = locked(session)
    about("session", session)
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise Invalid("reason", _("请填写停诊原因。"), "reason")
    if Stop.objects.filter(session=row).exists():
        raise SessionStopped
    Stop.objects.create(session=row, reason=why, at=now())
    ended = appointing.stop_all(by, row.pk)
    about("session", session)
    evidence(taken=row.taken, appointments=ended)


def sound(unit: int, doctor: int, day: date, part: str, capacity: int, room: str) -> str:
    """The room as it is kept, where a session of this kind can be. Raises as `open_session`."""
    where = people.unit(unit)
    if where is None or policy.of_unit(where.kind, day) is None:
        raise NotRegistering
    if not people.holds(doctor, "encounter.open", unit):
        raise NotADoctorHere
    if part not in Session.Part.values:
        raise Invalid("part", _("请选择时段。"), "part")
    place = written.line(room, longest=40, field="room")
    if not place:
        raise Invalid("room", _("请填写诊室。"), "room")
    _bounded(capacity)
    return place


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
