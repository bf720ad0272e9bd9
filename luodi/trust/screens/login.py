"""Login, second factor, choice of post, logout."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from luodi.trust import actions, sessions
from luodi.trust.access.permissions import holdings_now
from luodi.trust.actor import NOBODY
from luodi.trust.forms import CodeForm, LoginForm
from luodi.trust.middleware import source
from luodi.trust.screen import refusals


def _demo_logins() -> list[dict[str, str]]:
    """The demo's public accounts; empty anywhere but in the demo."""
    file = Path(settings.LUODI_DATA) / "demo-logins.json"
    if not settings.DEMO or not file.exists():
        return []
    rows: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return rows


def _next(request: HttpRequest) -> str:
    there = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return there if safe else "/"


def go(url: str) -> HttpResponse:
    """303: the next page is fetched by GET, and a reload sends nothing twice."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def login(request: Any) -> HttpResponse:
    """Ask for login name and password; in the demo, show the public ones."""
    form = LoginForm(request.POST or None)
    context = {"form": form, "next": _next(request), "logins": _demo_logins(), "ended": "ended" in request.GET}
    if request.method == "GET" or not form.is_valid():
        return render(request, "trust/login.html", context, status=422 if request.method == "POST" else 200)
    with refusals(form):
        token = _log_in(request, form.cleaned_data)
    if form.errors:
        status = form.refusal.status if form.refusal else 401  # type: ignore[attr-defined]
        return render(request, "trust/login.html", context, status=status)
    if request.session_row is not None:
        sessions.end(request.session_row.actor.session, "new_login")
    response = go(_next(request))
    response.set_cookie(
        sessions.COOKIE, token, httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
    )
    return response


def _log_in(request: HttpRequest, given: dict[str, Any]) -> str:
    by = NOBODY._replace(device=source(request))
    token: str = actions.log_in(by, given["login"], given["password"])
    return token


@require_POST
def logout(request: Any) -> HttpResponse:
    """End the session and forget the cookie."""
    if request.actor:
        actions.log_out(request.actor)
    response = go("/trust/login/")
    response.delete_cookie(sessions.COOKIE)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _logged_in(request: Any) -> HttpResponse | None:
    return None if request.session_row else go("/trust/login/")


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: Any) -> HttpResponse:
    """Ask for the one-time code of a person who has enrolled one."""
    away = _logged_in(request)
    if away:
        return away
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.show_second_factor(request.actor, form.cleaned_data["code"])
        if not form.errors:
            return go(_next(request))
    status = 422 if request.method == "POST" else 200
    return render(request, "trust/second_factor.html", {"form": form, "next": _next(request)}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def post(request: Any) -> HttpResponse:
    """Choose the post to work in."""
    away = _logged_in(request)
    if away:
        return away
    held = holdings_now().filter(staff=request.actor.staff).select_related("post", "unit").order_by("pk")
    if request.method == "POST":
        chosen = request.POST.get("holding", "")
        actions.choose_post(request.actor, int(chosen) if chosen.isdigit() else 0)
        return go("/")
    return render(request, "trust/post.html", {"held": held, "now": request.actor.post})
