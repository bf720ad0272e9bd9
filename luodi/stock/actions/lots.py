"""药库: lots come in, are counted, quarantined, released and recalled. Stock belongs to the actor's unit."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.stock import figures, recalled, refusals, shelf
from luodi.stock.models import Account, Count, Lot, LotChange, Minimum, Movement, ProductCode
from luodi.terms import queries as terms
from luodi.trust import once, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today

LARGEST = Decimal(1_000_000)
LONGEST_REASON = 200


class Receipt(NamedTuple):
    """Goods of one lot as they arrive; `qty` in pack units. `product` is the GTIN on the box, if scanned."""

    medicine: str
    lot_no: str
    expiry: date
    qty: Decimal
    place: str = ""
    product: str = ""


@act("stock.receive", may="stock.receive")
def receive(
    by: Actor,
    medicine: str,
    lot_no: str,
    expiry: date,
    qty: Decimal,
    *,
    place: str = "",
    product: str = "",
    idempotency: str = "",
) -> int:
    """Receive goods into the actor's unit. Returns the lot's pk. idempotency: a token of the form, which receives once.

    Raises TokenUsed; BadStock for an unknown medicine, an expired lot, a quantity that is not above zero or beyond
    measure, a lot that is quarantined or recalled here, or a product code that is known as another medicine.
    """
    goods = _checked(Receipt(medicine, lot_no.strip(), expiry, qty, place.strip(), product))
    lot = _lot(by, goods)
    about("lot", lot.pk)
    token = once.token(idempotency)
    if _came_by(token, lot):
        evidence(repeated=True)
        return lot.pk
    if lot.state != Lot.State.USABLE:
        raise refusals.BadStock(
            code="lot_blocked",
            message=_("这一批在本药房已被隔离或召回，不能入库。"),
            next=_("请联系药库管理员处理。"),
            status=409,
        )
    _learn(goods)
    shelf.bring(by, lot, goods.qty, Movement.Kind.RECEIPT, token)
    evidence(medicine=medicine, qty=goods.qty, lot_no=goods.lot_no, expiry=expiry)
    return lot.pk


@act("stock.open", may="stock.receive")
def open_stock(by: Actor, goods: Sequence[Receipt]) -> int:
    """Enter the opening stock (期初库存) of the actor's unit in one act. Returns the number of lots.

    Raises BadStock as `receive`, and where a lot already has movements: an opening is entered once.
    """
    about("unit", by.unit)
    for each in goods:
        lot = _lot(by, _checked(each))
        if lot.rev:
            raise refusals.BadStock(
                code="stock_opened",
                message=_("这一批已有库存记录，不能再登记期初。"),
                next=_("请用入库或盘点。"),
                status=409,
            )
        _learn(each)
        shelf.bring(by, lot, each.qty, Movement.Kind.OPENING)
    evidence(lots=len(goods))
    return len(goods)


def _checked(goods: Receipt) -> Receipt:
    if terms.medicine(goods.medicine) is None:
        raise refusals.BadStock(message=_("药品目录中没有这个药品。"), next=_("请从目录中搜索并选择。"))
    if not goods.lot_no or len(goods.lot_no) > 32:
        raise refusals.BadStock(message=_("请填写批号，不超过 32 个字符。"))
    if goods.expiry < today():
        raise refusals.BadStock(
            code="lot_expired",
            message=_("这一批已过有效期，不能入库。"),
            next=_("请核对有效期；确已过期的，请退回供应商。"),
        )
    _require_qty(goods.qty, least=Decimal("0.001"))
    return goods


def _require_qty(qty: Decimal, least: Decimal = Decimal(0)) -> None:
    if not qty.is_finite() or not least <= qty <= LARGEST or qty != round(qty, shelf.DIGITS):
        raise refusals.BadStock(message=_("数量不合理。"), next=_("请填写不超过一百万的数量，最多三位小数。"))


def _lot(by: Actor, goods: Receipt) -> Lot:
    recalled.require_wanted(goods.medicine, goods.lot_no)
    lot, _new = Lot.objects.get_or_create(
        unit_id=by.unit,
        medicine=goods.medicine,
        lot_no=goods.lot_no,
        expiry=goods.expiry,
        defaults={"place": goods.place},
    )
    return lot


def _came_by(token: str | None, lot: Lot) -> bool:
    """Whether this form brought its goods already; the lot is held, so that a second sending waits for the first."""
    if token is None:
        return False
    Lot.objects.select_for_update().get(pk=lot.pk)
    before = Movement.objects.filter(idempotency=token).first()
    if before is not None and before.lot_id != lot.pk:
        raise once.TokenUsed
    return before is not None


def _learn(goods: Receipt) -> None:
    if not goods.product:
        return
    known, _new = ProductCode.objects.get_or_create(code=goods.product, defaults={"medicine": goods.medicine})
    if known.medicine != goods.medicine:
        raise refusals.BadStock(
            code="product_mismatch",
            message=_("盒上的商品条码登记的是另一种药品。"),
            next=_("请核对实物，再选择正确的药品。"),
        )


def _approver(by: Actor, lot: int, *_counted: Any, approver: tuple[str, str] | None = None, **_rest: Any) -> int | None:
    return people.credentials(*approver) if approver else None


@act("stock.adjust", may="stock.adjust", prepare=_approver)
def adjust(
    by: Actor, lot: int, counted: Decimal, reason: str, text: str = "", *, rev: int,
    approver: tuple[str, str] | None = None, beside: int | None = None, prepared: int | None = None,
) -> Decimal:  # fmt: skip
    """盘点, blind: the person counted without seeing the figure. Returns counted minus expected.

    A difference becomes one movement (adjust; waste for damaged or expired goods), and needs a second person: one of
    the two may approve stock. approver: login and password of that person. beside: who showed a password to the
    caller already. reason: Count.Reason.
    Raises BadStock; StockMoved where the lot moved since `rev`, for then the count is of another moment; OtherPerson,
    TooLarge where a difference is not approved; WrongCredentials.
    """
    row = _own(by, lot)
    about("lot", row.pk)
    _require_qty(counted)
    _require_reason(reason in Count.Reason.values, text)
    expected = row.on_hand
    if row.rev != rev:
        raise refusals.StockMoved(facts={"lot": row.pk})
    agreed = prepared or beside
    if counted != expected:
        _require_approved(by, agreed, row, abs(counted - expected))
    wasted = counted < expected and reason in (Count.Reason.DAMAGED, Count.Reason.EXPIRED)
    difference = shelf.correct(by, row, counted, Movement.Kind.WASTE if wasted else Movement.Kind.ADJUST, rev)
    Count.objects.create(
        lot=row, expected=expected, counted=counted, reason=reason, text=text.strip(), staff_id=by.staff, at=now(),
        approver_id=agreed if difference else None,
    )  # fmt: skip
    evidence(expected=expected, counted=counted, difference=difference, reason=reason, approver=agreed)
    return difference


def _require_approved(by: Actor, other: int | None, row: Lot, differs: Decimal) -> None:
    """Two persons, one of whom may approve stock, and as much as this difference is worth."""
    two = {by.staff, other or by.staff}
    if len(two) < 2 or not any(people.holds(each, "stock.approve") for each in two):
        raise refusals.OtherPerson(
            message=_("实点与账面不符，调整库存须另一人审批。"),
            next=_("请有库存审批权的另一人在本页输入工号和密码；数量较多的请开盘点单。"),
            facts={"rule": "adjust_approved"},
        )
    cost = Account.objects.filter(unit=row.unit_id, medicine=row.medicine).values_list("cost", flat=True).first()
    worth, limit = differs * (cost or Decimal(0)), figures.number("large_difference")
    if worth > limit and not any(people.holds(each, "stock.approve_large") for each in two):
        raise refusals.TooLarge(facts={"value": worth, "limit": limit})


@act("stock.quarantine", may="stock.adjust")
def quarantine(by: Actor, lot: int, reason: str, *, rev: int) -> None:
    """隔离: nothing of the lot is picked, checked or handed over until it is released. Raises BadStock, StockMoved."""
    _turn(by, lot, Lot.State.QUARANTINED, {Lot.State.USABLE}, reason, rev)


@act("stock.release", may="stock.adjust")
def release(by: Actor, lot: int, reason: str, *, rev: int) -> None:
    """解除隔离. A recalled lot is never released. Raises BadStock, StockMoved."""
    _turn(by, lot, Lot.State.USABLE, {Lot.State.QUARANTINED}, reason, rev)


@act("stock.recall", may="stock.adjust")
def recall(by: Actor, lot: int, reason: str, *, rev: int) -> None:
    """召回, for good: packages that hold the lot are stopped wherever they lie. Raises BadStock, StockMoved."""
    _turn(by, lot, Lot.State.RECALLED, {Lot.State.USABLE, Lot.State.QUARANTINED}, reason, rev)


def _turn(by: Actor, lot: int, state: str, after: set[str], reason: str, rev: int) -> None:
    row = _own(by, lot)
    about("lot", row.pk)
    _require_reason(True, reason, needed=True)
    if row.state not in after:
        raise refusals.StockMoved(facts={"lot": lot, "state": row.state})
    shelf.set_state(row.pk, state, rev)
    LotChange.objects.create(lot=row, state=state, reason=reason.strip(), staff_id=by.staff, at=now())
    evidence(state=str(state), medicine=row.medicine, lot_no=row.lot_no)


def _require_reason(known: bool, text: str, needed: bool = False) -> None:
    if not known or (needed and not text.strip()):
        raise refusals.BadStock(message=_("请写明原因。"))
    if len(text.strip()) > LONGEST_REASON:
        raise refusals.BadStock(message=_("原因不能超过 200 字。"))


def _own(by: Actor, lot: int) -> Lot:
    row = Lot.objects.filter(pk=lot, unit=by.unit).select_for_update().first()
    if row is None:
        raise refusals.NotFound(message=_("本药房没有这一批药。"))
    return row


@act("stock.minimum", may="stock.adjust")
def set_minimum(by: Actor, medicine: str, least: Decimal) -> None:
    """The least stock that the actor's unit wants of a medicine from now on. Raises BadStock."""
    about("unit", by.unit)
    if terms.medicine(medicine) is None:
        raise refusals.BadStock(message=_("药品目录中没有这个药品。"))
    _require_qty(least)
    last = Minimum.objects.filter(unit=by.unit, medicine=medicine).order_by("-pk").first()
    if last is not None and last.least == least:
        evidence(medicine=medicine, least=least, repeated=True)
        return
    Minimum.objects.create(unit_id=by.unit, medicine=medicine, least=least, staff_id=by.staff, at=now())
    evidence(medicine=medicine, least=least)
