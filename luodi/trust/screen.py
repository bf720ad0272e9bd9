"""The frame of every screen: login, permission, and a refusal shown as an answer a person understands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from luodi.trust import access, policy
from luodi.trust.actions.login import reauthenticate
from luodi.trust.forms import PasswordAgainForm
from luodi.trust.refusal import Forbidden, Refusal
from luodi.trust.vault.signer import Reauthenticate

View = Callable[..., HttpResponse]
# the password that a form is sent with once more, after the signing window had closed on it
AGAIN = "again-password"
NOT_TYPED = (AGAIN, "csrfmiddlewaretoken")


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as a page, or as a fragment for htmx, with its status."""
    if isinstance(refusal, access.NoCare) and "breakglass.use" in request.actor_permissions:  # type: ignore[attr-defined]
        return glass_page(request, refusal, refusal.patient, request.get_full_path())
    again = isinstance(refusal, Reauthenticate) or (AGAIN in request.POST and refusal.status in (401, 429))
    if again and not getattr(request, "htmx", False):
        # what was typed comes along, and is sent once more with the password
        typed = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_TYPED]
        context = {"refusal": refusal, "form": PasswordAgainForm(prefix="again"), "typed": typed}
        return render(request, "trust/reauthenticate.html", context, status=refusal.status)
    fragment = bool(getattr(request, "htmx", False))
    template = "web/parts/_refusal.html" if fragment else "web/refused.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)


def glass_page(request: HttpRequest, refusal: Refusal, patient: int, back: str, typed: str = "") -> HttpResponse:
    """The form of break-glass for one patient, with what was typed and what stands against it."""
    context = {"refusal": refusal, "patient": patient, "back": back, "typed": typed}
    return render(request, "trust/break_glass.html", context, status=refusal.status)


def _first(request: Any) -> HttpResponse | None:
    """Where a person must go before anything else: log in, change a password, show a second factor, choose a post."""
    row = request.session_row
    if row is None:
        return _go(request, f"{reverse('trust:login')}?{urlencode(_after_login(request))}")
    if row.has_second_factor and not row.second_factor:
        return _go(request, reverse("trust:second_factor"))
    if not row.has_second_factor and policy.number("second_factor_required"):
        return _go(request, reverse("trust:enrol"))
    if row.must_change:
        return _go(request, reverse("trust:password"))
    if not row.actor.post:
        return _go(request, reverse("trust:post"))
    return None


def _after_login(request: Any) -> dict[str, str]:
    """Where a login leads, and whether it must say that what was sent has not been saved."""
    if request.method == "GET":
        return {"next": request.get_full_path()}
    form = urlsplit(request.META.get("HTTP_REFERER", ""))
    return {"ended": "1", "next": f"{form.path or '/'}{'?' if form.query else ''}{form.query}"}


def _go(request: Any, url: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        # htmx would put the login page into the fragment's place; this makes it a whole page.
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def screen(permission: str | None) -> Callable[[View], View]:
    """Make a view a screen of people who hold `permission` (None: anybody logged in and at work in a post)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def show(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            away = _first(request)
            if away is not None:
                return away
            try:
                if permission is not None and permission not in request.actor_permissions:
                    raise Forbidden(facts={"permission": permission})
                if AGAIN in request.POST:
                    reauthenticate(request.actor, request.POST[AGAIN])
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)

        show.__screen__ = permission  # type: ignore[attr-defined]
        return show

    return decorate


@contextmanager
def refusals(form: Any) -> Iterator[None]:
    """Put a refusal from the block onto the form, which keeps everything that was typed.

    NoCare and a closed signing window pass through: they have pages of their own.
    """
    form.refusal = None
    try:
        yield
    except (access.NoCare, Reauthenticate):
        raise
    except Refusal as refusal:
        form.refusal = refusal
        form.add_error(NON_FIELD_ERRORS, str(refusal))
