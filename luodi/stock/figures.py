"""The hospital's figures of supply, and which medicines ask for special care: tables in `data/`."""

from decimal import Decimal
from functools import cache
from pathlib import Path

from luodi.terms import queries as terms
from luodi.trust.tables import Named, rows

_DATA = Path(__file__).parent / "data"


@cache
def number(code: str) -> Decimal:
    """A figure of `figures.csv`. Raises KeyError."""
    return {row["code"]: Decimal(row["value"]) for row in rows(_DATA / "figures.csv")}[code]


def days(code: str) -> int:
    """A figure that counts days."""
    return int(number(code))


def reject_reasons() -> list[Named]:
    """What an inspection may reject goods for."""
    return [Named(row["code"], row["zh"], row["en"]) for row in rows(_DATA / "reject_reasons.csv")]


def is_cold(medicine: str) -> bool:
    """Whether it is kept between 2 and 8 °C on its way, by its ATC class."""
    card = terms.medicine(medicine)
    return card is not None and any(card.atc.startswith(row["atc"]) for row in rows(_DATA / "cold_chain.csv"))


def needs_two(medicine: str) -> bool:
    """Whether two people inspect it on receipt (麻醉药品和精神药品管理条例: 双人验收), and always in the cold chain."""
    card = terms.medicine(medicine)
    control = card.control if card else ""
    return is_cold(medicine) or any(row["code"] == control for row in rows(_DATA / "two_people.csv"))


def is_barred(medicine: str) -> bool:
    """Whether no ward cabinet may hold it without a permit."""
    card = terms.medicine(medicine)
    return card is not None and any(card.atc == row["atc"] for row in rows(_DATA / "not_in_cabinets.csv"))
