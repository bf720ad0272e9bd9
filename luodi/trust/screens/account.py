"""One's own account: sessions, password, second factor, showing again who one is, and break-glass."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from luodi.trust import actions, sessions
from luodi.trust.actions import login as logins
from luodi.trust.forms import CodeForm, GlassForm, PasswordAgainForm, PasswordForm
from luodi.trust.models import Staff
from luodi.trust.refusal import Refusal
from luodi.trust.screen import glass_page, refusals, screen
from luodi.trust.screens.login import go


def _back(request: Any, fallback: str = "/") -> str:
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return there if there and safe else fallback


@screen(None)
def account(request: Any) -> HttpResponse:
    """My sessions, and the ways to my password and second factor."""
    me = Staff.objects.get(pk=request.actor.staff)
    context = {"me": me, "sessions": sessions.of_staff(me.pk), "this": request.actor.session}
    return render(request, "trust/account.html", context)


@require_POST
@screen(None)
def end_sessions(request: Any) -> HttpResponse:
    """End every session of mine, this one too."""
    actions.end_my_sessions(request.actor)
    return go("/trust/login/")


@never_cache
@require_http_methods(["GET", "POST"])
def password(request: Any) -> HttpResponse:
    """Change my password; also the page a first login is sent to."""
    if request.session_row is None:
        return go("/trust/login/")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.change_password(request.actor, form.cleaned_data["old"], form.cleaned_data["new"])
        if not form.errors:
            return go("/")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "must": request.session_row.must_change}
    return render(request, "trust/password.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: Any) -> HttpResponse:
    """Take up a second factor: scan the code, type the first number. Where policy demands one, a login comes here."""
    row = request.session_row
    if row is None or (row.has_second_factor and not row.second_factor):
        return go("/trust/login/" if row is None else "/trust/second-factor/")
    secret = request.POST.get("secret") or logins.new_secret()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.enrol_second_factor(request.actor, secret, form.cleaned_data["code"])
        if not form.errors:
            return go("/trust/account/")
    login = Staff.objects.values_list("login", flat=True).get(pk=request.actor.staff)
    context = {"form": form, "secret": secret, "uri": logins.provisioning(login, secret, "Luodi")}
    return render(request, "trust/enrol.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@screen(None)
def reauthenticate(request: Any) -> HttpResponse:
    """Show again who I am, so that I can sign; then back to where I was."""
    form = PasswordAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.reauthenticate(request.actor, form.cleaned_data["password"])
        if not form.errors:
            return go(_back(request))
    context = {"form": form, "next": _back(request), "typed": None}
    return render(request, "trust/reauthenticate.html", context, status=401 if request.method == "POST" else 200)


@require_POST
@screen("breakglass.use")
def break_glass(request: Any, patient: int) -> HttpResponse:
    """Open one patient's record with a reason, then go on to where the person was stopped."""
    form = GlassForm(request.POST)
    if not form.is_valid():
        words = str(next(iter(form.errors.values()))[0])
        typed = request.POST.get("reason", "")[:300]
        refusal = Refusal("reason_missing", words, _("请补充理由后再次提交。"), status=422)
        return glass_page(request, refusal, patient, _back(request), typed)
    actions.break_glass(request.actor, patient, form.cleaned_data["reason"])
    return go(_back(request))
