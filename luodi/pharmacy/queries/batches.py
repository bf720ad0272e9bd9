"""病区摆药: what one ward is to get, summed so that the pharmacy walks along its shelves once.

A batch is no paper of its own: it is what waits now. Each prescription in it keeps its own dispensing, so a stopped
one has left every list by itself.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count

from luodi.controlled import duties
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.pharmacy import bench as lying
from luodi.pharmacy.models import Dispense, Package
from luodi.pharmacy.queries.baskets import strays
from luodi.stock import shelf
from luodi.trust import people
from luodi.trust.clock import now

STEPS = (Step.PREPARED, Step.CHECKED, Step.DISPENSED)


class Ward(NamedTuple):
    """A unit that receives, with how many prescriptions wait at each stage."""

    pk: int
    name: str
    prepare: int
    check: int
    hand: int


@dataclass(frozen=True, slots=True)
class InBatch:
    """A prescription of a batch. `due` holds the planned times inside the window; `alone`: controlled, done by two."""

    pk: int
    rev: int
    number: str
    patient: int
    name: str = field(repr=False)
    drugs: tuple[Any, ...]
    due: tuple[datetime, ...]
    alone: bool
    packages: int = 0


class Pull(NamedTuple):
    """How much of one lot the whole batch takes, from which place."""

    line: Any
    lot_no: str
    expiry: date
    place: str
    qty: Decimal


class Batch(NamedTuple):
    """A ward's batch at its three stages; `stray` was stopped while it lay prepared."""

    prepare: list[InBatch]
    check: list[InBatch]
    hand: list[InBatch]
    stray: list[InBatch]
    pulls: list[Pull]
    short: list[tuple[Any, Decimal, Decimal]]

    @property
    def seen(self) -> list[int]:
        """The patients named."""
        return sorted({row.patient for row in (*self.prepare, *self.check, *self.hand, *self.stray)})


def wards(unit: int) -> list[Ward]:
    """The wards for which a pharmacy unit has something to do."""
    count: dict[int, list[int]] = {}
    for place, found in enumerate(_standing(unit, None)):
        for card in found:
            count.setdefault(card.unit, [0, 0, 0])[place] += 1
    names = people.unit_names(set(count))
    return sorted((Ward(pk, names.get(pk, ""), *held) for pk, held in count.items()), key=lambda ward: ward.name)


def batch(unit: int, ward: int, hours: int | None) -> Batch:
    """What a pharmacy unit has to do for a ward; to be prepared: what is due within so many hours, None for all."""
    prepare, check, hand = _standing(unit, ward)
    stray = [card for card in strays(unit) if card.unit == ward and Step.RECEIVED in card.route]
    until = None if hours is None else now() + timedelta(hours=hours)
    times = {card.pk: _times(card.pk) for card in prepare}
    prepare = [card for card in prepare if until is None or not times[card.pk] or times[card.pk][0] <= until]
    cards = patients.cards({card.patient for card in (*prepare, *check, *hand, *stray)})

    packed = _packed([card.pk for card in (*check, *hand, *stray)])

    def shown(found: list[Any]) -> list[InBatch]:
        return [
            InBatch(
                card.pk, card.rev, card.number, card.patient, cards[card.patient].name, tuple(card.lines),
                tuple(at for at in times.get(card.pk, ()) if until is None or at <= until),
                any(duties.kept(line.medicine) for line in card.lines),
                packed.get(card.pk, 0),
            )
            for card in found
        ]  # fmt: skip

    rows = shown(prepare)
    alone = {row.pk for row in rows if row.alone}
    pulls, short = _summed(unit, [card for card in prepare if card.pk not in alone])
    return Batch(rows, shown(check), shown(hand), shown(stray), pulls, short)


def _standing(unit: int, ward: int | None) -> list[list[Any]]:
    """Cards that go to a ward before each of STEPS; what lies prepared only where this unit prepared it."""
    mine = set(Dispense.objects.filter(unit=unit, undone=None, handed=None).values_list("prescription", flat=True))
    waiting = [[w.pk for w in prescriptions.awaiting(step, ward)] for step in STEPS]
    prepare, *later = waiting
    kept = [prepare, *([pk for pk in pks if pk in mine] for pks in later)]
    return [[card for card in prescriptions.prescriptions(pks) if Step.RECEIVED in card.route] for pks in kept]


def _packed(prescriptions: list[int]) -> dict[int, int]:
    """Prescription → how many packages of it lie ready."""
    rows = Package.objects.filter(dispense__prescription__in=prescriptions, dispense__undone=None)
    counted = rows.order_by().values("dispense__prescription").annotate(n=Count("pk"))
    return dict(counted.values_list("dispense__prescription", "n"))


def _times(prescription: int) -> list[datetime]:
    tasks = prescriptions.tasks(prescription)
    return sorted(task.planned_at for task in tasks if not task.prn and task.step == Step.PLANNED)


def _summed(unit: int, cards: list[Any]) -> tuple[list[Pull], list[tuple[Any, Decimal, Decimal]]]:
    needs = [need for card in cards for need in lying.needs(card)]
    found = shelf.pick(unit, needs)
    line = {each.medicine: each for card in cards for each in card.lines}
    lots = {lot.lot: lot for lot in shelf.lots_of(unit, {need.medicine for need in needs})}
    total: dict[int, Decimal] = {}
    for pick in found.picks:
        total[pick.lot] = total.get(pick.lot, Decimal(0)) + pick.qty
    pulls = [
        Pull(line[lots[pk].medicine], lots[pk].lot_no, lots[pk].expiry, lots[pk].place, qty)
        for pk, qty in total.items()
    ]
    short = [(line[each.medicine], each.wanted, each.on_hand) for each in found.shorts]
    return sorted(pulls, key=lambda pull: (pull.place, pull.line.generic, pull.expiry)), short


def numbered(refused: list[tuple[int, Any]]) -> list[tuple[str, Any]]:
    """Refusals of prescriptions, each under the number that a person calls it by."""
    held = prescriptions.headers([pk for pk, _refusal in refused])
    return [(held[pk].number if pk in held else "", refusal) for pk, refusal in refused]


def ward_name(ward: int) -> str:
    """What a ward is called."""
    return people.unit_name(ward)
