"""What is said of a person on paper and on screens: age and sex in words."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luodi.trust import clock

SEXES = {"0": gettext_lazy("未知"), "1": gettext_lazy("男"), "2": gettext_lazy("女"), "9": gettext_lazy("未说明")}


def sex(code: str | int | None) -> str:
    """The word of a GB/T 2261.1 sex code."""
    return str(SEXES.get(str(code), SEXES["0"]))


def age(birth: date | None, on: date | datetime | None = None) -> str:
    """Age in days under 28 days, in months under 24 months, in completed years after."""
    if birth is None:
        return _("未知")
    today = _day(on or clock.now())
    days = (today - birth).days
    if days < 0:
        return _("未知")
    if days < 28:
        return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
    months = (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)
    if months < 24:
        # between 28 days and one calendar month the count of months is still zero
        months = max(months, 1)
        return ngettext("%(n)d 个月", "%(n)d 个月", months) % {"n": months}
    return _("%(n)d 岁") % {"n": months // 12}


def _day(moment: date | datetime) -> date:
    return moment.astimezone(clock.HOSPITAL_ZONE).date() if isinstance(moment, datetime) else moment
