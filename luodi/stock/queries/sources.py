"""Where the goods of lot numbers came from: the deliveries of each supplier, and what no delivery accounts for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from luodi.stock.models import DeliveryLine
from luodi.trust import people

ZERO = Decimal(0)


class Came(NamedTuple):
    """One lot of one delivery. `accepted` became stock; the rest was rejected, and `back` says whether it left."""

    delivery: int
    order: int | None
    unit: str
    at: datetime
    invoice: str
    lot_no: str
    expiry: date
    qty: Decimal
    accepted: Decimal
    certificate: str
    staff: str
    second: str
    back: bool

    @property
    def rejected(self) -> Decimal:
        return self.qty - self.accepted


@dataclass(frozen=True, slots=True)
class Source:
    """A supplier with what it delivered of these lot numbers, the oldest first."""

    supplier: int
    name: str
    licence: str
    licence_to: date | None
    came: tuple[Came, ...]

    @property
    def accepted(self) -> Decimal:
        return sum((each.accepted for each in self.came), ZERO)

    @property
    def rejected(self) -> Decimal:
        return sum((each.rejected for each in self.came), ZERO)


def sources(medicine: str, lot_nos: Sequence[str]) -> list[Source]:
    """The suppliers of these lot numbers in all units, by the first delivery of each."""
    rows = list(
        DeliveryLine.objects.filter(medicine=medicine, lot_no__in=lot_nos)
        .select_related("delivery__supplier", "sent_back")
        .order_by("delivery__at", "pk")
    )
    names = people.names({row.delivery.staff_id for row in rows} | {row.delivery.second_id or 0 for row in rows})
    units = people.unit_names({row.delivery.unit_id for row in rows})
    found: dict[int, list[DeliveryLine]] = {}
    for row in rows:
        found.setdefault(row.delivery.supplier_id, []).append(row)
    return [_source(lines, units, names) for lines in found.values()]


def _source(lines: list[DeliveryLine], units: dict[int, str], names: dict[int, str]) -> Source:
    supplier = lines[0].delivery.supplier
    came = tuple(_came(line, units, names) for line in lines)
    return Source(supplier.pk, supplier.name, supplier.licence, supplier.licence_to, came)


def _came(line: DeliveryLine, units: dict[int, str], names: dict[int, str]) -> Came:
    paper = line.delivery
    return Came(
        paper.pk, paper.order_id, units.get(paper.unit_id, ""), paper.at, paper.invoice, line.lot_no, line.expiry,
        line.qty, line.accepted, line.certificate, names.get(paper.staff_id, ""),
        names.get(paper.second_id or 0, ""), hasattr(line, "sent_back"),
    )  # fmt: skip
