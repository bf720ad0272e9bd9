"""A line as it is written: checked against the formulary, its quantity computed, its words sealed."""

import json
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.orders import reading, refusals
from luodi.orders.cards import WORDS, LineCard, LineWish
from luodi.orders.models import Line
from luodi.orders.quantity import MOST_QUANTITY, needed
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import clock

MOST_WORDS = 500  # characters of one free text
MOST_USAGE = 80  # of the usage: it is printed on a label of 70 × 50 mm
SKIN_TESTS = ("", "pending", "negative", "positive", "exempt")


def sealed_columns(patient: int, wish: LineWish) -> dict[str, Any]:
    """Columns of a line, with the facts of the formulary as they are now and its words sealed. Raises Refusal."""
    return columns(wish) | {"words": _sealed(patient, wish)}


def trial(wish: LineWish) -> LineCard:
    """The line as a card, before it is kept. Raises Refusal."""
    return reading.line_card(Line(seq=0, place=0, version=0, entry_id=0, **columns(wish)), _words(wish))


def columns(wish: LineWish) -> dict[str, Any]:
    """Columns of a line without its words. Raises Refusal."""
    drug = terms.medicine(wish.medicine)
    if drug is None or wish.medicine not in terms.ruleset(clock.today()).drugs:
        raise refusals.unknown("medicine_unknown", _("药品目录中没有这个药品，或已停用。"), _("请重新搜索药品。"))
    frequency = terms.frequency(wish.frequency)
    if frequency is None or terms.route(wish.route) is None:
        raise refusals.unknown("usage_unknown", _("给药途径或频次不在字典中。"))
    if wish.skin_test not in SKIN_TESTS:
        raise refusals.unknown("skin_test_unknown", _("皮试结果填写有误。"))
    prn = wish.prn or frequency.code in ("prn", "sos")
    return {
        "medicine": drug.code,
        "generic": drug.generic,
        "brand": drug.brand,
        "strength": drug.strength,
        "form": drug.form,
        "atc": drug.atc,
        "control": drug.control,
        "antibiotic": drug.antibiotic,
        "high_alert": drug.high_alert,
        "dose": _amount(wish.dose, 4, _("单次剂量")),
        "dose_unit": _unit(wish.dose_unit, drug),
        "route": wish.route,
        "frequency": frequency.code,
        "per_day": None if frequency.per_day is None else round(frequency.per_day, 5),
        "days": _amount(wish.days, 1, _("天数"), Decimal(366)),
        "quantity": _quantity(wish, prn),
        "pack_unit": drug.pack_unit,
        "prn": prn,
        "skin_test": wish.skin_test,
    }


def _amount(value: Decimal | None, places: int, name: Any, most: Decimal = Decimal(1_000_000_000)) -> Decimal:
    if value is None or not value.is_finite() or value <= 0 or value > most or round(value, places) != value:
        raise refusals.unknown(
            "amount_absurd",
            format_lazy(
                _("{name}填写有误：应大于 0，不超过 {most}，最多 {places} 位小数。"),
                name=name,
                most=str(most),
                places=str(places),
            ),
        )
    return value


def _unit(unit: str, drug: Any) -> str:
    if not unit or len(unit) > 20 or not unit.isprintable():
        raise refusals.unknown("dose_unit_missing", _("没有填写剂量单位。"))
    return unit


def _quantity(wish: LineWish, prn: bool) -> Decimal:
    if wish.quantity is not None:
        return _amount(wish.quantity, 3, _("总量"), MOST_QUANTITY)
    rules = terms.ruleset(clock.today())
    frequency = rules.frequencies[wish.frequency]
    amount = None if prn else needed(rules.drugs[wish.medicine], wish.dose, wish.dose_unit, frequency, wish.days)
    if amount is None:
        raise refusals.unknown("quantity_missing", _("算不出总量。"), _("请按包装单位填写总量。"))
    return _amount(amount, 3, _("总量"), MOST_QUANTITY)


def _words(wish: LineWish) -> dict[str, str]:
    texts = {name: getattr(wish, name).strip() for name in WORDS}
    if any(len(text) > MOST_WORDS for text in texts.values()):
        raise refusals.unknown("text_too_long", format_lazy(_("文字太长，每项最多 {n} 字。"), n=str(MOST_WORDS)))
    if len(texts["usage"]) > MOST_USAGE:
        message = format_lazy(_("用法说明最多 {n} 字，多了标签上印不下。"), n=str(MOST_USAGE))
        raise refusals.unknown("usage_too_long", message, _("请精简，其余写入嘱托。"))
    return {name: text for name, text in texts.items() if text}


def _sealed(patient: int, wish: LineWish) -> bytes:
    texts = _words(wish)
    return patients.seal_for(patient, json.dumps(texts, ensure_ascii=False), reading.FIELD) if texts else b""
