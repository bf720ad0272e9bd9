"""The one place that moves stock. Its functions run inside an act, of this room or of a room above.

Each change is a conditional update of the lot plus one movement, so that on hand is always the sum of the movements.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Round

from luodi.stock import keeping, picking, refusals
from luodi.stock.models import Lot, Movement
from luodi.stock.picking import Need, Pick, Shelf
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today
from luodi.trust.question import NUMBER, TEXTS, Question

DIGITS = 3


def _stocked(unit: Any, medicines: Any) -> "QuerySet[Any]":
    return Lot.objects.filter(unit=unit, medicine__in=medicines, on_hand__gt=0).order_by("medicine", "expiry", "pk")


_LOTS = Question(_stocked, NUMBER, TEXTS)
_HELD = Question(lambda unit, medicines: _stocked(unit, medicines).select_for_update(), NUMBER, TEXTS)


def lots_of(unit: int, medicines: Iterable[str], *, lock: bool = False) -> list[Shelf]:
    """Lots with stock of some medicines in a unit. `lock` holds them until the act ends, in the order of all acts."""
    rows = (_HELD if lock else _LOTS).all(unit, list(set(medicines)))
    return [Shelf(r.pk, r.medicine, r.lot_no, r.expiry, r.on_hand, r.state, r.place) for r in rows]


def pick(unit: int, needs: Sequence[Need], *, lock: bool = False) -> picking.Plan:
    """The FEFO plan for `needs` from the stock of a unit today."""
    return picking.plan(needs, lots_of(unit, {need.medicine for need in needs}, lock=lock), today())


def take(by: Actor, dispense: int, picks: Sequence[Pick]) -> None:
    """Take what was picked out of the lots. Raises StockMoved where a lot lacks it, is blocked or has expired."""
    for lot, qty in _totals(picks).items():
        _shift(lot, -qty, state=Lot.State.USABLE, expiry__gte=today(), on_hand__gte=qty)
    _book(by, {lot: -qty for lot, qty in _totals(picks).items()}, Movement.Kind.DISPENSE, dispense)


def put_back(by: Actor, dispense: int) -> dict[int, Decimal]:
    """Put back, by new movements, what a preparation took; a blocked lot stays blocked. Returns lot → quantity."""
    taken: dict[int, Decimal] = defaultdict(Decimal)
    moved = Movement.objects.filter(dispense=dispense).order_by("lot__medicine", "lot__expiry", "lot")
    for lot, qty in moved.values_list("lot", "qty"):
        taken[lot] -= qty
    back = {lot: qty for lot, qty in taken.items() if qty > 0}
    for lot, qty in back.items():
        _shift(lot, qty)
    _book(by, back, Movement.Kind.RETURN, dispense)
    return back


def bring(by: Actor, lot: Lot, qty: Decimal, kind: str, token: str | None = None) -> None:
    """Add a receipt or an opening quantity to a lot, written from the form of this token."""
    _shift(lot.pk, qty)
    _book(by, {lot.pk: qty}, kind, token=token)


def correct(by: Actor, lot: Lot, counted: Decimal, kind: str, rev: int) -> Decimal:
    """Set a lot to what was counted. Returns the difference. Raises StockMoved where the lot changed since `rev`."""
    difference = counted - lot.on_hand
    _shift(lot.pk, difference, rev=rev, on_hand=lot.on_hand)
    if difference:
        _book(by, {lot.pk: difference}, kind)
    return difference


def set_state(lot: int, state: str, rev: int) -> None:
    """Quarantine, release or recall. Raises StockMoved where the lot changed since `rev`."""
    if not Lot.objects.filter(pk=lot, rev=rev).update(state=state, rev=F("rev") + 1):
        raise refusals.StockMoved(facts={"lot": lot})


def _totals(picks: Sequence[Pick]) -> dict[int, Decimal]:
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for each in picks:
        totals[each.lot] += each.qty
    return totals


def _shift(lot: int, qty: Decimal, **where: Any) -> None:
    # SQLite computes with binary fractions: rounding keeps 0.3 - 0.1 equal to 0.2 in the next comparison.
    on_hand = Round(F("on_hand") + qty, precision=DIGITS)
    if not Lot.objects.filter(Q(pk=lot), **where).update(on_hand=on_hand, rev=F("rev") + 1):
        raise refusals.StockMoved(facts={"lot": lot})


def _book(
    by: Actor, moved: dict[int, Decimal], kind: str, dispense: int | None = None, token: str | None = None
) -> None:
    at = now()
    Movement.objects.bulk_create(
        Movement(lot_id=lot, kind=kind, qty=qty, dispense=dispense, staff_id=by.staff, at=at, idempotency=token)
        for lot, qty in moved.items()
    )
    keeping.tell(by, moved, kind, dispense)
