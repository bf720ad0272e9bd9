"""Why readings of a record are looked at: kinds, shipped in data/scrutiny.csv."""

import csv
from functools import cache
from pathlib import Path

from luodi.trust.spoken import spoken

STAFF = "staff"


@cache
def _shipped() -> dict[str, tuple[str, str]]:
    with (Path(__file__).parent / "data" / "scrutiny.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}


def kinds() -> dict[str, str]:
    """Code → name in the language of the screen."""
    return {code: spoken(*names) for code, names in _shipped().items()}
