"""Orders, transfers and stocktakes as the screens show them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from luodi.stock.models import (
    Cargo,
    DeliveryLine,
    Order,
    OrderLine,
    Stocktake,
    Transfer,
    Turn,
)  # fmt: skip
from luodi.stock.ordering import came, lines_of
from luodi.stock.queries.supply import OPEN_ORDERS, available
from luodi.terms import queries as terms
from luodi.trust import people

ZERO = Decimal(0)


class Told(NamedTuple):
    """A document came into a state."""

    state: str
    staff: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PaperCard:
    """An order, transfer or stocktake. `other`: the supplier, or the place that gives; `worth` in yuan."""

    pk: int
    state: str
    rev: int
    unit: int
    unit_name: str
    other: str
    other_pk: int
    staff: str
    at: datetime
    count: int
    worth: Decimal = ZERO


def turns(kind: str, pk: int) -> list[Told]:
    """The states of a document, the first first."""
    rows = list(Turn.objects.filter(kind=kind, document=pk).order_by("pk"))
    names = people.names({row.staff_id for row in rows})
    return [Told(row.state, names.get(row.staff_id, ""), row.at, row.reason) for row in rows]


def _cards(
    rows: Iterable[Any], other: Callable[[Any], tuple[str, int]], count: Any, worth: Any = lambda _row: ZERO
) -> list[PaperCard]:
    rows = list(rows)
    names = people.names({row.staff_id for row in rows})
    units = people.unit_names({row.unit_id for row in rows})
    return [
        PaperCard(
            row.pk, row.state, row.rev, row.unit_id, units[row.unit_id], *other(row), names.get(row.staff_id, ""),
            row.at, count(row), worth(row),
        )
        for row in rows
    ]  # fmt: skip


def _worth(order: int) -> Decimal:
    return sum((line.qty * line.price for line in lines_of(order)), ZERO)


def orders(state: str = "", pk: int | None = None, limit: int = 500) -> list[PaperCard]:
    """Orders, the newest first; `state` "" for those that are still open, "all" for every one."""
    rows = Order.objects.select_related("supplier").order_by("-pk")
    if pk is not None:
        rows = rows.filter(pk=pk)
    elif state != "all":
        rows = rows.filter(state=state) if state else rows.filter(state__in=["draft", *OPEN_ORDERS])
    return _cards(
        rows[:limit],
        lambda row: (row.supplier.name, row.supplier_id),
        lambda row: len(lines_of(row.pk)),
        lambda row: _worth(row.pk),
    )


class Ordered(NamedTuple):
    """One line of an order with what came of it."""

    line: OrderLine
    drug: Any
    came: Decimal

    @property
    def rest(self) -> Decimal:
        return max(self.line.qty - self.came, ZERO)


def ordered(order: int) -> list[Ordered]:
    """The lines of an order's newest version."""
    got = came(order)
    return [Ordered(line, terms.medicine(line.medicine), got.get(line.medicine, ZERO)) for line in lines_of(order)]


def transfers(units: Iterable[int], *, open_only: bool = True, pk: int | None = None) -> list[PaperCard]:
    """Transfers that come to or leave from some units, the newest first."""
    rows = Transfer.objects.order_by("-pk")
    if pk is not None:
        rows = rows.filter(pk=pk)
    mine = set(units)
    rows = rows.filter(unit__in=mine) | rows.filter(source__in=mine)
    if open_only:
        rows = rows.filter(state__in=["asked", "sent", "differs"])
    names = people.unit_names(rows.values_list("source", flat=True))
    return _cards(
        rows.distinct()[:500], lambda row: (names[row.source_id], row.source_id), lambda row: row.lines.count()
    )


class Wanted(NamedTuple):
    """A line of a transfer, with what the source may give now."""

    medicine: str
    drug: Any
    wanted: Decimal
    here: Decimal

    @property
    def offer(self) -> Decimal:
        return min(self.wanted, self.here)


def wanted(transfer: int) -> list[Wanted]:
    """What was asked for."""
    row = Transfer.objects.get(pk=transfer)
    lines = list(row.lines.order_by("medicine").values_list("medicine", "wanted"))
    here = available(row.source_id, [medicine for medicine, _qty in lines])
    return [Wanted(medicine, terms.medicine(medicine), qty, here[medicine]) for medicine, qty in lines]


def cargo(transfer: int) -> list[tuple[Cargo, Any]]:
    """The lots of a transfer with their drugs."""
    rows = Cargo.objects.filter(transfer=transfer).select_related("lot").order_by("lot__medicine", "lot__expiry")
    return [(row, terms.medicine(row.lot.medicine)) for row in rows]


def stocktakes(units: Iterable[int], pk: int | None = None) -> list[PaperCard]:
    """Stocktakes of some units, the newest first."""
    rows = Stocktake.objects.filter(unit__in=list(units)).order_by("-pk")
    if pk is not None:
        rows = rows.filter(pk=pk)
    return _cards(rows[:100], lambda row: (row.shelf, 0), lambda row: row.sheets.count())


def rejected(unit: int) -> list[tuple[DeliveryLine, Any]]:
    """Rejected goods that still wait to be sent back, with their drugs."""
    rows = DeliveryLine.objects.filter(delivery__unit=unit, sent_back__isnull=True).exclude(reason="")
    return [(row, terms.medicine(row.medicine)) for row in rows.select_related("delivery__supplier").order_by("pk")]
