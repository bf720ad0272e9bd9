"""A ticket moves: one conditional update and one event, or a refusal that says who was first."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import F

from luodi.trust.act import about, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.question import NUMBER, TEXT, TEXTS, Change, Question, column

from .models import Ticket, TicketEvent
from .refusals import NoTicket, TicketMoved

Event = TicketEvent.Event
_TICKET = Question(lambda pk: Ticket.objects.filter(pk=pk).select_related("registration"), NUMBER)
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
    evidence(number=now_is.registration.number, event=str(event), rev=now_is.rev)
    return now_is


def rank(by: Actor, row: Ticket, level: int) -> None:
    """The ticket takes the rank of its triage level, in whatever state it is."""
    _RANK.make(row.pk, level)
    _note(by, load(row.pk), Event.RANKED)


def _note(by: Actor, ticket: Ticket, event: Event) -> None:
    TicketEvent.objects.create(
        ticket=ticket, seq=ticket.rev, event=event, at=now(), staff_id=by.staff or None, room=ticket.room
    )
