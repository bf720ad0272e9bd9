"""The frame of every page of the portal: who is it, what must be agreed to first, and a refusal in plain words."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from luodi.trust.refusal import Refusal

from . import logins, queries

View = Callable[..., HttpResponse]


def go(request: Any, url: str) -> HttpResponse:
    """303 to a page; for htmx the whole page turns."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def safe_next(request: Any) -> str:
    """Where a login leads: a page of the portal, and nowhere else."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    mine = there.startswith("/my/") and ".." not in there and url_has_allowed_host_and_scheme(there, None)
    return there if mine else reverse("my:home")


def mine(view: View) -> View:
    """A page of whoever is logged in by telephone and has agreed to what is needed."""
    return _framed(view, agreed=True)


def before_consent(view: View) -> View:
    """A page of whoever is logged in by telephone, whatever was agreed to."""
    return _framed(view, agreed=False)


def _framed(view: View, *, agreed: bool) -> View:

    @wraps(view)
    def show(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.actor = by = logins.actor(request.COOKIES.get(logins.COOKIE, ""))
        if by is None:
            back = urlencode({"next": request.path} if request.method == "GET" else {})
            return go(request, f"{reverse('my:login')}?{back}")
        request.actor_permissions = logins.permissions(by)
        if agreed and queries.missing_consents(by.account):
            return go(request, reverse("my:consents"))
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)

    show.__screen__ = "portal"  # type: ignore[attr-defined]
    return show


def refused(request: Any, refusal: Refusal) -> HttpResponse:
    """A refusal as a page of the portal, or as a fragment."""
    template = "web/parts/_refusal.html" if getattr(request, "htmx", False) else "portal/refused.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)
