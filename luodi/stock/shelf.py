"""The one place that moves stock. Its functions run inside an act, of this room or of a room above.

Each change is a conditional update of the lot plus one movement, so that on hand is always the sum of the movements.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Round

from luodi.stock import costs, keeping, picking, refusals
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
    _book(by, _drawn(picks), Movement.Kind.DISPENSE, dispense)


def issue(by: Actor, kind: str, document: int, picks: Sequence[Pick]) -> dict[int, tuple[Decimal, Decimal]]:
    """Take what was picked out for a paper of this room. Returns lot → (quantity, value). Raises StockMoved."""
    drawn = _drawn(picks)
    values = _book(by, drawn, kind, document=document)
    return {lot: (-qty, -values[lot]) for lot, qty in drawn.items()}


def _drawn(picks: Sequence[Pick]) -> dict[int, Decimal]:
    totals = _totals(picks)
    for lot, qty in totals.items():
        _shift(lot, -qty, state=Lot.State.USABLE, expiry__gte=today(), on_hand__gte=qty)
    return {lot: -qty for lot, qty in totals.items()}


def put_back(by: Actor, dispense: int) -> dict[int, Decimal]:
    """Put back, by new movements, what a preparation took; a blocked lot stays blocked. Returns lot → quantity."""
    return _undone(by, Movement.objects.filter(dispense=dispense), Movement.Kind.RETURN, dispense=dispense)


def restore(by: Actor, kinds: Sequence[str], document: int, kind: str) -> dict[int, Decimal]:
    """Put back, by new movements of `kind`, what those of `kinds` took for a paper. Returns lot → quantity."""
    moved = Movement.objects.filter(kind__in=[*kinds, kind], document=document)
    return _undone(by, moved, kind, document=document)


def _undone(by: Actor, moved: "QuerySet[Any]", kind: str, **paper: Any) -> dict[int, Decimal]:
    taken: dict[int, Decimal] = defaultdict(Decimal)
    worth: dict[int, Decimal] = defaultdict(Decimal)
    ordered = moved.order_by("lot__medicine", "lot__expiry", "lot")
    for lot, qty, value in ordered.values_list("lot", "qty", "value"):
        taken[lot] -= qty
        worth[lot] -= value
    back = {lot: qty for lot, qty in taken.items() if qty > 0}
    for lot, qty in back.items():
        _shift(lot, qty)
    _book(by, back, kind, values=worth, **paper)
    return back


def take_back(by: Actor, dispense: int, goods: Mapping[int, Decimal], document: int) -> None:
    """Put handed-over goods (lot → quantity) back into the lots that gave them for a preparation, at the same value.

    Raises StockMoved where a lot is blocked or has expired by now.
    """
    gave = {
        lot: (qty, value)
        for lot, qty, value in Movement.objects.filter(dispense=dispense, kind=Movement.Kind.DISPENSE).values_list(
            "lot", "qty", "value"
        )
    }
    ordered = list(
        Lot.objects.filter(pk__in=list(goods)).order_by("medicine", "expiry", "pk").values_list("pk", flat=True)
    )
    for lot in ordered:
        _shift(lot, goods[lot], state=Lot.State.USABLE, expiry__gte=today())
    worth = {lot: costs.rounded(gave[lot][1] * goods[lot] / gave[lot][0]) for lot in ordered}
    _book(by, {lot: goods[lot] for lot in ordered}, Movement.Kind.TAKEBACK, document=document, values=worth)


def bring(by: Actor, lot: Lot, qty: Decimal, kind: str, token: str | None = None, **paper: Any) -> None:
    """Add a receipt or an opening quantity to a lot, written from the form of this token."""
    bring_all(by, {lot.pk: qty}, kind, token=token, **paper)


def bring_all(by: Actor, goods: dict[int, Decimal], kind: str, **paper: Any) -> None:
    """Add to lots, given in the order of all acts. paper: token, document, and values (lot → its worth)."""
    for lot, qty in goods.items():
        _shift(lot, qty)
    _book(by, goods, kind, **paper)


def correct(by: Actor, lot: Lot, counted: Decimal, kind: str, rev: int) -> Decimal:
    """Set a lot to what was counted. Returns the difference. Raises StockMoved where the lot changed since `rev`."""
    difference = counted - lot.on_hand
    _shift(lot.pk, difference, rev=rev, on_hand=lot.on_hand)
    if difference:
        _book(by, {lot.pk: difference}, kind)
    return difference


def amend(by: Actor, differences: dict[int, Decimal], kind: str, document: int) -> dict[int, Decimal]:
    """Move lots, given in the order of all acts, by what a stocktake or a loss found. Returns lot → value.

    Raises StockMoved where a lot holds less than is taken out.
    """
    for lot, qty in differences.items():
        _shift(lot, qty, on_hand__gte=max(-qty, Decimal(0)))
    return _book(by, differences, kind, document=document)


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
    by: Actor,
    moved: dict[int, Decimal],
    kind: str,
    dispense: int | None = None,
    token: str | None = None,
    document: int | None = None,
    values: Mapping[int, Decimal] | None = None,
) -> dict[int, Decimal]:
    worth = costs.post(moved, values or {})
    at = now()
    Movement.objects.bulk_create(
        Movement(
            lot_id=lot, kind=kind, qty=qty, value=worth[lot], dispense=dispense, document=document,
            staff_id=by.staff, at=at, idempotency=token,
        )
        for lot, qty in moved.items()
    )  # fmt: skip
    keeping.tell(by, moved, kind, dispense)
    return worth
