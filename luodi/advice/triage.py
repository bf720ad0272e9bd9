"""Emergency triage in four levels: a suggestion from objective indicators.

Source: 急诊预检分诊专家共识 (中华急诊医学杂志 2018;27(6):599-604).
The highest level of any single indicator wins (就高不就低).
Where two bands of the table share a boundary (150, 180, 80, 90) the more severe side is taken. A missing vital sign is
unknown, never normal: without any indicator there is no suggestion.
"""

from decimal import Decimal
from typing import NamedTuple

from luodi.advice.score import Number, mews


class Vitals(NamedTuple):
    pulse: Number | None = None  # /min
    systolic: Number | None = None  # mmHg
    spo2: Number | None = None  # %
    respiration: Number | None = None  # /min
    temperature: Number | None = None  # Cel, axillary
    glucose: Number | None = None  # mmol/L
    potassium: Number | None = None  # mmol/L
    pain: Number | None = None  # NRS 0-10
    consciousness: str | None = None  # A, V, P, U
    complaint_level: int | None = None  # 1-4, from the chief complaint


class Suggestion(NamedTuple):
    level: int | None  # 1 critical .. 4; None: nothing to go by
    reasons: tuple[tuple[str, int], ...]  # indicator and the level it calls for, worst first
    missing: tuple[str, ...]  # indicators that would complete the picture


WANTED = ("pulse", "systolic", "spo2", "respiration", "temperature", "consciousness", "pain")


def suggest(vitals: Vitals) -> Suggestion:
    """Level by the worst indicator, with the indicators that call for it."""
    levels = {name: judge(vitals) for name, judge in INDICATORS.items()}
    reasons = sorted(((name, level) for name, level in levels.items() if level is not None), key=lambda r: (r[1], r[0]))
    missing = tuple(name for name in WANTED if getattr(vitals, name) is None)
    return Suggestion(reasons[0][1] if reasons else None, tuple(reasons), missing)


def _pulse(v: Vitals) -> int | None:
    hr = v.pulse
    if hr is None:
        return None
    if hr >= 180 or hr < 40:
        return 1
    if hr >= 150 or hr <= 50:
        return 2
    return 3 if hr > 100 or hr < 55 else 4


def _systolic(v: Vitals) -> int | None:
    sbp = v.systolic
    if sbp is None:
        return None
    if sbp < 70:
        return 1
    if sbp > 200 or sbp <= 80:
        return 2
    return 3 if sbp >= 180 or sbp <= 90 else 4


def _spo2(v: Vitals) -> int | None:
    if v.spo2 is None:
        return None
    if v.spo2 < 80:
        return 1
    if v.spo2 <= 90:
        return 2
    return 3 if v.spo2 <= 94 else 4


def _temperature(v: Vitals) -> int | None:
    if v.temperature is None:
        return None
    return 1 if v.temperature > Decimal(41) else 4


def _glucose(v: Vitals) -> int | None:
    return 1 if v.glucose is not None and v.glucose < Decimal("3.33") else None


def _potassium(v: Vitals) -> int | None:
    return 1 if v.potassium is not None and v.potassium > Decimal("7.0") else None


def _pain(v: Vitals) -> int | None:
    if v.pain is None:
        return None
    return 2 if v.pain >= 7 else 3 if v.pain >= 4 else 4


def _consciousness(v: Vitals) -> int | None:
    """Unresponsive or answering to pain alone (GCS < 9) is level 1; rousable by voice is drowsiness, level 3."""
    return {"A": 4, "C": 3, "V": 3, "P": 1, "U": 1}.get(v.consciousness or "")


def _mews(v: Vitals) -> int | None:
    """MEWS bands of the consensus; with missing values only what the known part already reaches counts."""
    word = "V" if v.consciousness == "C" else v.consciousness
    score = mews(
        systolic=v.systolic, pulse=v.pulse, respiration=v.respiration, temperature=v.temperature, consciousness=word
    )
    if score.known >= 6:
        return 1
    if score.known >= 4:
        return 2
    if score.known >= 2:
        return 3
    return None if score.missing else 4


def _complaint(v: Vitals) -> int | None:
    return v.complaint_level


INDICATORS = {
    "pulse": _pulse,
    "systolic": _systolic,
    "spo2": _spo2,
    "temperature": _temperature,
    "glucose": _glucose,
    "potassium": _potassium,
    "pain": _pain,
    "consciousness": _consciousness,
    "mews": _mews,
    "complaint": _complaint,
}
