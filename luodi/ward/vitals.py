"""Vital signs as the ward takes them, and the early-warning score that they give."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.advice.score import Score, news2
from luodi.chart import queries as charts
from luodi.chart.codes import PREGNANCY_STATUS
from luodi.chart.queries.snapshot import pregnancy_status
from luodi.chart.wording import written_unit
from luodi.trust import clock

MEASURED = {
    "BT": (_("体温"), "Cel"),
    "HR": (_("脉搏"), "/min"),
    "RR": (_("呼吸"), "/min"),
    "SBP": (_("收缩压"), "mm[Hg]"),
    "DBP": (_("舒张压"), "mm[Hg]"),
    "SPO2": (_("血氧饱和度"), "%"),
}
AVPU, OXYGEN = "AVPU", "O2"
CONSCIOUSNESS = [
    ("A", _("清醒")),
    ("C", _("新发意识混乱")),
    ("V", _("对声音有反应")),
    ("P", _("对疼痛有反应")),
    ("U", _("无反应")),
]
BREATHING = [("air", _("空气")), ("oxygen", _("吸氧"))]

# NEWS2 asks for a full set at least every 12 hours (RCP 2017): what is older is not known any more.
HOLDS = timedelta(hours=12)
ADULT_DAYS = 16 * 365


def titles() -> list[str]:
    """Name and unit of each sign as a person writes them, in the order of MEASURED."""
    return [f"{label} {written_unit(unit)}" for label, unit in MEASURED.values()]


class EarlyWarning(NamedTuple):
    """NEWS2 with its band: low, low_medium, medium, high, or unknown while a value is missing and the rest is low."""

    score: Score
    band: str
    advice: object

    @property
    def words(self) -> str:
        """NEWS2 with its number; "≥" where a value is missing, a word where nothing that scores was measured."""
        if self.score.total is not None:
            return f"NEWS2 {self.score.total}"
        return f"NEWS2 ≥ {self.score.known}" if self.score.known else gettext("NEWS2 未知")


BANDS = {
    "high": _("高危：30 分钟内由急救小组评估，持续监测"),
    "medium": _("中危：1 小时内由医师评估，每小时监测"),
    "low_medium": _("单项 3 分：医师尽快评估，每小时监测"),
    "low": _("低危：每 4 至 12 小时监测"),
    "unknown": _("缺少测量值，不能判定"),
}


def warning(patient: int, birth_date: date | None) -> EarlyWarning | None:
    """The early-warning score of the last values, none older than 12 hours; None under 16 years and in pregnancy."""
    today, now = clock.today(), clock.now()
    last = charts.latest_of(patient, [*MEASURED, AVPU, OXYGEN, PREGNANCY_STATUS])
    if pregnancy_status(last.pop(PREGNANCY_STATUS, None), today) == "pregnant":
        return None
    if birth_date is not None and (today - birth_date).days < ADULT_DAYS:
        return None
    known = {code: reading for code, reading in last.items() if now - reading.at <= HOLDS}
    oxygen = known[OXYGEN].coded == "oxygen" if OXYGEN in known else None
    score = news2(
        respiration=_value(known, "RR"),
        spo2=_value(known, "SPO2"),
        oxygen=oxygen,
        systolic=_value(known, "SBP"),
        pulse=_value(known, "HR"),
        consciousness=known[AVPU].coded if AVPU in known else None,
        temperature=_value(known, "BT"),
    )
    band = _band(score)
    return EarlyWarning(score, band, BANDS[band])


def history(patient: int, sets: int = 8) -> list[tuple[datetime, list[str]]]:
    """The last sets, newest first: moment, and the values in the order of MEASURED, "" where not measured."""
    found: dict[datetime, dict[str, str]] = {}
    for code in MEASURED:
        for reading in charts.trend(patient, code, sets):
            found.setdefault(reading.at, {})[code] = f"{(reading.value or Decimal(0)).normalize():f}"
    newest = sorted(found, reverse=True)[:sets]
    return [(at, [found[at].get(code, "") for code in MEASURED]) for at in newest]


def _value(known: dict, code: str) -> Decimal | None:
    return known[code].value if code in known else None


def _band(score: Score) -> str:
    """Thresholds of NEWS2; with a value missing the known part may already call for help, and is else unknown."""
    if score.known >= 7:
        return "high"
    if score.known >= 5:
        return "medium"
    if score.worst_part == 3:
        return "low_medium"
    return "unknown" if score.total is None else "low"
