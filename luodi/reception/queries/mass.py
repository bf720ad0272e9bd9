"""Mass casualty events: who is there, in which colour, and where."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from luodi.chart import queries as chart
from luodi.chart.codes import ENDINGS
from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import now

from .. import policy
from ..models import MassEvent, Ticket, Victim, VictimTriage
from ..refusals import NoEvent


class EventCard(NamedTuple):
    """An event; `ended` None while it is open. counts: (colour, victims), in the order of the colours."""

    pk: int
    unit: int
    what: str
    expected: int
    at: datetime
    staff_name: str
    ended: datetime | None
    total: int
    counts: tuple[tuple[policy.MassColour, int], ...]


class VictimCard(NamedTuple):
    """A victim. bed "" : in none; state: of the ticket; gone: disposition in words once the encounter is closed."""

    pk: int
    tag: str
    patient: int
    encounter: int
    name: str
    sex: str
    number: int
    colour: policy.MassColour
    version: int
    place: str
    nurse_name: str
    at: datetime
    since: datetime
    state: str
    room: str
    bed: str
    gone: Any


def event(pk: int) -> EventCard:
    """One event. Raises NoEvent."""
    found = _cards(MassEvent.objects.filter(pk=pk))
    if not found:
        raise NoEvent
    return found[0]


def events(unit: int, days: int = 7) -> list[EventCard]:
    """Open events of a unit, then those of the last days; the latest first."""
    rows = MassEvent.objects.filter(unit=unit)
    since = now() - timedelta(days=days)
    cards = _cards(rows.filter(end=None) | rows.filter(at__gte=since))
    return sorted(cards, key=lambda card: (card.ended is not None, -card.pk))


def victims(event: int) -> list[VictimCard]:
    """The victims of an event: by colour, then the one who came first."""
    rows = list(Victim.objects.filter(event=event).order_by("pk"))
    last = _last(row.pk for row in rows)
    names = patients.cards(row.patient_id for row in rows)
    nurses = people.names(each.nurse_id for each in last.values())
    encounters = [row.encounter_id for row in rows]
    tickets = {
        row.registration.encounter_id: row
        for row in Ticket.objects.filter(registration__encounter__in=encounters).select_related("registration")
    }
    colours = policy.mass_colours()
    cards = [
        _card(row, last[row.pk], names[row.patient_id], tickets[row.encounter_id], nurses, colours) for row in rows
    ]
    return sorted(cards, key=lambda card: (card.colour.level_rank, card.pk))


def without_breath(encounters: Iterable[int]) -> set[int]:
    """Of these encounters the ones whose colour in force has no level: black."""
    rows = VictimTriage.objects.filter(victim__encounter__in=set(encounters)).order_by("version")
    last = dict(rows.values_list("victim__encounter", "colour"))
    colours = policy.mass_colours()
    return {encounter for encounter, colour in last.items() if colours[colour].level is None}


def _last(victims: Iterable[int]) -> dict[int, VictimTriage]:
    """The colour in force of each victim."""
    rows = VictimTriage.objects.filter(victim__in=list(victims)).order_by("version")
    return {row.victim_id: row for row in rows}


def _cards(rows: Any) -> list[EventCard]:
    found = list(rows.select_related("end").order_by("pk"))
    names = people.names(row.staff_id for row in found)
    return [_event(row, names.get(row.staff_id, "")) for row in found]


def _event(row: MassEvent, staff_name: str) -> EventCard:
    last = _last(Victim.objects.filter(event=row).values_list("pk", flat=True))
    many = Counter(each.colour for each in last.values())
    colours = sorted(policy.mass_colours().values(), key=lambda colour: colour.level_rank)
    end = getattr(row, "end", None)
    return EventCard(
        row.pk, row.unit_id, row.what, row.expected, row.at, staff_name, end.at if end else None, len(last),
        tuple((colour, many[colour.code]) for colour in colours),
    )  # fmt: skip


def _card(row: Victim, last: VictimTriage, who: Any, ticket: Ticket, nurses: Any, colours: Any) -> VictimCard:
    visit = chart.encounter(row.encounter_id)
    return VictimCard(
        pk=row.pk,
        tag=row.tag,
        patient=row.patient_id,
        encounter=row.encounter_id,
        name=who.name,
        sex=who.sex,
        number=ticket.number,
        colour=colours[last.colour],
        version=last.version,
        place=last.place,
        nurse_name=nurses.get(last.nurse_id, ""),
        at=last.at,
        since=row.at,
        state=ticket.state,
        room=ticket.room,
        bed=chart.bed_of(row.encounter_id),
        gone=ENDINGS.get(visit.disposition, visit.disposition) if visit.closed_at else "",
    )
