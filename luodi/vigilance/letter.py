"""What a supplier is told of a recall: its own deliveries of the numbers, as a letter and a table. No patient."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from luodi.paper import sheet
from luodi.stock.queries import Came, Source
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.vigilance import codes
from luodi.vigilance.queries.recalls import RecallCard
from luodi.vigilance.recall_forms import LEVELS

TEMPLATE = Path(__file__).parent / "typst" / "letter.typ"


def pdf(card: RecallCard, source: Source, hospital: str) -> bytes:
    """The letter to print, sign and send, in Chinese, whatever the screen speaks."""
    with translation.override("zh-hans"):
        return sheet.pdf(TEMPLATE, values(card, source, hospital), made=now())


def values(card: RecallCard, source: Source, hospital: str) -> dict[str, Any]:
    """What stands in the letter."""
    assert card.trace is not None
    sums = card.trace.sums
    unit = card.drug.pack_unit
    return {
        "title": _("药品召回通知函"),
        "house": hospital,
        "number": str(card.pk),
        "supplier": source.name,
        "printed": _("打印于 %(at)s") % {"at": _moment(now())},
        "facts": [
            [_("药品"), f"{card.drug.generic} {card.drug.strength}"],
            [_("批号"), "、".join(sorted({each.lot_no for each in source.came}))],
            [_("召回级别"), str(dict(LEVELS)[card.level])],
            [_("来源"), " ".join(part for part in (codes.name("source", card.source), card.notice) if part)],
            [_("召回原因"), card.reason],
            [_("收到通知的时间"), _moment(card.noticed_at)],
            [_("贵公司供货合格入库"), f"{amount(source.accepted)} {unit}"],
            [_("我院现存（全部来源）"), f"{amount(sums.on_hand)} {unit}"],
            [_("已从患者和病区收回"), f"{amount(sums.back)} {unit}"],
        ],
        "came": [_row(each) for each in source.came],
    }


def grid(source: Source) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table for the supplier's own system."""
    head = [
        _("供应商"), _("到货"), _("收货部门"), _("单据"), _("批号"), _("有效期至"),
        _("到货数"), _("合格入库"), _("拒收"),
    ]  # fmt: skip
    return head, [[source.name, *_row(each)] for each in source.came]


def _row(each: Came) -> list[str]:
    return [
        _moment(each.at), each.unit, paper(each), each.lot_no, each.expiry.isoformat(),
        amount(each.qty), amount(each.accepted), amount(each.rejected),
    ]  # fmt: skip


def paper(each: Came) -> str:
    """The delivery, its order and its invoice as both sides know them."""
    order = _("订单 %(pk)s") % {"pk": each.order} if each.order else ""
    invoice = _("发票 %(no)s") % {"no": each.invoice} if each.invoice else ""
    return " ".join(part for part in (_("验收 %(pk)s") % {"pk": each.delivery}, order, invoice) if part)


def amount(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _moment(at: datetime) -> str:
    return at.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M")
