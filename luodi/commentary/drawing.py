"""Random drawing that anybody can repeat and nobody can steer. Pure functions.

The seed is made of the digest of the ledger's last block, which nobody knows before it is sealed, and of what was asked
for. Each member's rank is a hash of seed and number; the lowest ranks are drawn. So the sample depends neither on the
order of rows nor on a library's generator, and a member that leaves the population moves no other's rank.
"""

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256
from typing import Any

ANTIBACTERIAL = "J01"  # ATC: antibacterials for systemic use
INJECTION = "注射"  # in the name of the dosage form


def seed(digest: str, kind: str, start: str, end: str, scope: int) -> str:
    """64 hex digits. digest: of the last sealed block; start, end: ISO moments; scope: a doctor or unit, or 0."""
    return sha256("\n".join((digest, kind, start, end, str(scope))).encode()).hexdigest()


def rank(seed: str, member: int) -> str:
    """Where a member stands: the lower, the earlier it is drawn."""
    return sha256(f"{seed}\n{member}".encode()).hexdigest()


def draw(seed: str, population: Iterable[int], size: int) -> list[int]:
    """The `size` members with the lowest ranks, in the order of rank."""
    return sorted(population, key=lambda member: rank(seed, member))[:size]


def size(population: int, per_mille: Decimal, least: int) -> int:
    """How many to draw: the share, at least `least`, all where there are fewer."""
    share = int((population * per_mille / 1000).to_integral_value(ROUND_CEILING))
    return min(population, max(share, least))


def antibacterial(line: Any) -> bool:
    """Whether a line is a systemic antibacterial."""
    return bool(line.antibiotic) or line.atc.startswith(ANTIBACTERIAL)


def injection(line: Any) -> bool:
    """Whether a line is an injection."""
    return INJECTION in line.form


def keeps(filter: str, line: Any, herbal: str = "") -> bool:
    """Whether a line fits a sample's filter: antibacterial, injection, `control:A B`, `herbal:A`. Raises ValueError."""
    name, _colon, values = filter.partition(":")
    if name == "antibacterial":
        return antibacterial(line)
    if name == "injection":
        return injection(line)
    if name == "control":
        return line.control in values.split()
    if name == "herbal":
        return bool(herbal) and herbal in values.split()
    raise ValueError(f"no such filter: {filter}")
