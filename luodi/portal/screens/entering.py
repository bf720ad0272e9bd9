"""Login by a texted code. The telephone's number is only ever in the body of a form."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from luodi.trust.actor import NOBODY
from luodi.trust.middleware import source
from luodi.trust.refusal import Refusal

from .. import actions, entering, logins, sender
from ..forms import CodeForm, PhoneForm
from ..refusals import WrongCode
from ..screen import before_consent, go, safe_next


@never_cache
@require_http_methods(["GET", "POST"])
def login(request: Any) -> HttpResponse:
    """Ask for the telephone, send it a code, and ask for that."""
    form = PhoneForm(request.POST or None)
    context = {"form": form, "next": safe_next(request), "phones": _demo_phones()}
    if request.method == "POST" and form.is_valid():
        try:
            entering.send_code(form.cleaned_data["phone"], source(request))
            return _ask(request, CodeForm(initial={"phone": form.cleaned_data["phone"]}))
        except Refusal as refusal:
            form.blame(refusal)
            return render(request, "portal/login.html", context, status=refusal.status)
    return render(request, "portal/login.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_POST
def code(request: Any) -> HttpResponse:
    """The code that came: a login begins, or the page says that it was wrong."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, 422)
    try:
        given = form.cleaned_data
        token = actions.log_in(NOBODY._replace(device=source(request)), given["phone"], given["code"])
        if token is None:
            raise WrongCode
    except Refusal as refusal:
        form.blame(refusal)
        return _ask(request, form, refusal.status)
    response = go(request, safe_next(request))
    secure = bool(settings.SESSION_COOKIE_SECURE)
    response.set_cookie(logins.COOKIE, token, httponly=True, samesite="Lax", secure=secure, path="/my/")
    return response


@require_POST
@before_consent
def logout(request: Any) -> HttpResponse:
    """End this login, or all of them."""
    token = request.COOKIES.get(logins.COOKIE, "")
    actions.log_out(request.actor, token, everywhere="everywhere" in request.POST)
    response = go(request, reverse("my:login"))
    response.delete_cookie(logins.COOKIE, path="/my/")
    return response


def _demo_phones() -> list[dict[str, str]]:
    """The demo's telephones; empty anywhere but in the demo."""
    file = Path(settings.LUODI_DATA) / "demo-phones.json"
    if not settings.DEMO or not file.exists():
        return []
    rows: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return rows


def _ask(request: Any, form: CodeForm, status: int = 200) -> HttpResponse:
    phone = form["phone"].value() or ""
    context = {"form": form, "next": safe_next(request), "phone": phone, "demo_text": sender.shown_in_demo(phone)}
    return render(request, "portal/code.html", context, status=status)
