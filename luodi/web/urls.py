"""The root table: every room under its own name."""

from importlib.util import find_spec

from django.urls import include, path

from luodi.web.health import healthz

ROOMS = ("trust", "patients", "terms", "chart", "reception", "orders", "pharmacy", "ward", "insight", "rollout")

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    *(path(f"{room}/", include(f"luodi.{room}.urls")) for room in ROOMS if find_spec(f"luodi.{room}.urls")),
    path("", include("luodi.web.pages")),
]
