"""Skeletons of notes, read from data/note_templates.csv: questions with blanks, no findings."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import get_language

_FILE = Path(__file__).parent / "data" / "note_templates.csv"


class Skeleton(NamedTuple):
    code: str
    title: str
    texts: dict[str, str]  # note kind → text


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def skeletons() -> list[Skeleton]:
    """All templates, titled in the language of the screen, in the order of the file."""
    column = "title_en" if (get_language() or "").startswith("en") else "title_zh"
    found: dict[str, Skeleton] = {}
    for row in _rows():
        found.setdefault(row["code"], Skeleton(row["code"], row[column], {})).texts[row["kind"]] = row["text"]
    return list(found.values())


def skeleton(code: str) -> Skeleton | None:
    return next((one for one in skeletons() if one.code == code), None)


def filled(typed: dict[str, str], texts: dict[str, str]) -> dict[str, str]:
    """What was typed, with texts put where nothing was: a template never overwrites a word."""
    return {kind: text if text.strip() else texts.get(kind, "") for kind, text in typed.items()}
