"""Early-warning scores. Every score is advice: a person confirms it, and both values are kept.

A missing value is unknown: the total is None, `missing` names what is wanted, and `known` is the sum of the rest,
a lower bound that may already call for help.
"""

from decimal import Decimal
from typing import NamedTuple

Number = Decimal | int


class Score(NamedTuple):
    chart: str  # name and version of the chart, stored with every score
    total: int | None
    known: int
    parts: dict[str, int | None]
    missing: tuple[str, ...]

    @property
    def worst_part(self) -> int:
        return max((points for points in self.parts.values() if points is not None), default=0)


def _band(value: Number | None, bands: tuple[tuple[str, int], ...], beyond: int) -> int | None:
    """Points of the first band whose upper limit (inclusive) holds the value; `beyond` past the last."""
    if value is None:
        return None
    return next((points for limit, points in bands if value <= Decimal(limit)), beyond)


def _score(chart: str, parts: dict[str, int | None]) -> Score:
    missing = tuple(name for name, points in parts.items() if points is None)
    known = sum(points for points in parts.values() if points is not None)
    return Score(chart, None if missing else known, known, parts, missing)


def _consciousness(word: str | None, points: dict[str, int]) -> int | None:
    return points.get(word) if word else None


def news2(
    *,
    respiration: Number | None = None,
    spo2: Number | None = None,
    oxygen: bool | None = None,
    systolic: Number | None = None,
    pulse: Number | None = None,
    consciousness: str | None = None,
    temperature: Number | None = None,
    scale2: bool = False,
) -> Score:
    """National Early Warning Score 2 (Royal College of Physicians, 2017), 0-20. Age 16 and above, not in pregnancy.

    respiration /min, spo2 %, systolic mmHg, pulse /min, temperature Cel, consciousness A, C (new confusion), V, P or U.
    scale2: hypercapnic failure with a prescribed target of 88-92 %, set by a doctor alone.
    """
    return _score(
        "NEWS2-2017",
        {
            "respiration": _band(respiration, (("8", 3), ("11", 1), ("20", 0), ("24", 2)), 3),
            "spo2": _spo2_scale2(spo2, oxygen) if scale2 else _band(spo2, (("91", 3), ("93", 2), ("95", 1)), 0),
            "oxygen": None if oxygen is None else 2 if oxygen else 0,
            "systolic": _band(systolic, (("90", 3), ("100", 2), ("110", 1), ("219", 0)), 3),
            "pulse": _band(pulse, (("40", 3), ("50", 1), ("90", 0), ("110", 1), ("130", 2)), 3),
            "consciousness": _consciousness(consciousness, {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}),
            "temperature": _band(temperature, (("35.0", 3), ("36.0", 1), ("38.0", 0), ("39.0", 1)), 2),
        },
    )


def _spo2_scale2(spo2: Number | None, oxygen: bool | None) -> int | None:
    if spo2 is None:
        return None
    if spo2 <= 92:
        return _band(spo2, (("83", 3), ("85", 2), ("87", 1)), 0)
    if oxygen is None:
        return None
    return _band(spo2, (("94", 1), ("96", 2)), 3) if oxygen else 0


def mews(
    *,
    systolic: Number | None = None,
    pulse: Number | None = None,
    respiration: Number | None = None,
    temperature: Number | None = None,
    consciousness: str | None = None,
) -> Score:
    """Modified Early Warning Score (Subbe et al., QJM 2001;94:521-6), 0-14. consciousness: A, V, P or U."""
    return _score(
        "MEWS-Subbe-2001",
        {
            "systolic": _band(systolic, (("70", 3), ("80", 2), ("100", 1), ("199", 0)), 2),
            "pulse": _band(pulse, (("40", 2), ("50", 1), ("100", 0), ("110", 1), ("129", 2)), 3),
            "respiration": _band(respiration, (("8", 2), ("14", 0), ("20", 1), ("29", 2)), 3),
            "temperature": _band(temperature, (("34.9", 2), ("38.4", 0)), 2),
            "consciousness": _consciousness(consciousness, {"A": 0, "V": 1, "P": 2, "U": 3}),
        },
    )
