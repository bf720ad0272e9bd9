"""The tables of rule cases in `cases/`: one row is one check, with everything that it must find and nothing more.

Columns: case (words), about (the rule under test), lines, wish, patient, expected, source.
lines: `M0288 500mg po tid days=7 quantity=42`, parted by ` | `. expected: `rule grade`, parted by `; `, or blank.
The patient of a row is a man of 40 years, 65 kg, 170 cm, eGFR 90, without allergy, unless the row says otherwise.
"""

import csv
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from luodi.advice.check import check
from luodi.advice.types import Allergy, CurrentDrug, Egfr, Prescriber, Snapshot, Wish, WishLine

from .conftest import ON

FOLDER = Path(__file__).parent / "cases"
DAYS = {"y": Decimal("365.25"), "m": Decimal("30.4375"), "d": Decimal(1)}
NUMBERS = ("days", "quantity", "per_day", "rate", "skin_test_hours")
DOSE = re.compile(r"(-?[\d.]+)(.*)")


class Row(NamedTuple):
    file: str
    case: str
    about: str
    lines: str
    wish: str
    patient: str
    expected: str
    source: str


def rows() -> list[Row]:
    found = []
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [Row(path.stem, **row) for row in csv.DictReader(file, strict=True)]
    return found


def words(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split())


def line(text: str) -> WishLine:
    medicine, dose, route, frequency, *more = text.split()
    given = words(" ".join(more))
    amount = DOSE.fullmatch(dose)
    values = {name: Decimal(value) if name in NUMBERS else value for name, value in given.items()}
    values |= {name: int(given[name]) for name in ("bag",) if name in given}
    values |= {"prn": True} if frequency in ("prn", "sos") else {}
    return WishLine(
        medicine,
        Decimal(amount[1]) if amount else None,
        amount[2] if amount else "",
        "" if route == "-" else route,
        "" if frequency == "-" else frequency,
        **values,
    )


def wish(row: Row) -> Wish:
    given = words(row.wish)
    prescriber = Prescriber(
        antibiotic_tier=int(given.get("tier", "3")),
        narcotic=given.get("narcotic", "1") == "1",
        assistant=given.get("assistant", "0") == "1",
    )
    lapses = given.get("lapses")
    return Wish(
        kind=given.get("kind", "ordinary"),
        visit_class=given.get("class", "outpatient"),
        prescriber=prescriber,
        lines=tuple(line(text) for text in row.lines.split(" | ")),
        diagnoses=tuple(code for code in given.get("diagnoses", "J06.9").split(";") if code),
        on=ON,
        lapses=ON + timedelta(days=int(lapses)) if lapses else None,
        namesake=given.get("namesake") == "1",
        pain_dossier=given.get("dossier") == "1",
    )


def _age(text: str) -> int | None:
    return None if text == "?" else int(Decimal(text[:-1]) * DAYS[text[-1]] + Decimal("0.999"))


def _known(text: str) -> Decimal | None:
    return None if text == "?" else Decimal(text)


def _truth(text: str | None) -> bool | None:
    return {"1": True, "0": False}.get(text or "")


def patient(row: Row) -> Snapshot:
    given = words(row.patient)
    allergies = tuple(Allergy(*part.split(":")[:1], "", *part.split(":")[1:]) for part in _parts(given, "allergy"))
    egfr = _known(given.get("egfr", "90"))
    return Snapshot(
        age_days=_age(given.get("age", "40y")),
        sex=given.get("sex", "1"),
        weight_kg=_known(given.get("weight", "65")),
        height_cm=_known(given.get("height", "170")),
        pregnant=_truth(given.get("pregnant")),
        trimester=int(given["trimester"]) if "trimester" in given else None,
        lactating=_truth(given.get("lactating")),
        egfr=None if egfr is None else Egfr(egfr, ON - timedelta(days=int(given.get("egfr_days", "0")))),
        allergy_state=given.get("state", "listed" if allergies else "denied"),
        allergies=allergies,
        current=tuple(CurrentDrug(code) for code in _parts(given, "current")),
    )


def _parts(given: dict[str, str], name: str) -> list[str]:
    return [part for part in given.get(name, "").split(";") if part]


def found(row: Row, rules) -> list[str]:
    """What the check says of a row, as its column `expected` writes it."""
    return sorted(f"{f.rule} {f.grade.value}" for f in check(wish(row), patient(row), rules))


def expected(row: Row) -> list[str]:
    return sorted(part for part in row.expected.split("; ") if part)
