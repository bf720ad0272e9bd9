"""Reading the barcode that a manufacturer prints on a box (GS1 element strings).

Only the application identifiers that receiving needs: 01 product (GTIN), 17 expiry, 10 lot, 21 serial; others are
skipped where their length is known. Source: GS1 General Specifications, sections 3.2-3.9 (AI lengths) and 7.12 (dates).
"""

import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

GS = "\x1d"
_FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
_VARIABLE = {"10", "21", "22", "30", "37", "240", "241"}
_PREFIXES = ("]C1", "]e0", "]d2", "]Q3")


class Box(NamedTuple):
    """What a box says of itself; an empty field was not on it."""

    product: str = ""
    lot_no: str = ""
    expiry: date | None = None


class UnreadableError(ValueError):
    """The text is no GS1 element string that receiving understands."""


def read(scanned: str) -> Box:
    """Parse one scan, with FNC1 as GS, or the printed form with brackets: `(01)…(17)…(10)…`.

    Raises UnreadableError for an unknown identifier, a wrong length, a wrong GTIN check digit or an impossible date.
    """
    text = unicodedata.normalize("NFKC", scanned).strip()
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    fields = dict(_bracketed(text) if text.startswith("(") else _elements(text.lstrip(GS)))
    product = fields.get("01", "")
    if product and not _gtin_holds(product):
        raise UnreadableError("gtin check digit")
    return Box(product, fields.get("10", ""), _expiry(fields["17"]) if "17" in fields else None)


def is_box(scanned: str) -> bool:
    """Whether a scan begins like the code that a manufacturer printed on a box: a GTIN, or the older EAN-13."""
    plain = unicodedata.normalize("NFKC", scanned[:64]).replace("(", "").replace(")", "").strip()
    return (plain.startswith("01") and _gtin_holds(plain[2:16])) or (len(plain) == 13 and _gtin_holds("0" + plain))


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("(")[1:]:
        identifier, closed, value = part.partition(")")
        if not closed:
            raise UnreadableError("bracket")
        yield identifier, value


def _elements(text: str) -> Iterator[tuple[str, str]]:
    while text:
        identifier = next((text[:n] for n in (2, 3) if text[:n] in _FIXED or text[:n] in _VARIABLE), None)
        if identifier is None:
            raise UnreadableError("application identifier")
        text = text[len(identifier) :]
        if identifier in _FIXED:
            value, text = text[: _FIXED[identifier]], text[_FIXED[identifier] :].removeprefix(GS)
            if len(value) != _FIXED[identifier] or not _digits(value):
                raise UnreadableError("length")
        else:
            value, _, text = text.partition(GS)
        yield identifier, value


def _digits(text: str) -> bool:
    # str.isdigit also holds for digits of other scripts and superscripts, which int() does not read
    return text.isascii() and text.isdigit()


def _gtin_holds(gtin: str) -> bool:
    if len(gtin) != 14 or not _digits(gtin):
        return False
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(gtin[:13]))
    return (10 - weighted % 10) % 10 == int(gtin[13])


def _expiry(text: str) -> date:
    """YYMMDD; day 00 means the last day of the month. Two-digit years are read as 20YY."""
    if len(text) != 6 or not _digits(text):
        raise UnreadableError("date")
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:])
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except (ValueError, IndexError) as wrong:
        raise UnreadableError("date") from wrong
