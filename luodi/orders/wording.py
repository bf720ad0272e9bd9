"""Coded answers and reasons of the room: data, in both languages."""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).parent / "data"
WRITTEN = "written"  # the code of an answer in the prescriber's own words


@cache
def _table(name: str) -> dict[str, tuple[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: (row["zh"], row["en"]) for row in csv.DictReader(lines)}


def choices(name: str) -> list[tuple[str, str]]:
    """(code, words in the reader's language) of the table `answers` or `stop_reasons`."""
    english = (get_language() or "").startswith("en")
    return [(code, en if english else zh) for code, (zh, en) in _table(name).items()]


def words(name: str, code: str) -> str:
    """Words of one code, "" for a code that the table does not hold."""
    return dict(choices(name)).get(code, "")


def code_of(name: str, text: str) -> str:
    """The code that a text names, by itself or by its words in either language; "" where it is free text."""
    wanted = text.strip()
    for code, both in _table(name).items():
        if wanted in (code, *both):
            return code
    return ""
