"""A ticket moves: one conditional update and one event, or a refusal that says who was first."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from luodi.trust.act import about, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from .models import Ticket, TicketEvent
from .refusals import NoTicket, TicketMoved

Event = TicketEvent.Event


def load(ticket: int) -> Ticket:
    """The ticket with its registration. Raises NoTicket."""
    row = Ticket.objects.filter(pk=ticket).select_related("registration").first()
    if row is None:
        raise NoTicket
    return row


def begin(by: Actor, ticket: Ticket) -> None:
    """The first event of a new ticket."""
    _note(by, ticket, Event.CHECKED_IN)


def move(
    by: Actor, row: Ticket, event: Event, *, after: Iterable[str], to: str, care: bool = True, **changes: Any
) -> Ticket:
    """Take the ticket from a state of `after` to `to`, with other `changes` of the row; says what the act is about.

    Two who try the same at once: the second finds the row changed. Raises TicketMoved, access.NoCare.
    """
    about("ticket", row.pk, row.registration.patient_id, care=care)
    moved = Ticket.objects.filter(pk=row.pk, state__in=list(after)).update(state=to, rev=F("rev") + 1, **changes)
    now_is = load(row.pk)
    if not moved:
        raise TicketMoved(now_is, now_is.events.order_by("-seq").first())
    _note(by, now_is, event)
    evidence(number=now_is.registration.number, event=str(event), rev=now_is.rev)
    return now_is


def rank(by: Actor, row: Ticket, level: int) -> None:
    """The ticket takes the rank of its triage level, in whatever state it is."""
    Ticket.objects.filter(pk=row.pk).update(level_rank=level, rev=F("rev") + 1)
    _note(by, load(row.pk), Event.RANKED)


def _note(by: Actor, ticket: Ticket, event: Event) -> None:
    TicketEvent.objects.create(
        ticket=ticket, seq=ticket.rev, event=event, at=now(), staff_id=by.staff or None, room=ticket.room
    )
