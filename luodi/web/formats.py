"""How values are written for a person: doses, ages, clocks, money, masked names.

Pure functions of their arguments and of the clock. Unknown is a word (未知), never an empty cell and never zero.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luodi.chart.wording import written_unit
from luodi.patients.said import age, sex
from luodi.terms.vocabulary import said
from luodi.trust import clock as hospital_clock

VISIT_CLASSES = {
    "outpatient": gettext_lazy("门诊"),
    "emergency": gettext_lazy("急诊"),
    "observation": gettext_lazy("留观"),
    "inpatient": gettext_lazy("住院"),
}


def unknown(value: object) -> object:
    """The value itself, or the word 未知 for None and the empty string. Zero and False stay what they are."""
    return _("未知") if value is None or value == "" else value


def dose(value: Decimal | int | str | None) -> str:
    """A quantity without a trailing zero and always with a leading one: 0.5, 5, 1000 (ISMP error-prone list).

    Words in place of a number are shown as they are.
    """
    if value is None or value == "":
        return _("未知")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return _("未知")
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def ago(moment: datetime | None) -> str:
    """Time passed since `moment` in the largest whole unit; a moment ahead of the clock counts as just now."""
    if moment is None:
        return _("未知")
    minutes = int((hospital_clock.now() - moment).total_seconds() // 60)
    return _("刚刚") if minutes < 1 else span(minutes)


def span(minutes: int) -> str:
    """Minutes in the largest whole unit: 12 分钟, 3 小时, 2 天."""
    if minutes < 60:
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        return ngettext("%(n)d 小时", "%(n)d 小时", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}


def clock(moment: datetime | date | None, style: str = "") -> str:
    """A moment in Asia/Shanghai. Styles: "" month-day and time (and another year), "date", "time", "full"."""
    if moment is None or moment == "":
        return _("未知")
    if not isinstance(moment, datetime):
        return moment.isoformat()
    local = moment.astimezone(hospital_clock.HOSPITAL_ZONE)
    if style == "date":
        return local.strftime("%Y-%m-%d")
    if style == "time":
        return local.strftime("%H:%M")
    if style == "full":
        return local.strftime("%Y-%m-%d %H:%M:%S")
    this_year = hospital_clock.now().astimezone(hospital_clock.HOSPITAL_ZONE).year == local.year
    return local.strftime("%m-%d %H:%M" if this_year else "%Y-%m-%d %H:%M")


def mask_name(name: str | None) -> str:
    """A name fit for a public board: first character kept, last kept from three on (欧阳建国 → 欧**国, 李明 → 李*)."""
    name = (name or "").strip()
    if not name:
        return _("未知")
    if len(name) == 1:
        return "*"
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * min(len(name) - 2, 6) + name[-1]


def money(amount: Decimal | None) -> str:
    """Yuan with two decimals and thousands separators, halves rounded up as on a receipt."""
    if amount is None:
        return _("未知")
    cents = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{'-' if cents < 0 else ''}¥{abs(cents):,.2f}"


def visit_class(code: str | None) -> str:
    """The word of a visit class; a code that is not one of ours is shown as it is."""
    return str(VISIT_CLASSES[code]) if code in VISIT_CLASSES else str(unknown(code))


def ucum(code: str | None) -> str:
    """A UCUM unit as a person writes it: °C, mmHg, 10⁹/L; nothing for none."""
    return written_unit(code) if code else ""


def minutes_since(moment: datetime | int | None) -> int | None:
    """Whole minutes since a moment; a number passes through; never negative."""
    if moment is None or isinstance(moment, int):
        return moment
    return max(0, int((hospital_clock.now() - moment) / timedelta(minutes=1)))


FILTERS: dict[str, Callable[..., object]] = {
    "dose": dose,
    "age": age,
    "ago": ago,
    "clock": clock,
    "mask_name": mask_name,
    "money": money,
    "sex": sex,
    "visit_class": visit_class,
    "ucum": ucum,
    "said": said,
    "unknown": unknown,
}
