"""Why readings of a record are looked at: kinds, shipped in data/scrutiny.csv."""

from pathlib import Path

from luodi.trust.spoken import spoken
from luodi.trust.tables import rows

STAFF = "staff"
_TABLE = Path(__file__).parent / "data" / "scrutiny.csv"


def kinds() -> dict[str, str]:
    """Code → name in the language of the screen."""
    return {row["code"]: spoken(row["zh"], row["en"]) for row in rows(_TABLE)}
