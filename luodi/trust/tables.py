"""Tables that a room ships as CSV in its `data/`: codes with names, and rows that hold from a day and to one."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from luodi.trust.clock import today
from luodi.trust.spoken import spoken

Row = Mapping[str, str]


class Named(NamedTuple):
    """A code with its name in the language of the screen."""

    code: str
    zh: str
    en: str

    @property
    def name(self) -> str:
        return spoken(self.zh, self.en)


@cache
def rows(file: Path) -> tuple[Row, ...]:
    """Every row of a table, in its order; read once."""
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def in_force(file: Path, on: date | None = None) -> list[Row]:
    """Rows that hold on a day (today): from `valid_from` on, and before `valid_to` where there is one."""
    day = (on or today()).isoformat()
    return [row for row in rows(file) if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])]
