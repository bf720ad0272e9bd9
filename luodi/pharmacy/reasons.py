"""Coded reasons for returning a prescription, read from `data/return_reasons.csv` (source: `data/SOURCE.md`)."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_FILE = Path(__file__).parent / "data" / "return_reasons.csv"

KINDS = {
    "irregular": _("不规范处方"),
    "unsuitable": _("用药不适宜处方"),
    "extraordinary": _("超常处方"),
    "supply": _("药房原因"),
}
# What came of a call to the prescriber (models.Call.Outcome).
OUTCOMES = {"agreed": _("医师同意修改"), "confirmed": _("医师坚持原处方"), "unreached": _("没有联系上")}
NEED_TEXT = {"2-9", "X-2"}  # "other" alone tells the doctor nothing


class Reason(NamedTuple):
    """One reason; `kind` is a key of KINDS, `source` the article of the norm, or the pharmacy for its own."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    source: str

    @property
    def name(self) -> str:
        """The name in the reader's language: the list is data, so it carries its own English."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@cache
def all_reasons() -> tuple[Reason, ...]:
    """Every reason in the order of the norm."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(Reason(**row) for row in csv.DictReader(lines))


@cache
def by_code() -> dict[str, Reason]:
    """The reasons by their code."""
    return {reason.code: reason for reason in all_reasons()}


def named(codes: Iterable[str]) -> list[Reason]:
    """The reasons of `codes` in the order of the norm; a code that left the list keeps its number as its name."""
    known = by_code()
    order = {code: place for place, code in enumerate(known)}
    return [known.get(c, Reason(c, "", c, c, "")) for c in sorted(codes, key=lambda c: order.get(c, len(order)))]
