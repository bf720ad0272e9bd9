"""Why a patient stands where they stand, in words for the screen: a code of the policy, never a disease."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.trust.clock import HOSPITAL_ZONE

from . import policy
from .queries import QueueRow

ROMAN = "ⅠⅡⅢⅣ"


def why_there(row: QueueRow, kind: str) -> str:
    """One sentence for a ticket: class or level, place, from whom it came. kind: of the unit."""
    parts = (_class(row), _place(row, kind), _moved(row))
    return str(_("；")).join(str(part) for part in parts if part)


def _class(row: QueueRow) -> Any:
    if row.priority != "ordinary":
        return format_lazy(_("优先类别“{name}”在前"), name=row.priority_name)
    if not row.emergency:
        return ""
    if row.black:
        return _("检伤为黑色，排在最后")
    if row.level is None:
        return _("还没有分诊，先按Ⅲ级排")
    return format_lazy(_("分诊{level}级在前"), level=ROMAN[row.level - 1])


def _place(row: QueueRow, kind: str) -> Any:
    when = row.place_at.astimezone(HOSPITAL_ZONE).strftime("%H:%M")
    if row.why == "results":
        return format_lazy(_("回诊看结果，与新患者穿插：{n} 位新患者之后 1 位回诊"), n=policy.news_before(kind))
    if row.why == "missed":
        return format_lazy(_("过号后回来，排在 {n} 位之后"), n=row.behind) if row.behind else _("过号后回来，原位不变")
    if row.why == "late":
        late = format_lazy(_("迟到，排在 {n} 位之后"), n=row.behind)
        return late if row.behind else format_lazy(_("迟到，按现场号从 {at} 排"), at=when)
    if row.why == "segment":
        return format_lazy(_("按预约时段 {at} 排"), at=when)
    return format_lazy(_("按签到时间 {at} 排"), at=when)


def _moved(row: QueueRow) -> Any:
    return format_lazy(_("由{doctor}转来，先后不变"), doctor=row.moved_from) if row.moved_from else ""
