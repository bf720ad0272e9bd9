"""Vital signs of a triage: their codes in the chart, and the level that they suggest."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.advice import triage as scheme
from luodi.chart.types import Obs
from luodi.terms import queries as terms

from .refusals import Invalid


class Sign(NamedTuple):
    """One measured sign: code in the chart, UCUM unit, words, decimals that make sense."""

    code: str
    unit: str
    label: Any
    decimals: int


SIGNS = {
    "pulse": Sign("HR", "/min", _("心率"), 0),
    "systolic": Sign("SBP", "mm[Hg]", _("收缩压"), 0),
    "diastolic": Sign("DBP", "mm[Hg]", _("舒张压"), 0),
    "respiration": Sign("RR", "/min", _("呼吸"), 0),
    "spo2": Sign("SPO2", "%", _("血氧"), 0),
    "temperature": Sign("BT", "Cel", _("腋温"), 1),
    "glucose": Sign("GLUC", "mmol/L", _("血糖"), 2),
    "pain": Sign("PAIN", "1", _("疼痛"), 0),
}
AVPU = {"A": _("A 清醒"), "C": _("C 新发意识模糊"), "V": _("V 呼唤有反应"), "P": _("P 疼痛有反应"), "U": _("U 无反应")}
AVPU_CODE = "AVPU"
SCALES = {"pain": "0–10"}  # a score has no unit; its range is said instead
INDICATORS = {
    **{name: sign.label for name, sign in SIGNS.items()},
    "potassium": _("血钾"),
    "consciousness": _("意识"),
    "mews": _("MEWS 评分"),
    "complaint": _("主诉"),
}


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Readings that were given, as Decimal, consciousness as its letter. Raises Invalid."""
    readings: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or value == "":
            continue
        if name == "consciousness":
            readings[name] = _letter(value)
        elif name in SIGNS:
            readings[name] = _number(name, value)
        else:
            raise Invalid("vital_unknown", _("没有这一项体征。"), "vitals")
    return readings


def suggested(readings: Mapping[str, Any], complaint_code: str = "") -> scheme.Suggestion:
    """The level by the worst indicator; what was not measured is unknown. Raises Invalid for an unknown complaint."""
    hint = None
    if complaint_code:
        known = next((each for each in terms.complaints() if each.code == complaint_code), None)
        if known is None:
            raise Invalid("complaint_code", _("没有这个主诉编码，请从列表中选择。"), "complaint_code")
        hint = known.level
    judged = {name: value for name, value in readings.items() if name in scheme.Vitals._fields}
    return scheme.suggest(scheme.Vitals(**judged, complaint_level=hint))


def observations(readings: Mapping[str, Any]) -> list[Obs]:
    """The readings as the chart records them."""
    rows = [Obs(SIGNS[name].code, value, SIGNS[name].unit) for name, value in readings.items() if name in SIGNS]
    word = readings.get("consciousness")
    return [*rows, Obs(AVPU_CODE, coded=word)] if word else rows


def _letter(value: Any) -> str:
    letter = str(value).strip().upper()
    if letter not in AVPU:
        raise Invalid("consciousness", _("请选择意识状态。"), "consciousness")
    return letter


def _number(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10_000:
        raise Invalid("vital_number", format_lazy(_("{sign}应是一个数字。"), sign=SIGNS[name].label), name)
    return number
