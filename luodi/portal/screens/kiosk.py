"""A terminal in the hall: who reads a card there checks in, sees the place in the queue, and books ahead.

It shows no name in full and nothing of the record. Who was identified stands in the address as a signed token that is
good for a short time; a page that nobody touches goes back to the start.
"""

from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from luodi.patients import queries as patients
from luodi.reception import actions as reception
from luodi.reception import queries as desks
from luodi.reception.policy import KIOSK
from luodi.trust import policy
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries
from ..forms import StandingForm
from ..queries.offers import units
from ..refusals import NotKnownHere

_SALT = "luodi.kiosk"


@screen("kiosk.serve")
@require_http_methods(["GET", "POST"])
def start(request: Any) -> HttpResponse:
    """Ask for a card and the last four digits of the phone."""
    form = StandingForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                patient = actions.identify(request.actor, form.cleaned_data["read"], form.cleaned_data["phone4"])
                if patient is None:
                    raise NotKnownHere
                return redirect("portal:kiosk_person", _token(request, patient))
            except Refusal as refusal:
                form.blame(refusal)
                status = refusal.status
    # a fresh form: the next person must not read whose card it was
    context = {"form": StandingForm(), "errors": [error for each in form.errors.values() for error in each]}
    return render(request, "portal/kiosk.html", context, status=status)


@screen("kiosk.serve")
def person(request: Any, token: str) -> HttpResponse:
    """What the person can do here."""
    patient = _patient(request, token)
    return redirect("portal:kiosk") if patient is None else _show(request, patient)


@screen("kiosk.serve")
@require_POST
def arrive(request: Any, token: str, appointment: int) -> HttpResponse:
    """签到."""
    patient = _patient(request, token)
    if patient is None:
        return redirect("portal:kiosk")
    try:
        if desks.appointment(appointment).patient not in patients.person(patient):
            raise NotKnownHere
        reception.arrive(request.actor, appointment)
    except Refusal as refusal:
        return _show(request, patient, refusal)
    return redirect("portal:kiosk_person", _token(request, patient))


@screen("kiosk.serve")
@require_POST
def book(request: Any, token: str, session: int) -> HttpResponse:
    """Book a slot of a coming day."""
    patient = _patient(request, token)
    if patient is None:
        return redirect("portal:kiosk")
    try:
        reception.book(request.actor, patient, session, idempotency=request.POST.get("idempotency", ""))
    except Refusal as refusal:
        return _show(request, patient, refusal)
    return redirect("portal:kiosk_person", _token(request, patient))


def _show(request: Any, patient: int, refusal: Refusal | None = None) -> HttpResponse:
    request.saw(patient, care=False)
    unit = request.GET.get("unit", "")
    chosen = int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 19 else 0
    context = {
        "card": patients.card(patient), "token": _token(request, patient), "refusal": refusal,
        "coming": desks.appointments_of(patient), "places": queries.places(patient), "units": units(),
        "unit": chosen, "offers": queries.offers(chosen, channel=KIOSK)[:40] if chosen else [],
        "seconds": policy.number("kiosk_seconds"), "start": reverse("portal:kiosk"),
    }  # fmt: skip
    return render(request, "portal/kiosk_person.html", context, status=refusal.status if refusal else 200)


def _token(request: Any, patient: int) -> str:
    return signing.dumps([patient, request.actor.staff], salt=_SALT)


def _patient(request: Any, token: str) -> int | None:
    """The patient of a token that this terminal was given a moment ago; None for any other."""
    try:
        patient, staff = signing.loads(token, salt=_SALT, max_age=policy.number("kiosk_seconds"))
    except (signing.BadSignature, ValueError):
        return None
    return int(patient) if staff == request.actor.staff else None
