"""What a stocktake found so far, and what a month moved: read by the acts that decide on it and by the screens."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Sum

from luodi.stock import costs
from luodi.stock.models import Account, Movement, Sheet, Stocktake
from luodi.terms import queries as terms
from luodi.trust.clock import HOSPITAL_ZONE

ZERO = Decimal(0)
CAME = ("opening", "receipt", "return", "arrive", "back", "unuse", "takeback")
ADJUSTED = ("adjust", "waste")


@dataclass(frozen=True, slots=True)
class Counted:
    """A lot of a stocktake. The difference is that of the last round counted, None before any; worth at the average.

    `cost` is the moving average of the place in yuan a unit.
    """

    pk: int
    lot: int
    medicine: str
    lot_no: str
    expiry: date
    place: str
    rev: int
    drug: Any
    first: Decimal | None
    second: Decimal | None
    book: Decimal | None
    counters: tuple[int, ...]
    cost: Decimal

    @property
    def counted(self) -> Decimal | None:
        return self.first if self.second is None else self.second

    @property
    def difference(self) -> Decimal | None:
        return None if self.counted is None or self.book is None else self.counted - self.book

    @property
    def worth(self) -> Decimal:
        return costs.rounded((self.difference or ZERO) * self.cost)

    def waits(self, turn: int) -> bool:
        """Whether it is still to be counted in a round; the second asks for those that differed in the first."""
        if turn == 1:
            return self.first is None
        return self.second is None and bool(self.difference)


def sheets(stocktake: int) -> list[Counted]:
    """The lots of a stocktake, by place, medicine and expiry."""
    rows = Sheet.objects.filter(stocktake=stocktake).select_related("lot").prefetch_related("tallies")
    unit = Stocktake.objects.values_list("unit", flat=True).get(pk=stocktake)
    cost = dict(Account.objects.filter(unit=unit).values_list("medicine", "cost"))
    found = [_counted(row, cost) for row in rows]
    return sorted(found, key=lambda each: (each.place, each.medicine, each.expiry, each.lot))


def _counted(row: Sheet, cost: dict[str, Decimal]) -> Counted:
    tallies = sorted(row.tallies.all(), key=lambda each: each.pk)
    newest = {turn: next((t for t in reversed(tallies) if t.round == turn), None) for turn in (1, 2)}
    last, lot = newest[2] or newest[1], row.lot
    return Counted(
        row.pk, lot.pk, lot.medicine, lot.lot_no, lot.expiry, lot.place, lot.rev, terms.medicine(lot.medicine),
        newest[1].counted if newest[1] else None, newest[2].counted if newest[2] else None,
        last.book if last else None, tuple(t.staff_id for t in tallies), cost.get(lot.medicine, ZERO),
    )  # fmt: skip


class MonthLine(NamedTuple):
    """One medicine of a month, in quantity and in value: opening + came - went + adjusted = closing."""

    medicine: str
    opening: Decimal
    opening_value: Decimal
    came: Decimal
    came_value: Decimal
    went: Decimal
    went_value: Decimal
    adjusted: Decimal
    adjusted_value: Decimal
    closing_qty: Decimal
    closing_value: Decimal

    @property
    def balances(self) -> bool:
        qty = self.opening + self.came - self.went + self.adjusted
        value = self.opening_value + self.came_value - self.went_value + self.adjusted_value
        return (qty, value) == (self.closing_qty, self.closing_value)


def after(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), HOSPITAL_ZONE)


def month(unit: int, first: date, head: int) -> list[MonthLine]:
    """What a month moved in a place, by medicine, as of a ledger head.

    The closing is summed from all movements up to the month's end and so does not follow from the other columns.
    """
    rows = Movement.objects.all().as_of(head).filter(lot__unit=unit)
    begins, ends = _begins(first), _begins(after(first))
    before = _sums(rows.filter(at__lt=begins))
    during = _sums(rows.filter(at__gte=begins, at__lt=ends))
    until = _sums(rows.filter(at__lt=ends))
    medicines = sorted({medicine for medicine, _kind in until})
    return [_line(medicine, before, during, until) for medicine in medicines]


Sums = dict[tuple[str, str], tuple[Decimal, Decimal]]


def _sums(rows: Any) -> Sums:
    summed = rows.values("lot__medicine", "kind").annotate(q=Sum("qty"), v=Sum("value")).order_by()
    return {
        (medicine, kind): (round(qty, 3), costs.rounded(value))
        for medicine, kind, qty, value in summed.values_list("lot__medicine", "kind", "q", "v")
    }


def _of(
    sums: Sums, medicine: str, kinds: Sequence[str] | None = None, but: Sequence[str] = ()
) -> tuple[Decimal, Decimal]:
    total: dict[int, Decimal] = defaultdict(Decimal)
    for (code, kind), pair in sums.items():
        if code == medicine and kind not in but and (kinds is None or kind in kinds):
            for place, each in enumerate(pair):
                total[place] += each
    return total[0], total[1]


def _line(medicine: str, before: Sums, during: Sums, until: Sums) -> MonthLine:
    went = _of(during, medicine, but=(*CAME, *ADJUSTED))
    return MonthLine(
        medicine, *_of(before, medicine), *_of(during, medicine, CAME), *(-went[0], -went[1]),
        *_of(during, medicine, ADJUSTED), *_of(until, medicine),
    )  # fmt: skip
