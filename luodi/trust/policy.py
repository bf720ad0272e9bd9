"""Numbers of the house (password rules, lock-out, limits): data with effective dates, shipped in data/policy.csv."""

import csv
from functools import cache
from pathlib import Path

from luodi.trust.clock import today
from luodi.trust.models import Policy
from luodi.trust.question import DAY, TEXT, Question
from luodi.trust.spoken import spoken

_OWN = Question(
    lambda key, day: Policy.objects.filter(key=key, effective_from__lte=day)
    .order_by("-effective_from")
    .values_list("value", flat=True)[:1],
    TEXT, DAY,
)  # fmt: skip
SHIPPED = Path(__file__).parent / "data" / "policy.csv"


@cache
def shipped() -> dict[str, dict[str, str]]:
    """Key → row of the shipped table; every key that the program reads is in it."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def name(key: str) -> str:
    """What a number is called, in the language of the screen. Raises KeyError."""
    return spoken(shipped()[key]["zh"], shipped()[key]["en"])


def unit(key: str) -> str:
    """What a number is counted in, in the language of the screen. Raises KeyError."""
    return spoken(shipped()[key]["unit_zh"], shipped()[key]["unit"])


def value(key: str) -> str:
    """The value in force today: the hospital's own where it set one, else the shipped one. Raises KeyError."""
    default = shipped()[key]["value"]
    own = _OWN.first(key, today())
    return default if own is None else own


def number(key: str) -> int:
    """`value` as a whole number."""
    return int(value(key))
