"""A person's own keys: defaults moved to other combinations, kept in a cookie and refused where they would collide."""

import re
from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext as _

from luodi.web import keys

COOKIE = "luodi_keys"
FORM = re.compile(r"(?:Ctrl|Alt|Ctrl Alt) (?:[A-Z0-9]|Enter|Delete|ArrowUp|ArrowDown)")


def moved(request: HttpRequest | None) -> dict[str, str]:
    """Default combination → the person's own. A cookie that holds anything else counts as unset."""
    text = request.COOKIES.get(COOKIE, "") if request else ""
    pairs = dict(part.split("=", 1) for part in text.split("|") if part.count("=") == 1)
    return {} if faults(pairs) else pairs


def packed(pairs: Mapping[str, str]) -> str:
    """The cookie's value."""
    return "|".join(f"{default}={own}" for default, own in pairs.items())


def wished(posted: Mapping[str, str]) -> dict[str, str]:
    """The changed keys of the key sheet's form; an empty field means the default."""
    wishes = {}
    for number, default in enumerate(keys.movable()):
        own = " ".join(posted.get(f"key-{number}", "").replace("+", " ").split()).title()
        if own and own != default:
            wishes[default] = own.replace("Arrowup", "ArrowUp").replace("Arrowdown", "ArrowDown")
    return wishes


def faults(pairs: Mapping[str, str]) -> list[str]:
    """What is wrong with these wishes, in words: form, taken by browser or rail, two on one combination."""
    known = keys.movable()
    wrong = [_("没有这个快捷键：%(key)s") % {"key": default} for default in pairs if default not in known]
    for own in pairs.values():
        if not FORM.fullmatch(own):
            wrong.append(_("%(key)s 不能用：请用 Ctrl 或 Alt 加一个字母、数字或回车") % {"key": own})
        elif own in keys.BROWSERS_OWN or re.fullmatch(r"Alt [1-9]", own):
            wrong.append(_("%(key)s 已被浏览器或左侧页面占用") % {"key": own})
    final = [pairs.get(default, default) for default in known]
    wrong += [_("%(key)s 用了两次") % {"key": own} for own in dict.fromkeys(final) if final.count(own) > 1]
    return wrong
