"""The sentence that a screen shows after a redirect: a code in the address, never the words of a person."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

NOTES = {
    "passed": _("已通过，处方转到调配。"),
    "returned": _("已退回医师。"),
    "called": _("通话已记录。"),
    "taken": _("已由您接手。"),
    "ruled": _("规则已更新。"),
    "prepared": _("已调配，库存已扣减。请打印标签并贴好。"),
    "parted": _("已按现有库存调配一部分，其余在发药后记为欠药。请打印标签并贴好。"),
    "batch_prepared": _("这批已调配。请打印标签并贴好。"),
    "batch_handed": _("这批已发给病区。"),
    "handed_part": _("已发出一部分，其余记为欠药。请打印欠药单交给患者。"),
    "debt_ended": _("欠药已结清。"),
    "taken_back": _("已收下退药，等另一位药师判定。"),
    "judged": _("已判定。"),
    "traced": _("追溯码已登记。"),
    "untraced": _("追溯码已撤回。"),
    "absent": _("已记录没有追溯码的原因。"),
    "undone": _("已退回调配，药品记回原批次。请撕掉旧标签。"),
    "checked": _("核对完成。"),
    "handed": _("已发药。"),
}


def go(code: str, name: str, *args: Any) -> HttpResponse:
    """Redirect to a screen that shows the note."""
    return HttpResponseRedirect(f"{reverse(name, args=args)}?done={code}", status=303)


def of(request: Any) -> Any:
    """The note that this request was sent with, "" for none or an unknown code."""
    return NOTES.get(request.GET.get("done", ""), "")
