"""Where a browser finds the live process: behind the same proxy, or on the next port of the same host."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

PATH = "/live/"


def live_origin(request: HttpRequest) -> str:
    """The origin of the live process where it is not the page's own, else ""."""
    if settings.LUODI.tls == "proxy":
        return ""
    domain, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    return f"http://{domain}:{settings.LUODI.live}" if domain else ""


def live_url(request: HttpRequest) -> str:
    """The address that a page's EventSource opens."""
    return settings.LIVE_URL or live_origin(request) + PATH
