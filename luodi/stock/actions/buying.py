"""采购: suppliers, orders from draft to done. Who drafts an order does not approve it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.stock import figures, papers, refusals
from luodi.stock.models import Order, OrderLine, Supplier
from luodi.stock.ordering import total
from luodi.trust import access, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today

LARGE = "stock.approve_large"


class OrderWish(NamedTuple):
    """One line of an order; `price` in yuan a pack unit, `why` the figures of the suggestion it came from."""

    medicine: str
    qty: Decimal
    price: Decimal
    why: dict[str, Any] | None = None


@act("supplier.new", may="stock.order")
def new_supplier(by: Actor, name: str, licence: str = "", licence_to: date | None = None) -> int:
    """Returns its pk. Raises BadStock for an empty or a known name."""
    name = name.strip()
    if not name or len(name) > 80 or len(licence) > 40:
        raise refusals.BadStock(message=_("请填写供应商名称。"))
    row, new = Supplier.objects.get_or_create(
        name=name, defaults={"licence": licence, "licence_to": licence_to, "staff_id": by.staff, "at": now()}
    )
    about("supplier", row.pk)
    if not new:
        raise refusals.BadStock(message=_("这个供应商已经登记。"), status=409)
    return row.pk


@act("order.draft", may="stock.order")
def draft_order(
    by: Actor, supplier: int, lines: Sequence[OrderWish], *, unit: int | None = None, idempotency: str = ""
) -> int:
    """采购计划 for a place (the own unit). Returns the order's pk. Raises BadStock, TokenUsed."""
    about("supplier", supplier)
    token = once.token(idempotency)
    known = Supplier.objects.filter(pk=supplier).select_for_update().first()
    if token and (before := Order.objects.filter(idempotency=token).first()):
        if before.supplier_id != supplier:
            raise once.TokenUsed
        evidence(repeated=True)
        return before.pk
    if known is None:
        raise refusals.BadStock(message=_("请选择供应商。"))
    row = Order.objects.create(
        unit_id=unit or by.unit, supplier_id=supplier, state="draft", staff_id=by.staff, at=now(), idempotency=token
    )
    _write(row, lines)
    papers.told(by, Order, row.pk, "draft")
    evidence(order=row.pk, lines=len(lines))
    return row.pk


@act("order.revise", may="stock.order")
def revise_order(by: Actor, pk: int, lines: Sequence[OrderWish], *, rev: int) -> None:
    """Other lines: a new version of a draft. Raises PaperMoved, BadStock."""
    row = papers.held(Order, pk)
    papers.move(by, row, ["draft"], "draft", rev)
    _write(row, lines)
    evidence(lines=len(lines))


def _write(row: Order, lines: Sequence[OrderWish]) -> None:
    if not lines or len({line.medicine for line in lines}) != len(lines):
        raise refusals.BadStock(message=_("订单至少要有一行，每种药品一行。"))
    for line in lines:
        papers.require_goods(line.medicine, line.qty)
        if not line.price.is_finite() or not 0 <= line.price <= papers.LARGEST:
            raise refusals.BadStock(message=_("单价不合理。"))
    OrderLine.objects.bulk_create(
        OrderLine(order=row, version=row.rev, medicine=w.medicine, qty=w.qty, price=w.price, why=w.why or {})
        for w in lines
    )


@act("order.submit", may="stock.order")
def submit_order(by: Actor, pk: int, *, rev: int) -> None:
    """Put it before somebody who may approve. Raises PaperMoved."""
    papers.move(by, papers.held(Order, pk), ["draft"], "submitted", rev)


@act("order.approve", may="stock.approve")
def approve_order(by: Actor, pk: int, *, rev: int) -> None:
    """By another person than the drafter; above the limit by the head. Raises OtherPerson, TooLarge, BadStock."""
    row = papers.held(Order, pk)
    if by.staff in (row.staff_id, papers.who(Order, pk, "submitted")):
        raise refusals.OtherPerson
    require_within(by, total(pk), "large_order")
    if row.supplier.licence_to and row.supplier.licence_to < today():
        raise refusals.BadStock(message=_("供应商的许可已过期。"), next=_("请先更新供应商资质。"))
    papers.move(by, row, ["submitted"], "approved", rev)
    evidence(total=total(pk))


def require_within(by: Actor, worth: Decimal, limit: str) -> None:
    """Raises TooLarge where a value is above a limit of `figures.csv` and the actor may not approve that much."""
    if worth > figures.number(limit) and LARGE not in access.permissions(by):
        raise refusals.TooLarge(facts={"value": worth, "limit": figures.number(limit)})


@act("order.decline", may="stock.approve")
def decline_order(by: Actor, pk: int, reason: str, *, rev: int) -> None:
    """Back to its drafter, with a reason. Raises PaperMoved, BadStock."""
    papers.require_reason(reason)
    papers.move(by, papers.held(Order, pk), ["submitted"], "draft", rev, reason)


@act("order.send", may="stock.order")
def send_order(by: Actor, pk: int, *, rev: int) -> None:
    """The supplier has it. Raises PaperMoved."""
    papers.move(by, papers.held(Order, pk), ["approved"], "sent", rev)


@act("order.end", may="stock.order")
def end_order(by: Actor, pk: int, reason: str, *, rev: int) -> None:
    """完结 where part came and no more is awaited, 取消 where nothing came. Raises PaperMoved, BadStock."""
    papers.require_reason(reason)
    row = papers.held(Order, pk)
    state = "done" if row.state == "partial" else "cancelled"
    papers.move(by, row, ["draft", "submitted", "approved", "sent", "partial"], state, rev, reason)
