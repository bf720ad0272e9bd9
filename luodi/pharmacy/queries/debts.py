"""欠药: what a pharmacy owes, whether it has come by now, and what was handed over before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.pharmacy import bench, owing
from luodi.pharmacy.models import DebtEnd, Dispense, HandOver, Package
from luodi.stock import queries as store
from luodi.trust import people
from luodi.trust.clock import now


class PartLine(NamedTuple):
    """A line of which something is due: `left` to be given, `there` on the shelf, `offered` to give now."""

    number: int
    line: Any
    left: Decimal
    there: Decimal
    offered: Decimal


@dataclass(frozen=True, slots=True)
class Debt:
    """What one prescription is owed. `since`: when a part was last handed over; `until`: last minute of the rest."""

    pk: int
    number: str
    patient: int
    name: str = field(repr=False)
    sex: str
    birth_date: date | None = field(repr=False)
    unit: str
    visit_class: str
    since: datetime
    until: datetime
    overdue: bool
    lines: tuple[PartLine, ...]

    @property
    def come(self) -> bool:
        """All of it lies on the shelf."""
        return all(each.there >= each.left for each in self.lines)

    @property
    def some(self) -> bool:
        """A part of it lies on the shelf."""
        return any(each.offered > 0 for each in self.lines)


class Part(NamedTuple):
    """A hand-over: when, by whom, and what (line number, drug, quantity)."""

    at: datetime
    by: str
    items: tuple[tuple[int, Any, Decimal], ...]


class Ended(NamedTuple):
    """How a debt was closed without the rest: the words of its reason."""

    at: datetime
    by: str
    reason: Any


def part_lines(card: Any, unit: int) -> list[PartLine]:
    """What may be handed over of a prescription now, where the shelf of `unit` lacks something of it."""
    return _part_lines(card, bench.given_before(card.pk), store.available(unit, {x.medicine for x in card.lines}))


def _part_lines(card: Any, given: Mapping[int, Decimal], there: Mapping[str, Decimal]) -> list[PartLine]:
    left = owing.rest(card.lines, given)
    offer = owing.offered(card.lines, left, there)
    return [
        PartLine(number, line, left[line.pk], there[line.medicine], offer[line.pk])
        for number, line in enumerate(card.lines, 1)
        if line.pk in left
    ]


def may_part(card: Any) -> bool:
    """Whether a prescription of this kind is handed over in parts at all."""
    return Step.RECEIVED not in card.route and owing.until(card.visit_class, now()) is not None


def owed(unit: int) -> int:
    """How many prescriptions the pharmacy `unit` owes something on."""
    return (
        Dispense.objects.filter(prescription__step=Step.OWED, unit=unit, undone=None)
        .values("prescription")
        .distinct()
        .count()
    )


def debts(unit: int) -> list[Debt]:
    """What the pharmacy `unit` owes, what has come first, then the longest owed."""
    waiting = {row.pk: row for row in prescriptions.owing()}
    mine = Dispense.objects.filter(prescription__in=list(waiting), unit=unit, undone=None)
    cards = prescriptions.prescriptions(sorted(set(mine.values_list("prescription", flat=True))))
    given = _given([card.pk for card in cards])
    there = store.available(unit, {line.medicine for card in cards for line in card.lines})
    whose = patients.cards({card.patient for card in cards})
    units = people.unit_names({card.unit for card in cards})
    found = [
        _debt(card, waiting[card.pk], whose[card.patient], units, _part_lines(card, given[card.pk], there))
        for card in cards
    ]
    return sorted(found, key=lambda debt: (not debt.come, not debt.some, debt.since))


def _debt(card: Any, row: Any, patient: Any, units: Mapping[int, str], lines: list[PartLine]) -> Debt:
    return Debt(
        card.pk, card.number, card.patient, patient.name, patient.sex, patient.birth_date,
        units.get(card.unit, ""), card.visit_class, row.since, card.rest_through, card.rest_until <= now(),
        tuple(lines),
    )  # fmt: skip


def _given(pks: list[int]) -> dict[int, dict[int, Decimal]]:
    found: dict[int, dict[int, Decimal]] = {pk: {} for pk in pks}
    rows = Package.objects.filter(
        dispense__prescription__in=pks, dispense__undone__isnull=True, dispense__handed__isnull=False
    )
    for pk, line, qty in rows.values_list("dispense__prescription", "line", "qty"):
        found[pk][line] = found[pk].get(line, Decimal(0)) + qty
    return found


def parts(card: Any) -> list[Part]:
    """The hand-overs of a prescription in order."""
    lines = {line.pk: (number, line) for number, line in enumerate(card.lines, 1)}
    rows = list(HandOver.objects.filter(dispense__prescription=card.pk).order_by("at").select_related("dispense"))
    names = people.names({row.hander_id for row in rows})
    return [
        Part(row.at, names.get(row.hander_id, ""), tuple(
            (*lines[package.line_id], package.qty) for package in row.dispense.packages.order_by("seq")
        ))
        for row in rows
    ]  # fmt: skip


def ended(prescription: int) -> Ended | None:
    """How the debt of a prescription was closed; None where it was not."""
    row = DebtEnd.objects.filter(prescription=prescription).first()
    return Ended(row.at, people.name(row.staff_id), owing.ENDS.get(row.reason, row.reason)) if row else None
