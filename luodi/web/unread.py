"""A request that is not read: too large, or not understood. None of it reaches an act: nothing is half written."""

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


def unread(request: Any, exception: Exception) -> HttpResponse:
    """handler400: 413 in our frame for what is above the limits, as a fragment for htmx; else the page of 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return refused(request, TooLarge())
    return bad_request(request, exception)
