"""Reads the shipped files into values: what a printed strength, a note or a renal caution means as numbers."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

NUMBER = r"(\d+(?:\.\d+)?)"
AMOUNT = re.compile(rf"{NUMBER}(mg|ug|g|IU|U|ml)(?:\(I\))?")
LIQUID = re.compile(rf"{NUMBER}ml(?::{NUMBER}(mg|ug|g|IU)(?:\(I\))?)?")
TUBE = re.compile(rf"{NUMBER}g:{NUMBER}(mg|g)")
PILLS = re.compile(rf"{NUMBER}丸/{NUMBER}(g|mg)")
RENAL = re.compile(r"(avoid|reduce dose) if eGFR<(\d+)")
EVERY = re.compile(r"每(\d*)(周|年)(\d*)次")
VAGUE = {"beta-lactamase inhibitor", "diuretics", "antiinfectives"}


class Strength(NamedTuple):
    value: Decimal | None = None  # active amount of one pack unit
    unit: str = ""
    volume_ml: Decimal | None = None


def strength(text: str) -> Strength:
    """ "2ml:10mg" -> 10 mg in 2 ml; "20mg" -> 20 mg; a combination or an inhaler has no single amount."""
    if found := LIQUID.fullmatch(text):
        volume, value, unit = found.groups()
        return Strength(Decimal(value) if value else None, unit or "", Decimal(volume))
    if found := TUBE.fullmatch(text):
        return Strength(Decimal(found[2]), found[3])
    if found := PILLS.fullmatch(text):
        return Strength(Decimal(found[2]) / Decimal(found[1]), found[3])
    if found := AMOUNT.fullmatch(text):
        return Strength(Decimal(found[1]), found[2])
    return Strength()


def dose_range(text: str) -> tuple[Decimal | None, Decimal | None]:
    """ "20-40" -> (20, 40); "20" -> (20, 20); blank -> unknown."""
    if not text:
        return None, None
    low, _, high = text.partition("-")
    return Decimal(low), Decimal(high or low)


def interval_days(note: str) -> Decimal | None:
    """Days between two doses where the note fixes them: 每周1次 7, 每周3次 7/3, 每2周1次 14, 每年1次 365."""
    found = EVERY.search(note)
    if not found:
        return None
    span, unit, times = int(found[1] or 1), found[2], int(found[3] or 1)
    return Decimal(span * (7 if unit == "周" else 365)) / times


def renal(text: str) -> tuple[str, Decimal | None]:
    """ "avoid if eGFR<30" -> ("avoid", 30); wording without a number -> (caution, None)."""
    if found := RENAL.fullmatch(text):
        return found[1].split()[0], Decimal(found[2])
    if text.startswith("contraindicated in renal failure"):
        return "avoid", Decimal(15)
    return ("caution" if text else ""), None


def herbal(note: str, form_class: str) -> str:
    if note.startswith("中药饮片"):
        return "pieces"
    if not note.startswith("中成药"):
        return ""
    return "tcm_injection" if form_class == "injection" else "patent"


def substances(name_en: str) -> tuple[str, ...]:
    """English generic names of a medicine, lower case, without the words in brackets."""
    plain = re.sub(r"\s*\([^)]*\)", "", name_en).lower()
    parts = [part.strip() for part in re.split(r",| and ", plain)]
    return tuple(part for part in parts if part and part not in VAGUE)


def times_a_day(text: str) -> Decimal | None:
    """ "3" -> 3, "2/7" -> 0.285714 (six places), blank -> not fixed."""
    if not text:
        return None
    share = Fraction(text)
    return (Decimal(share.numerator) / share.denominator).quantize(Decimal("0.000001"))


def codes(text: str) -> tuple[str, ...]:
    """The codes or prefixes of a cell, which semicolons separate."""
    return tuple(part.strip() for part in text.split(";") if part.strip())
