"""The working table and what is computed under it. Pure functions: an unknown makes a sum unknown, never smaller."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from luodi.commentary.tables import REASONABLE, VERDICTS, Indicator

PLACES = Decimal("0.01")
Row = dict[str, Any]


def total(rows: Sequence[Row], column: str) -> Decimal | None:
    """Sum of a column; None where any row does not know it, or there is no row."""
    values = [row[column] for row in rows]
    if not values or any(value is None for value in values):
        return None
    return sum((Decimal(value) for value in values), Decimal(0))


def value(indicator: Indicator, rows: Sequence[Row]) -> str | None:
    """The figure of one indicator, two decimals where it is a share or a mean; None is 数据不足."""
    top = total(rows, indicator.top)
    if top is None or not indicator.bottom:
        return None if top is None else format(top, "f")
    bottom = Decimal(len(rows)) if indicator.bottom == "rows" else total(rows, indicator.bottom)
    return format((top * indicator.per / bottom).quantize(PLACES), "f") if bottom else None


def share(top: int, bottom: int) -> str | None:
    """Percent with two decimals; None without a denominator."""
    return format((Decimal(top) * 100 / bottom).quantize(PLACES), "f") if bottom else None


def by_verdict(verdicts: Sequence[str]) -> dict[str, int]:
    """How many cases of each verdict."""
    return {code: verdicts.count(code) for code in VERDICTS}


def by_code(rows: Sequence[Row]) -> dict[str, int]:
    """How often each code was given."""
    return dict(sorted(Counter(code for row in rows for code in row["codes"]).items()))


def is_reasonable(verdict: str) -> int:
    return int(verdict == REASONABLE)
