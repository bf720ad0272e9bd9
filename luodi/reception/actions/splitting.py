"""Transfer a waiting patient to another session of the unit; split a queue when its doctor is overwhelmed or stops."""

from collections.abc import Mapping

from django.db.models import Q

from luodi.patients import queries as identities
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import today

from .. import moving, order, slots
from ..models import Session, Stop, Ticket
from ..refusals import AlreadyThere, NoSession, NotASessionHere, NotInThisQueue
from .registering import HERE

State, Event = Ticket.State, moving.Event
WAITS = (State.WAITING, State.MISSED)


@act("ticket.transfer", may="queue.call")
def transfer(by: Actor, ticket: int, session: int) -> int:
    """Send a patient who waits, was called or missed to another session of the unit; returns the number there.

    The place in time is kept, the slot too: it stays taken in the session where it was sold, none is taken in the
    other. Raises NotInThisQueue, NotASessionHere, AlreadyThere, NoTicket, TicketMoved.
    """
    seen = moving.load(ticket)
    about("ticket", seen.pk, seen.registration.patient_id)
    targets = _targets(seen.unit_id, seen.session)
    row = moving.load(ticket)
    if row.state not in HERE or row.session != seen.session:
        raise NotInThisQueue(row.number)
    number = _shift(by, row, targets, session)
    evidence(session=session, before=seen.session)
    return number


@act("queue.split", may="queue.call")
def split(by: Actor, session: int, moves: Mapping[int, int]) -> int:
    """Send waiting and missed patients of a session to others, all of them or none; returns how many.

    moves: ticket → session. Raises NotInThisQueue where one of them has left the queue since it was looked at, and
    as `transfer`.
    """
    source = Session.objects.filter(pk=session).first()
    if source is None:
        raise NoSession
    targets = _targets(source.unit_id, session)
    for row in sorted(map(moving.load, moves), key=order.key):
        if row.session != session or row.state not in WAITS:
            raise NotInThisQueue(row.number)
        _shift(by, row, targets, moves[row.pk])
    about("session", session)
    evidence(moved=len(moves), to=sorted(set(moves.values())))
    return len(moves)


def _targets(unit: int, session: int) -> dict[int, Session]:
    """Sessions of today in a unit to which a patient of `session` can go; all of the unit's are held from now on."""
    held = {row.pk: row for row in moving.hold_sessions(unit, today())}
    stopped = set(Stop.objects.filter(session__in=held).values_list("session", flat=True))
    return {
        pk: row
        for pk, row in held.items()
        if pk != session and row.date == today() and row.doctor_id and pk not in stopped
    }


def _shift(by: Actor, row: Ticket, targets: Mapping[int, Session], session: int) -> int:
    """One ticket goes to a session that is held; returns its number there."""
    place = targets.get(session)
    if place is None:
        raise NotASessionHere
    _not_there(row, session)
    number = slots.issue(session)
    moving.move(
        by, row, Event.MOVED, after=[row.state], to=State.WAITING if row.state == State.CALLED else row.state,
        moved_to_id=session, moved_from_id=row.session, moved_number=number,
        doctor_id=place.doctor_id, room=place.room,
    )  # fmt: skip
    return number


def _not_there(row: Ticket, session: int) -> None:
    """Raises AlreadyThere where the patient waits in that session by another ticket."""
    there = Q(moved_to=session) | Q(moved_to=None, registration__session=session)
    records = identities.person(row.registration.patient_id)
    others = Ticket.objects.filter(there, registration__patient__in=records, state__in=HERE)
    other = others.exclude(pk=row.pk).select_related("registration").first()
    if other is not None:
        raise AlreadyThere(other.number)
