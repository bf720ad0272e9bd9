"""Every way in which the store says no, in words a person understands."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal


def number(value: Decimal) -> str:
    """A quantity as a person writes it: no trailing zero, no exponent."""
    return f"{value.normalize():f}"


def joined(parts: Iterable[Any], between: str = "；") -> Any:
    """Lazy texts after one another."""
    parts = list(parts)
    return format_lazy(between.join(["{}"] * len(parts)), *parts)


class NotFound(Refusal):
    """There is no such lot or medicine here."""

    code = "stock_not_found"
    message = _("没有找到。")
    next = _("请从药库的列表重新打开。")
    status = 404


class StockShort(Refusal):
    """The usable lots hold less than wanted. `shorts` are (drug in words, wanted, on hand, pack unit)."""

    code = "stock_short"
    next = _("没有扣减任何库存。请补货或请医师换药。")

    def __init__(self, shorts: list[tuple[str, Decimal, Decimal, str]], medicines: list[str]) -> None:
        words = [
            format_lazy(
                _("{drug}：需要 {wanted} {unit}，可用 {held} {unit}"),
                drug=drug, wanted=number(wanted), held=number(held), unit=unit,
            )
            for drug, wanted, held, unit in shorts
        ]  # fmt: skip
        super().__init__(
            message=format_lazy(_("库存不足。{list}。"), list=joined(words)),
            facts={
                "short": [
                    {"medicine": code, "wanted": wanted, "on_hand": held}
                    for code, (_drug, wanted, held, _unit) in zip(medicines, shorts, strict=True)
                ]
            },
        )


class StockMoved(Refusal):
    """A lot changed between reading and writing."""

    code = "stock_moved"
    message = _("这一批的库存或状态刚刚有变化，没有保存。")
    next = _("请刷新后重新操作；盘点请重新数一遍。")


class BadStock(Refusal):
    """A receipt, count or change of a lot that makes no sense."""

    code = "stock_invalid"
    status = 422


class PaperMoved(Refusal):
    """An order, transfer or stocktake changed between reading and writing."""

    code = "paper_moved"
    message = _("这张单据刚刚有变化，没有保存。")
    next = _("请刷新后按最新状态处理。")


class NotYours(Refusal):
    """The stock of another unit."""

    code = "stock_not_yours"
    message = _("这里的库存不归您所在的科室保管。")
    next = _("请切换到保管它的科室的岗位。")
    status = 403


class OtherPerson(Refusal):
    """Who asked, counted or received is not the one who approves."""

    code = "stock_other_person"
    message = _("经办人不能审批自己的单据，复点须换人。")
    next = _("请另一位有权限的人员登录后处理。")


class TooLarge(Refusal):
    """Above the limit of who may approve it."""

    code = "stock_too_large"
    message = _("金额超过您的审批限额。")
    next = _("请药学部主任审批。")
    status = 403
