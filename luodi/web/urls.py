"""The root table: every room under its own name."""

from django.urls import include, path

from luodi.web.health import healthz

ROOMS = (
    "trust",
    "patients",
    "terms",
    "chart",
    "reception",
    "stock",
    "orders",
    "controlled",
    "pharmacy",
    "commentary",
    "committee",
    "ward",
    "vigilance",
    "portal",
    "insight",
    "rollout",
)

handler400 = "luodi.web.unread.unread"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    *(path(f"{room}/", include(f"luodi.{room}.urls")) for room in ROOMS),
    path("my/", include("luodi.portal.my")),
    path("", include("luodi.web.pages")),
]
