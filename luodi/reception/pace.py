"""How long a wait will be, learned from how fast patients were taken in today: a range, or nothing from too few."""

from collections.abc import Sequence
from math import ceil, floor, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

LEAST = 5  # takings-in since which a range is given
PAUSE = 45.0  # minutes: a longer gap is a pause of the doctor, no pace
Z = 1.2816  # of the normal distribution: four of five waits lie between
STEP = 5  # minutes to which the range is widened: more would feign precision


class Expected(NamedTuple):
    """Minutes from now, four of five; `sample` gaps it was learned from."""

    low: int
    high: int
    sample: int


def expected(gaps: Sequence[float], ahead: int, desks: int = 1) -> Expected | None:
    """The range for somebody with `ahead` before them, where `desks` doctors take in from one queue.

    gaps: minutes between one taking-in and the next of the same doctor. The wait is a sum of such gaps, so its mean
    grows with their number and its spread with the root of it; half a gap is over already. None below LEAST gaps.
    Patients who come later with a higher priority make it longer: the screen says so.
    """
    held = [gap for gap in gaps if 0 < gap <= PAUSE]
    if len(held) < LEAST or desks < 1:
        return None
    terms = (ahead + 0.5) / desks
    mean, spread = fmean(held) * terms, stdev(held) * sqrt(max(terms, 0.5))
    # the mean itself is known only as well as the sample is large
    spread = sqrt(spread**2 + (stdev(held) * terms) ** 2 / len(held))
    low = floor(max(0.0, mean - Z * spread) / STEP) * STEP
    high = ceil((mean + Z * spread) / STEP) * STEP
    return Expected(low, max(high, low + STEP), len(held))
