"""How far two commentators agree. Pure functions."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

PLACES = Decimal("0.001")


class Agreement(NamedTuple):
    """`pairs` judged twice, `same` of them alike; share 0 to 1 and Cohen's κ, None where they cannot be computed."""

    pairs: int
    same: int
    share: Decimal | None
    kappa: Decimal | None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Cohen's κ = (p_o − p_e) ÷ (1 − p_e) (Cohen 1960); None where chance alone agrees always."""
    count = len(pairs)
    same = sum(one == other for one, other in pairs)
    if not count:
        return Agreement(0, 0, None, None)
    observed = Decimal(same) / count
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum((Decimal(first[code] * second[code]) for code in first), Decimal(0)) / (count * count)
    kappa = None if chance == 1 else ((observed - chance) / (1 - chance)).quantize(PLACES)
    return Agreement(count, same, observed.quantize(PLACES), kappa)
