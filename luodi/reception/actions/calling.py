"""The queue: call, call again, pass over, take back, start, finish, come back with results."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.patients import written
from luodi.trust import people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today

from .. import moving, order, policy
from ..models import Session, Ticket
from ..refusals import Invalid, NothingToReturnTo

State, Event = Ticket.State, moving.Event
SEEN = (State.SERVING, State.DONE)


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
    unit = people.unit(row.unit_id)
    rules = policy.of_unit(unit.kind) if unit else None
    place = order.missed(row, moving.line(row), rules.returns_behind if rules else 0)
    moving.move(by, row, Event.RETURNED, after=[State.MISSED], to=State.WAITING, **place._asdict())


@act("ticket.come_back", may="queue.call")
def come_back(by: Actor, ticket: int) -> None:
    """回诊: a patient who was seen today is back with results, for the same doctor: no new fee, no new slot.

    Placed between the new patients (`policy.news_before`). Raises TicketMoved, NothingToReturnTo.
    """
    row = moving.load(ticket)
    visit = charts.encounter(row.registration.encounter_id)
    unit = people.unit(row.unit_id)
    clinic = unit is not None and unit.kind == "clinic"
    about("ticket", row.pk, row.registration.patient_id)
    if row.state in SEEN and (visit.closed_at or (clinic and row.registration.session.date != today())):
        raise NothingToReturnTo
    # in an emergency unit whoever is there takes the patient; in a clinic it is the doctor who saw the patient
    row.doctor_id = (row.doctor_id if row.returns else visit.doctor) if clinic else None
    place = order.with_results(row, moving.line(row), policy.news_before(unit.kind) if unit else 1)
    moving.move(
        by, row, Event.CAME_BACK, after=SEEN, to=State.WAITING, doctor_id=row.doctor_id,
        room=_room_of(row), returns=row.returns + 1, back_at=now(), **place._asdict(),
    )  # fmt: skip
    evidence(returns=row.returns + 1, behind=place.place_behind)


@act("ticket.start", may="encounter.open")
def start(by: Actor, ticket: int) -> int:
    """The doctor takes the patient on: the encounter opens with the ticket. Returns the encounter.

    One that this doctor has opened already, from the record, only leaves the queue; so does one who is back with
    results, whoever opened it.
    Raises TicketMoved, chart's AlreadyOpened and EncounterClosed.
    """
    row = moving.load(ticket)
    mine: dict[str, Any] = {"doctor_id": by.staff} if row.returns else {}
    moving.move(by, row, Event.STARTED, after=[State.WAITING, State.CALLED], to=State.SERVING, **mine)
    held = charts.encounter(row.registration.encounter_id)
    if held.opened_at is None or (held.doctor != by.staff and not row.returns):
        chart.open_encounter(by, held.id)
    minutes = int((now() - row.since) / timedelta(minutes=1))
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


def _room_of(row: Ticket) -> str:
    """The room of the doctor's session of today in this unit; else where the patient was before."""
    rows = Session.objects.filter(unit=row.unit_id, date=today(), doctor__isnull=False, doctor=row.doctor_id, stop=None)
    return next((each.room for each in sorted(rows, key=lambda each: each.pk != row.session)), row.room)
