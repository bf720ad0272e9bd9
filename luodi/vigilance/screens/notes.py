"""The sentence that a screen shows after a redirect: a code in the address, never the words of a person."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

NOTES = {
    "saved": _("已保存草稿。"),
    "reported": _("已上报，药物安全药师会收到。"),
    "withdrawn": _("已撤回。"),
    "assessed": _("评价已记录。"),
    "charted": _("已写入过敏史，以后开方会提示。"),
    "submitted": _("报送编号已记录。"),
    "followed": _("随访已记录。"),
    "closed": _("已结案。"),
    "dismissed": _("线索已排除。"),
    "grouped": _("群体事件已建立。"),
    "opened": _("召回已启动：全院这一批号已停止调配、发放和给药。"),
    "contacted": _("联系已记录。"),
    "recovered": _("收回数量已记录。"),
}


def go(code: str, name: str, *args: Any) -> HttpResponse:
    """Redirect to a screen that shows the note."""
    return HttpResponseRedirect(f"{reverse(name, args=args)}?done={code}", status=303)


def of(request: Any) -> Any:
    """The note that this request was sent with, "" for none or an unknown code."""
    return NOTES.get(request.GET.get("done", ""), "")
