"""A shipped file as rows of text, and what every row has: status, source, dates."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

SINCE = date(2020, 1, 1)  # shipped terms hold from here unless their file says otherwise
Row = dict[str, str]


def rows(folder: Path, name: str) -> list[Row]:
    """Rows of one file. Raises ValueError naming the file where it is no UTF-8 CSV."""
    try:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise ValueError(f"{name}.csv: {fault}") from fault


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def held(row: Row, status: str, source: str = "") -> dict[str, Any]:
    """Status, source and dates of a row."""
    ends = row.get("effective_to", "")
    return {
        "status": status,
        "source": source or row.get("source") or "compiled",
        "effective_from": date.fromisoformat(row["effective_from"]) if row.get("effective_from") else SINCE,
        "effective_to": date.fromisoformat(ends) if ends else None,
    }
