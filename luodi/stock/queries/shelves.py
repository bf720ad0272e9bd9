"""What the store of one unit holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.stock.models import Lot, Minimum, Movement, ProductCode
from luodi.terms import queries as terms
from luodi.trust import people
from luodi.trust.clock import today

SOON = timedelta(days=90)
ZERO = Decimal(0)
STATE_WORDS = {Lot.State.QUARANTINED: _("已隔离"), Lot.State.RECALLED: _("已召回")}


def blocked_by(state: str, expiry: date) -> Any:
    """Why a lot may not leave the shelf, in words; "" where it may."""
    if state != Lot.State.USABLE:
        return STATE_WORDS[Lot.State(state)]
    return _("已过期") if expiry < today() else ""


@dataclass(frozen=True, slots=True)
class LotCard:
    """One lot on the shelf. `blocked` in words, "" where it may be picked; `soon`: expires within 90 days."""

    pk: int
    medicine: str
    lot_no: str
    expiry: date
    place: str
    on_hand: Decimal
    state: str
    rev: int
    blocked: Any
    soon: bool
    drug: Any  # terms.MedicineCard | None
    unit: int = 0


@dataclass(slots=True)
class StockRow:
    """One medicine in a unit: what may be picked, against the least wanted (None: no minimum was set)."""

    medicine: str
    drug: Any
    usable: Decimal = ZERO
    blocked: Decimal = ZERO
    expired: Decimal = ZERO
    expiring: Decimal = ZERO
    nearest: date | None = None
    least: Decimal | None = None

    @property
    def below(self) -> bool:
        return self.least is not None and self.usable < self.least


class Moved(NamedTuple):
    """One movement of a lot with the balance after it."""

    at: datetime
    kind: str
    qty: Decimal
    balance: Decimal
    staff: str


def stock(unit: int, text: str = "", *, show: str = "") -> list[StockRow]:
    """Medicines of a unit that have a lot or a minimum, by code; `text` searches the formulary.

    show: "" all · below the minimum · expiring within 90 days · blocked (quarantined, recalled or expired, with stock).
    """
    rows = _rows(unit)
    if text:
        wanted = [card.code for card in terms.find_medicines(text, 50)]
        chosen = [rows[code] for code in wanted if code in rows]
    else:
        chosen = [rows[code] for code in sorted(rows)]
    keep = {
        "below": lambda r: r.below,
        "expiring": lambda r: r.expiring > 0,
        "blocked": lambda r: r.blocked > 0 or r.expired > 0,
    }.get(show, lambda _row: True)
    return [row for row in chosen if keep(row)]


def _rows(unit: int) -> dict[str, StockRow]:
    rows: dict[str, StockRow] = {}
    on = today()
    lots = Lot.objects.filter(unit=unit).values_list("medicine", "expiry", "state", "on_hand")
    for medicine, expiry, state, on_hand in lots:
        _add(_row(rows, medicine), expiry, state, on_hand, on)
    least = Minimum.objects.filter(unit=unit).order_by("pk").values_list("medicine", "least")
    for medicine, value in dict(least).items():
        _row(rows, medicine).least = value
    return rows


def _row(rows: dict[str, StockRow], medicine: str) -> StockRow:
    if medicine not in rows:
        rows[medicine] = StockRow(medicine, terms.medicine(medicine))
    return rows[medicine]


def _add(row: StockRow, expiry: date, state: str, on_hand: Decimal, on: date) -> None:
    if not on_hand:
        return
    if state != Lot.State.USABLE:
        row.blocked += on_hand
    elif expiry < on:
        row.expired += on_hand
    else:
        row.usable += on_hand
        row.expiring += on_hand if expiry <= on + SOON else ZERO
        row.nearest = min(row.nearest or expiry, expiry)


def lots(unit: int, medicine: str) -> list[LotCard]:
    """Lots of a medicine in a unit, the first to expire first; empty ones too."""
    rows = Lot.objects.filter(unit=unit, medicine=medicine).order_by("expiry", "pk")
    return [_card(row) for row in rows]


def lot(unit: int, pk: int) -> LotCard | None:
    """One lot of a unit; None where the unit has no such lot."""
    row = Lot.objects.filter(unit=unit, pk=pk).first()
    return _card(row) if row else None


def _card(row: Lot) -> LotCard:
    return LotCard(
        row.pk, row.medicine, row.lot_no, row.expiry, row.place, row.on_hand, row.state, row.rev,
        blocked_by(row.state, row.expiry), row.expiry <= today() + SOON, terms.medicine(row.medicine), row.unit_id,
    )  # fmt: skip


def lots_by_number(pks: Iterable[int]) -> list[LotCard]:
    """Lots of any unit, in the order in which all acts hold them."""
    return [_card(row) for row in Lot.objects.filter(pk__in=list(pks)).order_by("medicine", "expiry", "pk")]


def on_hand(unit: int, medicine: str) -> Decimal:
    """All of a medicine that lies in a unit, blocked and expired lots too."""
    rows = Lot.objects.filter(unit=unit, medicine=medicine).values_list("on_hand", flat=True)
    return sum(rows, ZERO)


def movements(lot: int) -> list[Moved]:
    """Movements of a lot, the latest first, each with the balance after it."""
    rows = Movement.objects.filter(lot=lot).order_by("pk")
    names = people.names({row.staff_id for row in rows})
    balance, told = ZERO, []
    for row in rows:
        balance += row.qty
        told.append(Moved(row.at, row.kind, row.qty, balance, names.get(row.staff_id, "")))
    return told[::-1]


def product(code: str) -> str:
    """The medicine that a manufacturer's product code was received as; "" where it is new."""
    return ProductCode.objects.filter(code=code).values_list("medicine", flat=True).first() or ""
