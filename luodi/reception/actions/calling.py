"""The queue: call, call again, pass over, take back, start, finish."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.patients import written
from luodi.trust import people
from luodi.trust.act import act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from .. import moving, policy
from ..models import Ticket
from ..refusals import Invalid

State, Event = Ticket.State, moving.Event


@act("ticket.call", may="queue.call")
def call(by: Actor, ticket: int, room: str = "") -> None:
    """Call a waiting patient to a room ("": that of the session). Raises TicketMoved where somebody called first."""
    row = moving.load(ticket)
    place = written.line(room, longest=40, field="room") or row.room
    if not place:
        raise Invalid("room", _("请填写诊室。"), "room")
    moving.move(by, row, Event.CALLED, after=[State.WAITING], to=State.CALLED, room=place, called=True, called_at=now())


@act("ticket.recall", may="queue.call")
def recall(by: Actor, ticket: int) -> None:
    """Call a called patient once more. Raises TicketMoved."""
    row = moving.load(ticket)
    moving.move(by, row, Event.RECALLED, after=[State.CALLED], to=State.CALLED, called=True, called_at=now())


@act("ticket.pass", may="queue.call")
def pass_over(by: Actor, ticket: int) -> None:
    """过号: called and not there. The ticket stays, missed. Raises TicketMoved."""
    moving.move(by, moving.load(ticket), Event.PASSED, after=[State.CALLED], to=State.MISSED)


@act("ticket.return", may="queue.call")
def return_to_queue(by: Actor, ticket: int) -> None:
    """A missed patient is back: behind the next n of the same class (policy). Raises TicketMoved."""
    row = moving.load(ticket)
    moving.move(by, row, Event.RETURNED, after=[State.MISSED], to=State.WAITING, place_at=_behind(row))


@act("ticket.start", may="encounter.open")
def start(by: Actor, ticket: int) -> int:
    """The doctor takes the patient on: the encounter opens with the ticket. Returns the encounter.

    One that this doctor has opened already, from the record, only leaves the queue.
    Raises TicketMoved, chart's AlreadyOpened and EncounterClosed.
    """
    row = moving.load(ticket)
    moving.move(by, row, Event.STARTED, after=[State.WAITING, State.CALLED], to=State.SERVING)
    held = charts.encounter(row.registration.encounter_id)
    if held.opened_at is None or held.doctor != by.staff:
        chart.open_encounter(by, held.id)
    minutes = int((now() - row.checked_in_at) / timedelta(minutes=1))
    evidence(encounter=row.registration.encounter_id, minutes=minutes)
    return row.registration.encounter_id


@act("ticket.finish", may="queue.call")
def finish(by: Actor, ticket: int, disposition: str = "") -> None:
    """The visit at the desk is over; a disposition (chart's codes) closes the encounter too. Raises TicketMoved."""
    row = moving.load(ticket)
    moving.move(by, row, Event.DONE, after=[State.SERVING], to=State.DONE)
    if disposition:
        chart.close_encounter(by, row.registration.encounter_id, disposition)
    evidence(disposition=disposition)


def _behind(row: Ticket) -> datetime:
    """Just after the place of the n-th waiting ticket of the same queue and class; the own place where nobody waits."""
    unit = people.unit(row.unit_id)
    rules = policy.of_unit(unit.kind) if unit else None
    ahead = rules.returns_behind if rules else 0
    queue = Ticket.objects.filter(
        unit=row.unit_id, doctor=row.doctor_id, rank=row.rank, level_rank=row.level_rank, state=State.WAITING
    )
    recent = queue.filter(checked_in_at__gte=now() - timedelta(hours=rules.open_hours if rules else 24))
    places = list(recent.order_by("place_at", "pk").values_list("place_at", flat=True)[:ahead])
    return places[-1] + timedelta(microseconds=1) if places else row.place_at
