"""A request that is not read: too large, not understood, or not from a page of ours. Nothing of it reaches an act."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request

from luodi.trust.refusal import Refusal
from luodi.trust.screen import refused


class TooLarge(Refusal):
    code = "request_too_large"
    message = _("提交的内容太大，没有保存任何内容。")
    next = _("请返回上一页，缩短文字或分几次保存；已填写的内容仍在。")
    status = 413


class FormStale(Refusal):
    """The form does not carry the mark of a page that we served to this browser (CSRF)."""

    code = "form_stale"
    message = _("这个页面的表单已失效，没有保存任何内容。")
    next = _("请返回上一页并刷新，再提交一次；浏览器须允许本系统的 Cookie。")
    status = 403


def stale(request: Any, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: in our frame, as a fragment for htmx. `reason` is for developers and is not shown."""
    return refused(request, FormStale())


def unread(request: Any, exception: Exception) -> HttpResponse:
    """handler400: 413 in our frame for what is above the limits, as a fragment for htmx; else the page of 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return refused(request, TooLarge())
    return bad_request(request, exception)
