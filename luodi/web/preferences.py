"""How a person likes the screen: theme, density, language.

Kept in cookies: they are no patient data and must work on a page without login.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

YEAR = 365 * 24 * 3600
SETTINGS: dict[str, tuple[object, tuple[tuple[str, object], ...]]] = {
    "theme": (_("明暗"), (("auto", _("自动")), ("light", _("浅色")), ("dark", _("深色")))),
    "density": (_("行高"), (("compact", _("紧凑")), ("normal", _("标准")), ("touch", _("触屏")))),
    "language": (_("语言"), (("zh-hans", "中文"), ("en", "English"))),
}
DEFAULTS = {"theme": "auto", "density": "normal"}


def cookie(name: str) -> str:
    """The cookie that keeps a setting; the language keeps Django's own."""
    return str(settings.LANGUAGE_COOKIE_NAME) if name == "language" else f"luodi_{name}"


def chosen(request: HttpRequest | None, name: str) -> str:
    """The value in force; a cookie that holds anything else counts as unset."""
    if name == "language":
        return get_language() or "zh-hans"
    value = request.COOKIES.get(cookie(name), "") if request else ""
    return value if value in _values(name) else DEFAULTS[name]


def options(request: HttpRequest | None) -> list[dict[str, Any]]:
    """All settings with their options, the one in force marked, for the menu."""
    return [
        {
            "name": name,
            "label": label,
            "options": [
                {
                    "value": value,
                    "label": words,
                    "current": value == chosen(request, name),
                    "lang": value if name == "language" else "",
                }
                for value, words in values
            ],
        }
        for name, (label, values) in SETTINGS.items()
    ]


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookies for the settings that the form sent; an unknown value is ignored."""
    for name in SETTINGS:
        value = request.POST.get(name, "")
        if value in _values(name):
            set_cookie(request, response, cookie(name), value)


def set_cookie(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    """A cookie of settings: kept a year; scripts mark the page themselves, so none needs to read it."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())


def _values(name: str) -> set[str]:
    return {value for value, _words in SETTINGS[name][1]}
