"""Words and marks of readings: names from the terms, and whether a value is outside its range."""

from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.terms import queries as terms

from .codes import PREGNANCY, PREGNANCY_STATUS
from .types import Reading

# UCUM codes as a person writes them; °C in two signs, because fonts of ward PCs lack ℃
UNITS = {
    "Cel": "°C",
    "mm[Hg]": "mmHg",
    "1": "",
    "10*9/L": "10⁹/L",
    "10^9/L": "10⁹/L",
    "umol/L": "µmol/L",
    "mL/min/1.73m2": "mL/min/1.73m²",
}


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


def shown(reading: Reading, age_days: int | None) -> Shown:
    """A reading with its words, unit and mark for a patient of that age."""
    words = reading.text or (str(PREGNANCY[reading.coded]) if reading.coded in PREGNANCY else reading.coded)
    unit = UNITS.get(reading.unit, reading.unit)
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
