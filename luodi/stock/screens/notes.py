"""The sentence that a screen shows after a redirect: a code in the address, never the words of a person."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

NOTES = {
    "received": _("已入库。"),
    "counted": _("盘点已记录，账实一致。"),
    "corrected": _("盘点已记录，差异已调整。"),
    "changed": _("批次状态已更新。"),
    "minimum": _("最低库存已更新。"),
    "drafted": _("采购订单草稿已保存。"),
    "supplier": _("供应商已登记。"),
    "moved": _("已保存。"),
    "inspected": _("验收已入账。"),
    "sent_back": _("已登记退回供应商。"),
    "asked": _("请领已送出。"),
    "levels": _("上下限已更新。"),
    "closed": _("本月已结账。"),
}


def go(code: str, name: str, *args: Any) -> HttpResponse:
    """Redirect to a screen that shows the note."""
    return HttpResponseRedirect(f"{reverse(name, args=args)}?done={code}", status=303)


def of(request: Any) -> Any:
    """The note that this request was sent with, "" for none or an unknown code."""
    return NOTES.get(request.GET.get("done", ""), "")
