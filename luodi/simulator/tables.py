"""The simulator's data files, read once."""

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_DATA = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table of `data/`."""
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


class Case(NamedTuple):
    """A kind of visit: what the patient says, what is found, what is prescribed."""

    complaint: str
    exam: str
    diagnosis: str
    lines: tuple[tuple[str, str, str, str, str, int], ...]
    skin_test: str = ""


@cache
def cases(visit_class: str) -> tuple[tuple[Case, ...], tuple[int, ...]]:
    """The cases of a visit class, and their shares."""
    table: dict[str, list[dict[str, Any]]] = tomllib.loads((_DATA / "cases.toml").read_text(encoding="utf-8"))
    found, shares = [], []
    for row in table[visit_class]:
        shares.append(int(row.pop("share")))
        row["lines"] = tuple(tuple(line) for line in row["lines"])
        found.append(Case(**row))
    return tuple(found), tuple(shares)


@cache
def weights() -> tuple[float, ...]:
    """Weight of each of the 168 hours of a week, Monday 00:00 first."""
    return tuple(float(row["weight"]) for row in rows("arrivals_cn.csv"))
