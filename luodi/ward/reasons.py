"""Coded reasons of the bedside, read from `data/reasons.csv` (source: `data/SOURCE.md`)."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import get_language

_FILE = Path(__file__).parent / "data" / "reasons.csv"


class Reason(NamedTuple):
    """A reason of one kind: refused, held, missed, unscanned, early, late, returned."""

    kind: str
    code: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        """The name in the reader's language: the list is data and carries its own English."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@cache
def all_reasons() -> tuple[Reason, ...]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(Reason(**row) for row in csv.DictReader(lines))


def of(kind: str) -> tuple[Reason, ...]:
    """The reasons of a kind, in the order of the file."""
    return tuple(reason for reason in all_reasons() if reason.kind == kind)


def choices(kind: str) -> list[tuple[str, str]]:
    """The reasons of a kind for a form field."""
    return [(reason.code, reason.name) for reason in of(kind)]


def known(kind: str, code: str) -> bool:
    return any(reason.code == code for reason in of(kind))


def name(code: str) -> str:
    """The name of a code; a code that left the list is shown as it is."""
    return next((reason.name for reason in all_reasons() if reason.code == code), code)
