"""A ticket moves: one conditional update and one event, or a refusal that says who was first."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import F

from luodi.trust import people
from luodi.trust.act import about, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.question import DAY, NUMBER, TEXT, TEXTS, Change, Question, column

from . import order, policy
from .models import Session, Ticket, TicketEvent
from .refusals import NoTicket, TicketMoved

Event = TicketEvent.Event
_TICKET = Question(lambda pk: Ticket.objects.filter(pk=pk).select_related("registration__session"), NUMBER)
_SESSIONS = Question(
    lambda unit, day: Session.objects.select_for_update().filter(unit=unit, date__gte=day).order_by("pk"), NUMBER, DAY
)
_RANK = Change(
    lambda pk, level: (Ticket.objects.filter(pk=pk), {"level_rank": level, "rev": F("rev") + 1}), NUMBER, NUMBER
)


@cache
def _state(names: tuple[str, ...], called: bool) -> Change:
    """The one update that moves a ticket and writes these columns with it; `called` counts one more call."""

    def build(pk: Any, states: Any, to: Any, *values: Any) -> Any:
        columns = dict(zip(names, values, strict=True)) | {"state": to, "rev": F("rev") + 1}
        if called:
            columns["calls"] = F("calls") + 1
        return Ticket.objects.filter(pk=pk, state__in=states), columns

    return Change(build, NUMBER, TEXTS, TEXT, *(column(Ticket, name) for name in names))


def load(ticket: int) -> Ticket:
    """The ticket with its registration. Raises NoTicket."""
    row: Ticket | None = _TICKET.first(ticket)
    if row is None:
        raise NoTicket
    return row


def line(row: Ticket) -> list[Ticket]:
    """Who waits in the same queue and class as this ticket, in the order of the queue.

    The unit's sessions are held first: two who are put into one line at once are put one after the other.
    """
    hold_sessions(row.unit_id, row.registration.session.date)
    where = people.unit(row.unit_id)
    rules = policy.of_unit(where.kind) if where else None
    same = Ticket.objects.filter(
        unit=row.unit_id, doctor=row.doctor_id, rank=row.rank, level_rank=row.level_rank, state=Ticket.State.WAITING
    )
    recent = same.filter(checked_in_at__gte=now() - timedelta(hours=rules.open_hours if rules else 24))
    return list(recent.exclude(pk=row.pk).order_by(*order.ORDER))


def hold_sessions(unit: int, day: date) -> list[Session]:
    """The sessions of a unit from a day on, held until the transaction ends."""
    return _SESSIONS.all(unit, day)


def begin(by: Actor, ticket: Ticket) -> None:
    """The first event of a new ticket."""
    _note(by, ticket, Event.CHECKED_IN)


def move(
    by: Actor,
    row: Ticket,
    event: Event,
    *,
    after: Iterable[str],
    to: str,
    care: bool = True,
    called: bool = False,
    **changes: Any,
) -> Ticket:
    """Take the ticket from a state of `after` to `to`, with other `changes` of the row; says what the act is about.

    called: this is one more call of the patient.

    Two who try the same at once: the second finds the row changed. Raises TicketMoved, access.NoCare.
    """
    about("ticket", row.pk, row.registration.patient_id, care=care)
    moved = _state(tuple(changes), called).make(row.pk, list(after), to, *changes.values())
    now_is = load(row.pk)
    if not moved:
        raise TicketMoved(now_is, now_is.events.order_by("-seq").first())
    _note(by, now_is, event)
    evidence(number=now_is.number, event=str(event), rev=now_is.rev)
    return now_is


def rank(by: Actor, row: Ticket, level: int) -> None:
    """The ticket takes the rank of its triage level, in whatever state it is."""
    _RANK.make(row.pk, level)
    _note(by, load(row.pk), Event.RANKED)


def _note(by: Actor, ticket: Ticket, event: Event) -> None:
    TicketEvent.objects.create(
        ticket=ticket, seq=ticket.rev, event=event, at=now(), staff_id=by.staff or None, room=ticket.room
    )
