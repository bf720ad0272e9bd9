"""退药: what came back of which package, what waits to be judged, what became of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from luodi.orders import queries as prescriptions
from luodi.patients import queries as patients
from luodi.pharmacy import taking
from luodi.pharmacy.models import Decision, Picked, Return, ReturnedLot
from luodi.pharmacy.queries.packed import PackageCard, cards
from luodi.stock.queries import blocked_by
from luodi.trust import people

ZERO = Decimal(0)
SHOWN = 60  # of those judged


class Back(NamedTuple):
    """Of one lot in one package: what went to the shelf again, and what is apart or wasted, in pack units."""

    restocked: Decimal
    apart: Decimal


@dataclass(frozen=True, slots=True)
class ReturnCard:
    """A return with its package. `barred`: why it may not go to the shelf. `outcome` "" until it is judged."""

    pk: int
    package: PackageCard
    number: str
    patient: int
    name: str = field(repr=False)
    unit: str
    origin: str
    reason: str
    intact: bool
    lots: tuple[tuple[str, Decimal], ...]
    by: str
    asker: int
    at: datetime
    barred: tuple[Any, ...]
    outcome: str
    outcome_words: Any
    words: str
    judged_by: str
    judged_at: datetime | None


def left_in(package: int) -> dict[int, Decimal]:
    """Lot → what a package was handed over with and nobody has brought back."""
    held = dict(Picked.objects.filter(package=package).values_list("lot", "qty"))
    for (_package, lot), found in came_back([package]).items():
        held[lot] -= found.restocked + found.apart
    return held


def came_back(packages: Iterable[int]) -> dict[tuple[int, int], Back]:
    """(package, lot) → what came back of it; what was handed back to its bearer does not count."""
    return _sums(ReturnedLot.objects.filter(ret__package__in=list(packages)))


def came_back_of(lots: Iterable[int]) -> dict[tuple[int, int], Back]:
    """The same for everything that came back of some lots."""
    return _sums(ReturnedLot.objects.filter(lot__in=list(lots)))


def _sums(rows: "QuerySet[Any]") -> dict[tuple[int, int], Back]:
    rows = rows.exclude(ret__decision__outcome=Decision.Outcome.REFUSED)
    found: dict[tuple[int, int], Back] = defaultdict(lambda: Back(ZERO, ZERO))
    for package, lot, qty, outcome in rows.values_list("ret__package", "lot", "qty", "ret__decision__outcome"):
        before = found[package, lot]
        if outcome == Decision.Outcome.RESTOCK:
            found[package, lot] = before._replace(restocked=before.restocked + qty)
        else:
            found[package, lot] = before._replace(apart=before.apart + qty)
    return dict(found)


def to_judge(unit: int) -> list[ReturnCard]:
    """Returns that wait for a pharmacist of `unit`, the longest first."""
    return _cards(Return.objects.filter(unit=unit, decision=None).order_by("at"))


def judged(unit: int) -> list[ReturnCard]:
    """The latest returns that were judged in `unit`."""
    return _cards(Return.objects.filter(unit=unit).exclude(decision=None).order_by("-decision__at")[:SHOWN])


def _cards(rows: Any) -> list[ReturnCard]:
    rows = list(rows.select_related("package__dispense", "decision").prefetch_related("lots__lot"))
    names = people.names(
        {row.staff_id for row in rows} | {row.decision.staff_id for row in rows if hasattr(row, "decision")}
    )
    headers = {row.package.dispense.prescription_id: None for row in rows}
    sheets = {pk: prescriptions.prescription(pk) for pk in headers}
    whose = patients.cards({sheet.patient for sheet in sheets.values()})
    units = people.unit_names({sheet.unit for sheet in sheets.values()})
    return [_card(row, sheets[row.package.dispense.prescription_id], whose, units, names) for row in rows]


def _card(row: Return, sheet: Any, whose: Any, units: Any, names: Any) -> ReturnCard:
    lots = [(each.lot, each.qty) for each in row.lots.all()]
    decision = getattr(row, "decision", None)
    blocked = [blocked_by(lot.state, lot.expiry) for lot, _qty in lots]
    return ReturnCard(
        row.pk, cards(sheet, [row.package])[0], sheet.number, sheet.patient, whose[sheet.patient].name,
        units.get(sheet.unit, ""), row.origin, taking.named(row.origin, row.reason), row.intact,
        tuple((lot.lot_no, qty) for lot, qty in lots), names.get(row.staff_id, ""), row.staff_id, row.at,
        tuple(taking.barred(row.origin, row.reason, row.package.medicine, intact=row.intact, blocked=blocked)),
        decision.outcome if decision else "", taking.OUTCOMES.get(decision.outcome, "") if decision else "",
        decision.words if decision else "", names.get(decision.staff_id, "") if decision else "",
        decision.at if decision else None,
    )  # fmt: skip


def one_return(unit: int, pk: int) -> ReturnCard | None:
    """One return of a unit; None where it has none such."""
    return next(iter(_cards(Return.objects.filter(unit=unit, pk=pk))), None)
