"""验收: goods that arrive are inspected lot by lot; what is accepted is stock, what is rejected goes back.

Source: 药品经营质量管理规范 (GSP): lot, dates, package, report, temperature in the cold chain.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.stock import costs, figures, papers, recalled, refusals, shelf
from luodi.stock.models import Delivery, DeliveryLine, Lot, Movement, Order, ProductCode, SentBack, Supplier
from luodi.stock.ordering import came, lines_of
from luodi.trust import once, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today


class Arrived(NamedTuple):
    """One lot of a delivery; quantities in pack units, `price` in yuan a unit, `warmest` in °C on the way."""

    medicine: str
    lot_no: str
    expiry: date
    qty: Decimal
    accepted: Decimal
    price: Decimal
    packaging: bool = True
    certificate: str = ""
    produced: date | None = None
    warmest: Decimal | None = None
    reason: str = ""
    place: str = ""
    product: str = ""


def _second(by: Actor, supplier: int, lines: Any, *, second: tuple[str, str] | None = None, **_rest: Any) -> int | None:
    return people.credentials(*second) if second else None


@act("delivery.inspect", may="stock.receive", prepare=_second)
def inspect(
    by: Actor, supplier: int, lines: Sequence[Arrived], *, order: int | None = None, invoice: str = "",
    second: tuple[str, str] | None = None, idempotency: str = "", prepared: int | None = None,
) -> int:  # fmt: skip
    """Inspect and take in a delivery of the own unit. second: login and password of another inspector.

    Returns the delivery's pk. Raises BadStock (which line, and why), OtherPerson where two people are asked for,
    PaperMoved where the order awaits nothing, WrongCredentials, TokenUsed.
    """
    about("supplier", supplier)
    token = once.token(idempotency)
    known = Supplier.objects.filter(pk=supplier).select_for_update().first()
    if token and (before := Delivery.objects.filter(idempotency=token).first()):
        if (before.supplier_id, before.order_id) != (supplier, order):
            raise once.TokenUsed
        evidence(repeated=True)
        return before.pk
    bought = papers.held(Order, order) if order else None
    if known is None or (bought and bought.supplier_id != supplier):
        raise refusals.BadStock(message=_("请选择供应商。"))
    if not lines or len(invoice) > 40:
        raise refusals.BadStock(message=_("至少验收一行；发票号不超过 40 个字符。"))
    for line in lines:
        _require_fit(line)
    if any(figures.needs_two(line.medicine) for line in lines) and prepared in (None, by.staff):
        raise refusals.OtherPerson(
            message=_("这批货须双人验收。"),
            next=_("请另一位药学人员在本页输入工号和密码。"),
            facts={"rule": "two_people"},
        )
    row = Delivery.objects.create(
        unit_id=by.unit, supplier_id=supplier, order=bought, invoice=invoice, staff_id=by.staff, second_id=prepared,
        at=now(), idempotency=token,
    )  # fmt: skip
    if bought:
        _require_awaited(bought, lines)
    _take_in(by, row, lines)
    if bought:
        got, rest = came(bought.pk), lines_of(bought.pk)
        complete = all(got.get(line.medicine, 0) >= line.qty for line in rest)
        papers.move(by, bought, ["sent", "partial"], "done" if complete else "partial", bought.rev)
    evidence(delivery=row.pk, lines=len(lines), rejected=sum(line.accepted < line.qty for line in lines))
    return row.pk


def _require_fit(line: Arrived) -> None:
    papers.require_goods(line.medicine, line.qty)
    papers.require_goods(line.medicine, line.accepted, Decimal(0))
    if not line.lot_no.strip() or len(line.lot_no) > 32 or line.accepted > line.qty:
        raise refusals.BadStock(message=_("请填写批号；合格数量不能超过到货数量。"))
    if not line.price.is_finite() or not 0 <= line.price <= papers.LARGEST:
        raise refusals.BadStock(message=_("单价不合理。"))
    if line.accepted < line.qty and line.reason not in {each.code for each in figures.reject_reasons()}:
        raise refusals.BadStock(message=_("拒收的数量要选择原因。"))
    if line.produced and line.produced > min(today(), line.expiry):
        raise refusals.BadStock(message=_("生产日期不合理。"))
    if line.accepted and (fault := _fault(line)):
        raise refusals.BadStock(
            message=fault, next=_("请把合格数量改为 0，并选择拒收原因。"), facts={"lot": line.lot_no}
        )


def _fault(line: Arrived) -> Any:
    """Why nothing of the line may be accepted; "" where it may."""
    if line.expiry < today() + timedelta(days=figures.days("least_life_days")):
        return _("有效期过短，不能入库。")
    if not line.packaging:
        return _("包装破损或标签不清，不能入库。")
    if not line.certificate.strip():
        return _("没有检验报告或合格证明，不能入库。")
    coldest, warmest = figures.number("coldest"), figures.number("warmest")
    if figures.is_cold(line.medicine) and (line.warmest is None or not coldest <= line.warmest <= warmest):
        return _("冷链药品要有 2–8 °C 的运输温度记录，不能入库。")
    return ""


def _require_awaited(order: Order, lines: Sequence[Arrived]) -> None:
    ordered = {line.medicine: line.qty for line in lines_of(order.pk)}
    got = came(order.pk)
    for line in lines:
        got[line.medicine] = got.get(line.medicine, Decimal(0)) + line.accepted
        if line.accepted and got[line.medicine] > ordered.get(line.medicine, Decimal(0)):
            raise refusals.BadStock(message=_("合格数量超过了订单。"), next=_("多出的请拒收，或另行验收。"))


def _take_in(by: Actor, row: Delivery, lines: Sequence[Arrived]) -> None:
    goods: dict[int, Decimal] = {}
    values: dict[int, Decimal] = {}
    for medicine, lot_no in sorted({(line.medicine, line.lot_no.strip()) for line in lines if line.accepted}):
        recalled.require_wanted(medicine, lot_no)
    for line in sorted(lines, key=lambda each: (each.medicine, each.expiry, each.lot_no)):
        lot = _lot(by, line) if line.accepted else None
        DeliveryLine.objects.create(
            delivery=row, medicine=line.medicine, lot_no=line.lot_no.strip(), produced=line.produced,
            expiry=line.expiry, lot=lot, qty=line.qty, accepted=line.accepted, price=line.price,
            packaging=line.packaging, certificate=line.certificate[:40], warmest=line.warmest, reason=line.reason,
        )  # fmt: skip
        if lot is not None:
            goods[lot.pk] = goods.get(lot.pk, Decimal(0)) + line.accepted
            values[lot.pk] = values.get(lot.pk, Decimal(0)) + costs.rounded(line.accepted * line.price)
    shelf.bring_all(by, goods, Movement.Kind.RECEIPT, document=row.pk, values=values)


def _lot(by: Actor, line: Arrived) -> Lot:
    lot, _new = Lot.objects.get_or_create(
        unit_id=by.unit, medicine=line.medicine, lot_no=line.lot_no.strip(), expiry=line.expiry,
        defaults={"place": line.place.strip()[:16]},
    )  # fmt: skip
    if lot.state != Lot.State.USABLE:
        raise refusals.BadStock(message=_("这一批在本库已被隔离或召回，不能入库。"), status=409)
    if line.product:
        known, _new = ProductCode.objects.get_or_create(code=line.product, defaults={"medicine": line.medicine})
        if known.medicine != line.medicine:
            raise refusals.BadStock(message=_("盒上的商品条码登记的是另一种药品。"))
    return lot


@act("delivery.send_back", may="stock.receive")
def send_back(by: Actor, line: int) -> None:
    """退货: the rejected goods left with the supplier. Raises NotFound, PaperMoved where they did already."""
    row = DeliveryLine.objects.select_for_update().filter(pk=line, delivery__unit=by.unit).first()
    if row is None or row.accepted == row.qty:
        raise refusals.NotFound
    about("delivery", row.delivery_id)
    if SentBack.objects.filter(line=row).exists():
        raise refusals.PaperMoved(message=_("这一行已经退回供应商。"))
    SentBack.objects.create(line=row, staff_id=by.staff, at=now())
    evidence(line=line, qty=row.qty - row.accepted)
