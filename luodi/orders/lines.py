"""A line as it is written: checked against the formulary, its quantity computed, its words sealed."""

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.advice.amounts import in_units
from luodi.orders import reading, refusals
from luodi.orders.cards import WORDS, LineCard, LineWish
from luodi.orders.models import Line
from luodi.orders.quantity import MOST_QUANTITY, needed
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import clock

MOST_WORDS = 500  # characters of one free text
MOST_USAGE = 80  # of the usage: it is printed on a label of 70 × 50 mm
SKIN_TESTS = ("", "pending", "negative", "positive", "exempt", "continuing")
DRIPS = ("ivgtt", "ivp")
RATE_UNITS = ("ml/h", "gtt/min")
MOST_BAGS = 20


def sealed_columns(patient: int, wish: LineWish) -> dict[str, Any]:
    """Columns of a line, with the facts of the formulary as they are now and its words sealed. Raises Refusal."""
    return columns(wish) | {"words": _sealed(patient, wish)}


def trial(wish: LineWish, bag: int) -> list[LineCard]:
    """The line as a card, before it is kept, and that of its solvent; `bag` is the next free one. Raises Refusal."""
    return [
        reading.line_card(Line(seq=0, place=0, version=0, entry_id=0, **columns(each)), _words(each))
        for each in with_solvent(wish, bag)
    ]


def with_solvent(wish: LineWish, bag: int) -> list[LineWish]:
    """The line, and the line of the solvent that it names; without a bag of its own they begin the bag `bag`."""
    if not wish.solvent:
        return [wish]
    if wish.solvent not in terms.ruleset(clock.today()).carriers:
        raise refusals.unknown("solvent_unknown", _("所选药品不是溶媒。"))
    if wish.route not in DRIPS:
        raise refusals.unknown("solvent_without_drip", _("只有静脉滴注或泵入才加溶媒。"))
    number = wish.bag or bag
    carrier = LineWish(
        medicine=wish.solvent,
        dose=_amount(wish.solvent_ml, 1, _("溶媒量"), Decimal(5000)),
        dose_unit="ml",
        route=wish.route,
        frequency=wish.frequency,
        days=wish.days,
        prn=wish.prn,
        quantity=_bags_of(wish) if wish.prn or wish.frequency in ("prn", "sos") else None,
        bag=number,
        rate=wish.rate,
        rate_unit=wish.rate_unit,
    )
    return [wish._replace(bag=number, solvent="", solvent_ml=None), carrier]


def next_bag(taken: Iterable[int]) -> int:
    return max(taken, default=0) + 1


def _bags_of(wish: LineWish) -> Decimal:
    """As-needed drips: one container of solvent for each dose that the quantity of the drug gives."""
    rules = terms.ruleset(clock.today())
    drug, carrier = rules.drugs.get(wish.medicine), rules.drugs.get(wish.solvent)
    units = in_units(wish.dose, wish.dose_unit, drug) if drug else None
    each = in_units(wish.solvent_ml or Decimal(0), "ml", carrier) if carrier else None
    if not units or not each or wish.quantity is None:
        raise refusals.unknown("quantity_missing", _("算不出总量。"), _("请按包装单位填写总量。"))
    if drug and drug.single_use:
        units = units.to_integral_value(ROUND_CEILING)
    doses = (wish.quantity / units).to_integral_value(ROUND_CEILING)
    return doses * each.to_integral_value(ROUND_CEILING)


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
        "skin_test_at": _tested(wish),
    } | _drip(wish)


def _tested(wish: LineWish) -> datetime | None:
    """When the skin test was read: known for a result alone, and not in the future."""
    if wish.skin_test_at is None or wish.skin_test not in ("negative", "positive"):
        return None
    if wish.skin_test_at > clock.now():
        raise refusals.unknown("skin_test_later", _("皮试时间不能晚于现在。"))
    return wish.skin_test_at


def _drip(wish: LineWish) -> dict[str, Any]:
    """Bag and speed: a drip alone has them, whatever else was filled in before the route changed."""
    if wish.route not in DRIPS:
        return {"bag": 0, "rate": None, "rate_unit": ""}
    if not 0 <= wish.bag <= MOST_BAGS:
        raise refusals.unknown("bag_unknown", _("没有这一组。"))
    if wish.rate is None:
        return {"bag": wish.bag, "rate": None, "rate_unit": ""}
    if wish.rate_unit not in RATE_UNITS:
        raise refusals.unknown("rate_unit_missing", _("没有选择滴速单位。"))
    return {"bag": wish.bag, "rate": _amount(wish.rate, 1, _("滴速"), Decimal(1500)), "rate_unit": wish.rate_unit}


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
