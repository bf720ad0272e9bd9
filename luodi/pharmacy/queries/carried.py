"""Who has what of which lot: packages that were handed over, and every package of a lot number."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from luodi.orders import queries as prescriptions
from luodi.pharmacy.models import HandOver, Package, Picked
from luodi.pharmacy.queries.back import came_back_of
from luodi.pharmacy.queries.packed import PackageCard, cards


class Handed(NamedTuple):
    """A package that left the pharmacy."""

    package: PackageCard
    at: datetime
    to_ward: bool


class Carried(NamedTuple):
    """What one package holds of one lot, without what went to the shelf again. `unit` is the pharmacy.

    `handed_at` None: it lies prepared. `back`: of it came back and is kept apart or was wasted.
    """

    package: int
    lot: int
    lot_no: str
    qty: Decimal
    prescription: int
    patient: int
    encounter: int
    unit: int
    ward: int
    prepared_at: datetime
    handed_at: datetime | None
    to_ward: bool
    back: Decimal = Decimal(0)


def handed(patients: Iterable[int], since: datetime) -> list[Handed]:
    """Packages handed over for these records since a moment, the newest first."""
    rows = HandOver.objects.filter(dispense__prescription__patient__in=list(patients), at__gte=since)
    found: list[Handed] = []
    for row in rows.select_related("dispense").order_by("-at"):
        card = prescriptions.prescription(row.dispense.prescription_id, version=row.dispense.version)
        packs = cards(card, Package.objects.filter(dispense=row.dispense_id).order_by("seq"))
        found += [Handed(pack, row.at, row.to_ward) for pack in packs]
    return found


def packs(pks: Iterable[int]) -> dict[int, PackageCard]:
    """Packages by their keys, as they were packed."""
    found: dict[int, PackageCard] = {}
    by_dispense: dict[int, list[Package]] = {}
    for row in Package.objects.filter(pk__in=list(pks)).select_related("dispense").order_by("pk"):
        by_dispense.setdefault(row.dispense_id, []).append(row)
    for rows in by_dispense.values():
        dispense = rows[0].dispense
        card = prescriptions.prescription(dispense.prescription_id, version=dispense.version)
        found |= {pack.pk: pack for pack in cards(card, rows)}
    return found


_CARRIED = (
    "package", "lot", "lot__lot_no", "qty", "package__dispense__prescription",
    "package__dispense__prescription__patient", "package__dispense__prescription__encounter",
    "package__dispense__unit", "package__dispense__prescription__unit", "package__dispense__at",
    "package__dispense__handed__at", "package__dispense__handed__to_ward",
)  # fmt: skip


def carried(lots: Sequence[int]) -> list[Carried]:
    """Every package that holds some of these lots and was not undone, in two queries."""
    rows = Picked.objects.filter(lot__in=lots, package__dispense__undone=None).order_by("package", "lot")
    back = came_back_of(lots)
    found = []
    for row in rows.values_list(*_CARRIED):
        each = Carried(*row)._replace(to_ward=bool(row[-1]))
        came = back.get((each.package, each.lot))
        if came is not None:
            each = each._replace(qty=each.qty - came.restocked, back=came.apart)
        if each.qty > 0:
            found.append(each)
    return found
