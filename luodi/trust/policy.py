"""Numbers of the house (password rules, lock-out, limits): data with effective dates, shipped in data/policy.csv."""

import csv
from functools import cache
from pathlib import Path

from luodi.trust.clock import today
from luodi.trust.models import Policy
from luodi.trust.spoken import spoken

SHIPPED = Path(__file__).parent / "data" / "policy.csv"


@cache
def shipped() -> dict[str, dict[str, str]]:
    """Key → row of the shipped table; every key that the program reads is in it."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def name(key: str) -> str:
    """What a number is called, in the language of the screen. Raises KeyError."""
    return spoken(shipped()[key]["zh"], shipped()[key]["en"])


def value(key: str) -> str:
    """The value in force today: the hospital's own where it set one, else the shipped one. Raises KeyError."""
    default = shipped()[key]["value"]
    own = Policy.objects.filter(key=key, effective_from__lte=today()).order_by("-effective_from").first()
    return own.value if own else default


def number(key: str) -> int:
    """`value` as a whole number."""
    return int(value(key))
