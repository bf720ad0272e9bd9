"""How a document moves from state to state: one conditional update and one row that says who and why."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luodi.stock import refusals
from luodi.stock.models import Order, Place, Stocktake, Transfer, Turn
from luodi.stock.shelf import DIGITS
from luodi.terms import queries as terms
from luodi.trust.act import about, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

KINDS = {Order: Turn.Kind.ORDER, Transfer: Turn.Kind.TRANSFER, Stocktake: Turn.Kind.STOCKTAKE}
LARGEST = Decimal(1_000_000)


def keeps(by: Actor, unit: int) -> bool:
    """Whether the actor keeps the stock of a unit: the own one, or a cabinet of the own ward."""
    return unit == by.unit or Place.objects.filter(unit=unit, ward=by.unit).exists()


def places_of(by: Actor) -> list[int]:
    """Units whose stock the actor keeps: the own one and the cabinets of the own ward."""
    return [by.unit, *Place.objects.filter(ward=by.unit).values_list("unit", flat=True)]


def require_keeps(by: Actor, unit: int) -> None:
    """Raises NotYours."""
    if not keeps(by, unit):
        raise refusals.NotYours


def hold_place(unit: int) -> None:
    """Hold a place until the act ends, so that a form sent twice at once is read once. Raises NotFound."""
    if Place.objects.filter(unit=unit).select_for_update().first() is None:
        raise refusals.NotFound(message=_("这里不是库存点。"))


def held(model: Any, pk: int) -> Any:
    """A document, held until the act ends. Raises NotFound."""
    row = model.objects.filter(pk=pk).select_for_update().first()
    if row is None:
        raise refusals.NotFound
    about(KINDS[model], pk)
    return row


def move(by: Actor, row: Any, after: Collection[str], state: str, rev: int, reason: str = "") -> None:
    """Raises PaperMoved where the document is in no state of `after` or changed since `rev`."""
    model = type(row)
    if not model.objects.filter(pk=row.pk, state__in=list(after), rev=rev).update(state=state, rev=F("rev") + 1):
        raise refusals.PaperMoved(facts={"document": row.pk, "state": row.state})
    row.state, row.rev = state, rev + 1
    told(by, model, row.pk, state, reason)
    evidence(state=state)


def told(by: Actor, model: Any, pk: int, state: str, reason: str = "") -> None:
    """Keep who brought a document into a state, and why."""
    if len(reason) > 200:
        raise refusals.BadStock(message=_("原因不能超过 200 字。"))
    Turn.objects.create(kind=KINDS[model], document=pk, state=state, reason=reason.strip(), staff_id=by.staff, at=now())


def who(model: Any, pk: int, state: str) -> int | None:
    """Who brought a document into a state last."""
    rows = Turn.objects.filter(kind=KINDS[model], document=pk, state=state)
    return rows.order_by("-pk").values_list("staff", flat=True).first()


def require_reason(text: str) -> None:
    """Raises BadStock for none."""
    if not text.strip():
        raise refusals.BadStock(message=_("请写明原因。"))


def require_goods(medicine: str, qty: Decimal, least: Decimal = Decimal("0.001")) -> None:
    """Raises BadStock for an unknown medicine or a quantity beyond measure."""
    if terms.medicine(medicine) is None:
        raise refusals.BadStock(message=_("药品目录中没有这个药品。"), next=_("请从目录中搜索并选择。"))
    if not qty.is_finite() or not least <= qty <= LARGEST or qty != round(qty, DIGITS):
        raise refusals.BadStock(message=_("数量不合理。"), next=_("请填写不超过一百万的数量，最多三位小数。"))
