"""盘点 of a place or a shelf: blind, differences counted again by another, adjusted after approval by a third.

A count is held against the book of its own moment: what moves afterwards moves both, so the difference stays right.
"""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from luodi.stock import papers, refusals, shelf, taking
from luodi.stock.actions.buying import require_within
from luodi.stock.models import Closing, ClosingLine, Lot, Movement, Sheet, Stocktake, Tally
from luodi.trust import ledger
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today

ZERO = Decimal(0)


@act("stocktake.open", may="stock.count")
def open_stocktake(by: Actor, shelf_place: str = "", *, unit: int | None = None) -> int:
    """Begin: every lot with stock whose place begins with `shelf_place`. Returns its pk.

    Raises BadStock where one runs already or nothing lies there, NotYours, NotFound.
    """
    unit = unit or by.unit
    about("unit", unit)
    papers.require_keeps(by, unit)
    papers.hold_place(unit)
    running = Stocktake.objects.filter(unit=unit, state__in=["counting", "recounting", "submitted"])
    if running.exists():
        raise refusals.BadStock(message=_("这里已有一次盘点在进行。"), next=_("请先完成或取消它。"), status=409)
    lots = Lot.objects.filter(unit=unit, on_hand__gt=0, place__startswith=shelf_place.strip()[:16])
    pks = list(lots.order_by("place", "medicine", "expiry", "pk").values_list("pk", flat=True))
    if not pks:
        raise refusals.BadStock(message=_("这个范围没有库存可盘。"))
    row = Stocktake.objects.create(
        unit_id=unit, shelf=shelf_place.strip()[:16], state="counting", staff_id=by.staff, at=now()
    )
    Sheet.objects.bulk_create(Sheet(stocktake=row, lot_id=pk) for pk in pks)
    papers.told(by, Stocktake, row.pk, "counting")
    evidence(stocktake=row.pk, lots=len(pks))
    return row.pk


@act("stocktake.tally", may="stock.count")
def tally(by: Actor, sheet: int, counted: Decimal, *, seen: int) -> None:
    """Write down what was counted of a lot; seen: the lot's rev when the person went to count.

    Raises StockMoved where the lot moved in between (count it again), OtherPerson where a second count is by the
    first counter, PaperMoved, BadStock.
    """
    row = Sheet.objects.filter(pk=sheet).select_related("stocktake").first()
    if row is None:
        raise refusals.NotFound
    paper = papers.held(Stocktake, row.stocktake_id)
    papers.require_keeps(by, paper.unit_id)
    if paper.state not in ("counting", "recounting"):
        raise refusals.PaperMoved
    lot = Lot.objects.select_for_update().get(pk=row.lot_id)
    papers.require_goods(lot.medicine, counted, Decimal(0))
    if lot.rev != seen:
        raise refusals.StockMoved(facts={"lot": lot.pk})
    turn = 2 if paper.state == "recounting" else 1
    first = row.tallies.filter(round=1).order_by("-pk").first()
    if turn == 2 and first is not None and first.staff_id == by.staff:
        raise refusals.OtherPerson
    Tally.objects.create(sheet=row, round=turn, counted=counted, book=lot.on_hand, staff_id=by.staff, at=now())
    evidence(lot=lot.pk, round=turn)


@act("stocktake.submit", may="stock.count")
def submit_stocktake(by: Actor, pk: int, *, rev: int) -> str:
    """End a round: differences go to the second count, or all is put before an approver. Returns the new state.

    Raises BadStock where lots are not counted yet, PaperMoved, NotYours.
    """
    row = papers.held(Stocktake, pk)
    papers.require_keeps(by, row.unit_id)
    sheets = taking.sheets(pk)
    open_ = [each for each in sheets if each.waits(2 if row.state == "recounting" else 1)]
    if open_:
        raise refusals.BadStock(message=_("还有批次没有点数。"), facts={"open": len(open_)})
    differ = row.state == "counting" and any(each.difference for each in sheets)
    papers.move(by, row, ["counting", "recounting"], "recounting" if differ else "submitted", rev)
    return row.state


@act("stocktake.approve", may="stock.approve")
def approve_stocktake(by: Actor, pk: int, *, rev: int) -> Decimal:
    """Adjust the stock by the differences. By nobody who counted; above the limit by the head.

    Returns the value of the differences, signed. Raises OtherPerson, TooLarge, StockMoved, PaperMoved.
    """
    row = papers.held(Stocktake, pk)
    sheets = taking.sheets(pk)
    if by.staff in {row.staff_id, *(staff for each in sheets for staff in each.counters)}:
        raise refusals.OtherPerson
    require_within(by, sum((abs(each.worth) for each in sheets), Decimal(0)), "large_difference")
    papers.move(by, row, ["submitted"], "done", rev)
    differ = sorted((e for e in sheets if e.difference), key=lambda e: (e.medicine, e.expiry, e.lot))
    values = shelf.amend(by, {each.lot: each.difference or ZERO for each in differ}, Movement.Kind.ADJUST, pk)
    evidence(lots=len(sheets), differ=len(differ), value=sum(values.values(), Decimal(0)))
    return sum(values.values(), Decimal(0))


@act("stocktake.cancel", may="stock.count")
def cancel_stocktake(by: Actor, pk: int, reason: str, *, rev: int) -> None:
    """Nothing is adjusted. Raises PaperMoved, BadStock, NotYours."""
    papers.require_reason(reason)
    row = papers.held(Stocktake, pk)
    papers.require_keeps(by, row.unit_id)
    papers.move(by, row, ["counting", "recounting", "submitted"], "cancelled", rev, reason)


def _sealed(by: Actor, unit: int, month: date) -> int:
    return ledger.seal()


@act("stock.close", may="stock.close", prepare=_sealed)
def close_month(by: Actor, unit: int, month: date, *, prepared: int = 0) -> int:
    """月结: freeze the figures of a month that is over, as of the ledger's head. Returns the closing's pk.

    Raises NotFound where the unit is no place, BadStock where the month is not over was closed, or it does not add up.
    """
    about("unit", unit)
    month = month.replace(day=1)
    papers.hold_place(unit)
    if taking.after(month) > today():
        raise refusals.BadStock(message=_("这个月还没有结束。"))
    if Closing.objects.filter(unit=unit, month=month).exists():
        raise refusals.BadStock(message=_("这个月已经结账。"), status=409)
    rows = taking.month(unit, month, prepared)
    if any(not each.balances for each in rows):
        raise refusals.BadStock(code="month_unbalanced", message=_("账不平，没有结账。"), status=409)
    row = Closing.objects.create(unit_id=unit, month=month, head=prepared, staff_id=by.staff, at=now())
    ClosingLine.objects.bulk_create(ClosingLine(closing=row, **each._asdict()) for each in rows)
    evidence(month=month, head=prepared, lines=len(rows), value=sum((r.closing_value for r in rows), Decimal(0)))
    return row.pk
