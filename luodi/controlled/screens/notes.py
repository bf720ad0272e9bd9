"""The sentence that a screen shows after a redirect: a code in the address, never the words of a person."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

NOTES = {
    "received": _("已由两人入库，账册已登记。"),
    "matched": _("清点相符，两人已签名。"),
    "mismatch": _("清点不符：相应药品已暂停发出，等待药学部负责人处理。"),
    "resolved": _("账物不符已处理，可以继续发出。"),
    "returned": _("已回收登记。"),
    "destroyed": _("销毁已登记。"),
    "wasted": _("残余液已登记销毁。"),
}


def go(code: str, name: str, *args: Any) -> HttpResponse:
    """Redirect to a screen that shows the note."""
    return HttpResponseRedirect(f"{reverse(name, args=args)}?done={code}", status=303)


def of(request: Any) -> Any:
    """The note that this request was sent with, "" for none or an unknown code."""
    return NOTES.get(request.GET.get("done", ""), "")
