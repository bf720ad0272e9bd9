"""What every page's frame shows, so that no screen passes it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from luodi.web.live_address import live_url
from luodi.web.navigation import header


def layout(request: HttpRequest) -> dict[str, Any]:
    """`hospital`, `demo`, `live_url` (for public pages too) and `header` (empty where nobody is at work)."""
    person, live = header(request), live_url(request)
    if person:
        person["live_url"] = live
    return {"hospital": settings.LUODI.hospital, "demo": settings.DEMO, "live_url": live, "header": person}
