"""The shipped tables: item codes, kinds of samples, indicators (sources: `data/SOURCE.md`)."""

import csv
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from luodi.pharmacy import reasons
from luodi.pharmacy.reasons import Reason
from luodi.trust.spoken import spoken

_DATA = Path(__file__).parent / "data"
REASONABLE = "reasonable"
# from the mildest to the gravest: a case with several codes is what its gravest one is
VERDICTS = (REASONABLE, "irregular", "unsuitable", "extraordinary")


class Kind(NamedTuple):
    """A kind of sample. `of`: prescription | record; `filter`: see `drawing.keeps`; `scope`: "" | staff | unit."""

    code: str
    zh: str
    en: str
    of: str
    classes: tuple[str, ...]
    filter: str
    scope: str
    per_mille: Decimal
    least: int
    effective_from: date
    source: str

    @property
    def name(self) -> str:
        return spoken(self.zh, self.en)


class Indicator(NamedTuple):
    """One line under the working table. `top` and `bottom` are its columns; bottom "": a sum, "rows": a mean."""

    letter: str
    code: str
    zh: str
    en: str
    top: str
    bottom: str
    per: int
    unit: str
    wording: str
    source: str

    @property
    def name(self) -> str:
        return spoken(self.zh, self.en)


def _rows(file: str) -> list[dict[str, str]]:
    with (_DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def _dated() -> tuple[tuple[date, date | None, Reason], ...]:
    """Each item with its dates; the words are the pharmacy's, but for items that the pharmacy does not use."""
    known = reasons.by_code()
    found = []
    for row in _rows("items.csv"):
        own = Reason(row["code"], row["kind"], row["name_zh"], row["name_en"], row["source"])
        until = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
        found.append((date.fromisoformat(row["effective_from"]), until, known[own.code] if not own.kind else own))
    return tuple(found)


def items(on: date | None = None) -> list[Reason]:
    """The item codes in force on a day (None: ever), in the order of the norm."""
    return [item for since, until, item in _dated() if on is None or (since <= on and (until is None or on < until))]


def item(code: str) -> Reason:
    """The item of a code; one that left the list keeps its number as its name."""
    return next((item for item in items() if item.code == code), Reason(code, "", code, code, ""))


def verdict(codes: list[str]) -> str:
    """The verdict that a set of codes makes: none is reasonable, else the gravest kind."""
    kinds = [item(code).kind for code in codes]
    return max(kinds, key=VERDICTS.index, default=REASONABLE)


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of samples by code."""
    return {
        row["code"]: Kind(
            **row
            | {
                "classes": tuple(row["classes"].split()),
                "per_mille": Decimal(row["per_mille"]),
                "least": int(row["least"]),
                "effective_from": date.fromisoformat(row["effective_from"]),
            }  # type: ignore[arg-type]
        )
        for row in _rows("samples.csv")
    }


@cache
def indicators() -> tuple[Indicator, ...]:
    """The sums and shares under the working table, in its order."""
    return tuple(Indicator(**row | {"per": int(row["per"])}) for row in _rows("indicators.csv"))  # type: ignore[arg-type]


def verdict_name(code: str) -> Any:
    """What a verdict is called, in the language of the screen; "" for none yet."""
    return {REASONABLE: _("合理处方"), "": ""}.get(code) or reasons.KINDS.get(code, code)
