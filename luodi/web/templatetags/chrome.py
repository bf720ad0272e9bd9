"""Tags of the base templates alone; a screen never needs them."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.web import remap
from luodi.web.preferences import chosen, options

register = template.Library()


@register.simple_tag(takes_context=True)
def person_settings(context: template.Context) -> SafeString:
    """Theme, density and moved keys as attributes of <html>, so that the first paint is already right."""
    request = context.get("request")
    own = {mine: default for default, mine in remap.moved(request).items()}
    return format_html(
        'data-theme="{}" data-density="{}" data-keys="{}"',
        chosen(request, "theme"),
        chosen(request, "density"),
        json.dumps(own) if own else "",
    )


@register.simple_tag(takes_context=True)
def preferences(context: template.Context) -> list[dict[str, Any]]:
    """Settings and their options for the menu."""
    return options(context.get("request"))


@register.simple_tag
def script_words() -> dict[str, str]:
    """What the scripts say aloud or show, in the person's language."""
    return {
        "scan_unwanted": _("这个页面不接收扫码"),
        "scan_taken": _("已扫码"),
        "offline": _("服务器没有应答，内容仍在，请稍后再试"),
        "failed": _("没有完成，内容仍在"),
        "rows": _("{n} 行"),
        "new_rows": _("有 {n} 处更新"),
        "patients": _("查找患者"),
        "screen": _("页面"),
        "live_lost": _("实时连接中断，正在重连"),
        "live_back": _("实时连接已恢复"),
    }
