"""What a package holds, for the second check, the label and the bedside."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.orders import queries as prescriptions
from luodi.pharmacy import barcode, bench
from luodi.pharmacy.models import Decision, Package, Picked, Return
from luodi.stock.queries import blocked_by
from luodi.trust.question import NUMBER, NUMBERS, TEXT, Question


def _live() -> "QuerySet[Any]":
    return Package.objects.filter(dispense__undone__isnull=True).select_related("dispense")


_SCANNED = Question(lambda code: _live().filter(barcode=code), TEXT)
_PACKAGES = Question(lambda rx: _live().filter(dispense__prescription=rx).order_by("seq"), NUMBER)
_PICKED = Question(
    lambda packages: Picked.objects.filter(package__in=packages).select_related("lot").order_by("lot__expiry", "lot"),
    NUMBERS,
)


_RETURNED = Question(
    lambda packages: (
        Return.objects.filter(package__in=packages)
        .exclude(decision__outcome=Decision.Outcome.REFUSED)
        .values_list("package", flat=True)
    ),
    NUMBERS,
)


def is_returned(package: int) -> bool:
    """Whether a package was given back, and not handed out again."""
    return bool(_RETURNED.all([package]))


@dataclass(frozen=True, slots=True)
class LotInPackage:
    """A lot in a package; `qty` in pack units. `blocked` says in words why it may not be used now, "" where it may."""

    lot: int
    lot_no: str
    expiry: date
    qty: Decimal
    place: str
    blocked: Any


@dataclass(frozen=True, slots=True)
class PackageCard:
    """A package with its line. `task` None: not made for one planned dose. `expiry` is the earliest of its lots.

    `number` is the place of the line on the sheet; `drug` is the line card (a drug_line).
    """

    pk: int
    barcode: str
    dispense: int
    prescription: int
    patient: int
    encounter: int
    line: int
    number: int
    task: int | None
    planned_at: datetime | None
    seq: int
    medicine: str
    qty: Decimal
    unit: str
    lots: tuple[LotInPackage, ...]
    returned: bool  # some of it was given back, and not handed out again
    drug: Any = field(repr=False)

    @property
    def expiry(self) -> date:
        return min(lot.expiry for lot in self.lots)

    @property
    def lot_no(self) -> str:
        return "、".join(lot.lot_no for lot in self.lots)

    @property
    def blocked(self) -> Any:
        """Why it may not be given now: given back, a lot expired, quarantined or recalled since; "" where it may."""
        return _("已退药") if self.returned else next((lot.blocked for lot in self.lots if lot.blocked), "")


def package(code: str) -> PackageCard | None:
    """The package of a scanned code; None for an unknown one and for the torn label of an undone preparation."""
    row = _SCANNED.first(barcode.clean(code))
    if row is None:
        return None
    return cards(prescriptions.prescription(row.dispense.prescription_id, version=row.dispense.version), [row])[0]


def read_as(code: str) -> Any:
    """In words, what a scanned code is that is no package now: the label of an undone preparation, or no package."""
    return bench.torn_label() if is_torn(code) else bench.unknown_scan(code)


def is_torn(code: str) -> bool:
    """Whether a scanned code is the label of a preparation that was undone."""
    return Package.objects.filter(barcode=barcode.clean(code), dispense__undone__isnull=False).exists()


def packages(prescription: int) -> list[PackageCard]:
    """The packages of the latest preparation that was not undone, in order; empty where there is none."""
    held = _PACKAGES.all(prescription)
    if not held:
        return []
    latest = max(row.dispense.attempt for row in held)
    rows = [row for row in held if row.dispense.attempt == latest]
    return cards(prescriptions.prescription(prescription, version=rows[0].dispense.version), rows)


def of_tasks(tasks: Iterable[int]) -> list[PackageCard]:
    """Packages of planned doses that were handed over, whatever became of the doses, by prescription."""
    rows = _live().filter(task__in=list(tasks), dispense__handed__isnull=False).order_by("dispense", "seq")
    by_sheet: dict[tuple[int, int], list[Package]] = {}
    for row in rows:
        by_sheet.setdefault((row.dispense.prescription_id, row.dispense.version), []).append(row)
    return [
        each
        for (rx, version), held in by_sheet.items()
        for each in cards(prescriptions.prescription(rx, version=version), held)
    ]


def cards(card: Any, rows: Iterable[Package]) -> list[PackageCard]:
    """Cards of packages of one prescription."""
    rows = list(rows)
    lots, returned = _lots(rows), set(_RETURNED.all([row.pk for row in rows]))
    lines = {line.pk: (number, line) for number, line in enumerate(card.lines, 1)}
    due = prescriptions.planned([row.task_id for row in rows if row.task_id])
    return [
        PackageCard(
            row.pk, row.barcode, row.dispense_id, card.pk, card.patient, card.encounter, row.line_id,
            lines[row.line_id][0], row.task_id, due.get(row.task_id or 0), row.seq, row.medicine, row.qty,
            lines[row.line_id][1].pack_unit, lots[row.pk], row.pk in returned, lines[row.line_id][1],
        )
        for row in rows
    ]  # fmt: skip


def _lots(rows: list[Package]) -> dict[int, tuple[LotInPackage, ...]]:
    held: dict[int, list[LotInPackage]] = {row.pk: [] for row in rows}
    for each in _PICKED.all(list(held)):
        lot = each.lot
        held[each.package_id].append(
            LotInPackage(lot.pk, lot.lot_no, lot.expiry, each.qty, lot.place, blocked_by(lot.state, lot.expiry))
        )
    return {pk: tuple(lots) for pk, lots in held.items()}
