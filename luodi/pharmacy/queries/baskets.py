"""The dispensing bench: four baskets, and what one prescription needs or holds."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.pharmacy import bench as lying
from luodi.pharmacy import limits
from luodi.pharmacy.models import Dispense
from luodi.pharmacy.queries import debts
from luodi.stock import shelf
from luodi.trust import people
from luodi.trust.clock import now


@dataclass(frozen=True, slots=True)
class Row:
    """A prescription in a basket. `since` is when it came there."""

    pk: int
    number: str
    since: datetime
    patient: int
    name: str = field(repr=False)
    sex: str
    birth_date: date | None = field(repr=False)
    unit: str
    visit_class: str
    kind: str
    drugs: int
    high_alert: bool
    controlled: bool
    uncollected: bool = False  # lies ready past the time in which it is fetched


class Bench(NamedTuple):
    """待配 · 待核 · 待发 · 待放回 (prepared, then stopped or lapsed). Each the longest waiting first."""

    prepare: list[Row]
    check: list[Row]
    hand: list[Row]
    stray: list[Row]

    @property
    def seen(self) -> list[int]:
        """The patients named."""
        return sorted({row.patient for basket in self for row in basket})


class Pulled(NamedTuple):
    """One pick of a plan, in the order of the bins: how much of which lot for which line."""

    number: int
    line: Any
    lot_no: str
    expiry: date
    place: str
    qty: Decimal


class Planned(NamedTuple):
    """What a preparation would take now; `short` holds what is lacking, as (drug card line, wanted, on hand).

    parts: where something is lacking and a part may be handed over, what of each line; the pulls are of it then.
    """

    pulls: list[Pulled]
    packages: int
    short: list[tuple[Any, Decimal, Decimal]]
    parts: list[debts.PartLine]


@dataclass(frozen=True, slots=True)
class Dispensing:
    """The live preparation of a prescription: who did what, when."""

    pk: int
    unit: int
    preparer: int
    prepared_by: str
    prepared_at: datetime
    checked_by: str
    checked_at: datetime | None
    handed_by: str
    handed_at: datetime | None
    mismatches: int


def bench(unit: int) -> Bench:
    """The baskets of a pharmacy unit. What waits to be prepared is open to every pharmacy."""
    mine = set(Dispense.objects.filter(unit=unit, undone=None, handed=None).values_list("prescription", flat=True))
    waiting = [
        prescriptions.awaiting_preparation(),
        [w for w in prescriptions.awaiting_check() if w.pk in mine],
        [w for w in prescriptions.awaiting_handing() if w.pk in mine],
    ]
    stopped = strays(unit)
    cards = patients.cards({w.patient for basket in waiting for w in basket} | {s.patient for s in stopped})
    units = people.unit_names({w.unit for basket in waiting for w in basket} | {s.unit for s in stopped})
    baskets = [[_row(w, cards[w.patient], units, w.since, w.drugs) for w in basket] for basket in waiting]
    stray = [_row(s, cards[s.patient], units, s.signed_at, len(s.lines)) for s in stopped]
    prepare, check, hand = baskets
    hand = [replace(row, uncollected=is_uncollected(row.visit_class, row.since)) for row in hand]
    hand.sort(key=lambda row: (not row.uncollected, row.since))
    return Bench(prepare, check, hand, stray)


def _row(found: Any, card: Any, units: dict[int, str], since: datetime, drugs: int) -> Row:
    lines = getattr(found, "lines", ())
    return Row(
        found.pk, found.number, since, found.patient, card.name, card.sex, card.birth_date,
        units.get(found.unit, ""), found.visit_class, found.kind, drugs,
        getattr(found, "high_alert", any(line.high_alert for line in lines)),
        getattr(found, "controlled", any(line.control for line in lines)),
    )  # fmt: skip


def is_uncollected(visit_class: str, since: datetime) -> bool:
    """Whether what was checked at `since` should have been fetched by now."""
    due = limits.due(limits.COLLECT, visit_class, since)
    return due is not None and due < now()


def strays(unit: int) -> list[Any]:
    """Prescription cards that were stopped or lapsed while their packages lay prepared in a unit."""
    live = Dispense.objects.filter(unit=unit, undone=None, handed=None).order_by("at")
    cards = prescriptions.prescriptions(list(live.values_list("prescription", flat=True)))
    return [card for card in cards if card.step in (Step.STOPPED, Step.EXPIRED) or prescriptions.has_lapsed(card)]


def plan(prescription: int, unit: int) -> Planned:
    """The FEFO picks that a preparation in `unit` would make now, by place, and what is short."""
    card = prescriptions.prescription(prescription)
    needs = lying.needs(card)
    found = shelf.pick(unit, needs)
    by_code = {line.medicine: line for line in card.lines}
    short = [(by_code[s.medicine], s.wanted, s.on_hand) for s in found.shorts]
    parts = debts.part_lines(card, unit) if short and debts.may_part(card) else []
    if not any(each.offered for each in parts):
        parts = []
    if parts:
        offered = {each.line.pk: each.offered for each in parts}
        needs = [replace(need, qty=offered[need.line]) for need in needs if offered[need.line] > 0]
        found = shelf.pick(unit, needs)
    lots = {lot.lot: lot for lot in shelf.lots_of(unit, {need.medicine for need in needs})}
    lines = {line.pk: (number, line) for number, line in enumerate(card.lines, 1)}
    pulled: dict[tuple[int, int], Decimal] = {}
    for pick in found.picks:
        key = (needs[pick.need].line, pick.lot)
        pulled[key] = pulled.get(key, Decimal(0)) + pick.qty
    pulls = [
        Pulled(*lines[line], lots[lot].lot_no, lots[lot].expiry, lots[lot].place, qty)
        for (line, lot), qty in pulled.items()
    ]
    return Planned(sorted(pulls, key=lambda p: (p.place, p.number, p.expiry)), len(needs), short, parts)


def dispensing(prescription: int) -> Dispensing | None:
    """The live preparation; None where there is none."""
    row = (
        Dispense.objects.filter(prescription=prescription, undone=None)
        .select_related("checked", "handed")
        .prefetch_related("mismatches")
        .order_by("-attempt")
        .first()
    )
    if row is None:
        return None
    checked, handed = getattr(row, "checked", None), getattr(row, "handed", None)
    people_of = [row.preparer_id, getattr(checked, "checker_id", 0), getattr(handed, "hander_id", 0)]
    names = people.names(people_of)
    return Dispensing(
        row.pk, row.unit_id, row.preparer_id, names.get(row.preparer_id, ""), row.at,
        names.get(checked.checker_id, "") if checked else "", checked.at if checked else None,
        names.get(handed.hander_id, "") if handed else "", handed.at if handed else None,
        len(row.mismatches.all()),
    )  # fmt: skip
