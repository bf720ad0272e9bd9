"""Words and marks of readings: names from the terms, and whether a value is outside its range."""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luodi.terms import queries as terms

from .codes import PREGNANCY, PREGNANCY_STATUS
from .types import Reading

# UCUM codes whose written form is no rule; °C in two signs, because fonts of ward PCs lack ℃
UNITS: dict[str, Any] = {"Cel": "°C", "/min": gettext_lazy("次/分"), "1": ""}
_POWER = re.compile(r"10[*^](\d+)")
_AREA = re.compile(r"(?<![A-Za-z])m([23])\b")
_MICRO = re.compile(r"\bu(?=(?:g|l|L|mol|m|s|U|IU)\b)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Shown(NamedTuple):
    """A reading in words. mark: "" in range or not judged, else low, high, critical_low, critical_high."""

    code: str
    name: str
    value: Decimal | None
    unit: str
    words: str
    mark: str
    at: Any


def name_of(code: str) -> str:
    """The name of a reading in the language of the screen; an unknown code is shown as it is."""
    if code == PREGNANCY_STATUS:
        return _("妊娠哺乳")
    return _names("en" if (get_language() or "").startswith("en") else "zh").get(code, code)


def written_unit(code: str) -> str:
    """A UCUM unit as a person writes it: Cel → °C, mm[Hg] → mmHg, 10*9/L → 10⁹/L, umol/L → µmol/L, m2 → m².

    An annotation in braces is dropped, a unit of one ("1") is not written. Source: The Unified Code for Units of
    Measure, tables 1 and 4; 次/分 as on the vital-sign sheet of 病历书写基本规范.
    """
    if code in UNITS:
        return str(UNITS[code])
    text = re.sub(r"\{[^}]*\}", "", code).replace("[", "").replace("]", "")
    text = _POWER.sub(lambda found: "10" + found[1].translate(_RAISED), text)
    text = _AREA.sub(lambda found: "m" + found[1].translate(_RAISED), text)
    return _MICRO.sub("µ", text)


def shown(reading: Reading, age_days: int | None) -> Shown:
    """A reading with its words, unit and mark for a patient of that age."""
    words = reading.text or (str(PREGNANCY[reading.coded]) if reading.coded in PREGNANCY else reading.coded)
    unit = written_unit(reading.unit)
    return Shown(reading.code, name_of(reading.code), reading.value, unit, words, mark(reading, age_days), reading.at)


def mark(reading: Reading, age_days: int | None) -> str:
    """Outside its range or beyond a critical limit; "" where the table knows no range for that age."""
    limits = terms.vital_ranges(age_days).get(reading.code)
    value = reading.value
    if limits is None or value is None:
        return ""
    marks = (
        ("critical_low", limits.critical_low is not None and value <= limits.critical_low),
        ("critical_high", limits.critical_high is not None and value >= limits.critical_high),
        ("low", limits.normal_low is not None and value < limits.normal_low),
        ("high", limits.normal_high is not None and value > limits.normal_high),
    )
    return next((name for name, beyond in marks if beyond), "")


def _names(language: str) -> dict[str, str]:
    column = "name_en" if language == "en" else "name"
    labs = {card.code: getattr(card, column) for card in terms.lab_items()}
    return labs | {code: getattr(limits, column) for code, limits in terms.vital_ranges(None).items()}
