"""Book, wait, confirm, cancel, check in: the acts of the desk, asked for by the patient."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.reception import actions as reception
from luodi.reception import policy
from luodi.reception import queries as desks
from luodi.reception.refusals import NotWaiting
from luodi.trust.refusal import Refusal

from .. import queries
from ..queries.offers import units
from ..screen import go, mine, refused

BY_PATIENT = "patient"  # the code of policy.cancel_reasons for one's own wish


@require_GET
@mine
def choose(request: Any, patient: int) -> HttpResponse:
    """Unit, day and session. Addresses name neither the patient's name nor number."""
    person = queries.person(request.actor.account, patient)
    unit = _number(request.GET.get("unit", ""))
    context: dict[str, Any] = {"person": person, "units": units(), "unit": unit, "ban": desks.ban_of(patient)}
    if unit:
        days = queries.days(unit)
        day = _day(request.GET.get("on", ""), [each.date for each in days])
        context |= {"days": days, "day": day, "offers": queries.offers(unit, day) if day else []}
    request.saw(patient, care=False)
    return render(request, "portal/choose.html", context)


@require_http_methods(["GET", "POST"])
@mine
def book(request: Any, patient: int, session: int) -> HttpResponse:
    """What is booked, by which rules; a POST books, or joins the list of a full session."""
    person = queries.person(request.actor.account, patient)
    refusal = None
    if request.method == "POST":
        try:
            return _taken(request, patient, session)
        except Refusal as against:
            refusal = against
    context = {
        "person": person, "offer": queries.offer(session), "rules": policy.booking(), "ban": desks.ban_of(patient),
        "refusal": refusal,
    }  # fmt: skip
    request.saw(patient, care=False)
    return render(request, "portal/book.html", context, status=refusal.status if refusal else 200)


@require_GET
@mine
def appointment(request: Any, appointment: int) -> HttpResponse:
    """One appointment and what can be done with it."""
    account = request.actor.account
    person = queries.person(account, desks.appointment(appointment).patient)
    seen = person.seen_by(account)
    row = desks.appointment(appointment, account=seen)
    request.saw(row.patient, care=False)
    context = {
        "row": row, "person": person, "rules": policy.booking(), "places": queries.places(row.patient, account=seen),
    }  # fmt: skip
    return render(request, "portal/appointment.html", context)


@require_POST
@mine
def step(request: Any, appointment: int, step: str) -> HttpResponse:
    """confirm, cancel or arrive."""
    try:
        if step == "confirm":
            reception.confirm(request.actor, appointment)
        elif step == "cancel":
            reception.cancel_appointment(request.actor, appointment, BY_PATIENT)
        else:
            reception.arrive(request.actor, appointment)
    except Refusal as refusal:
        return refused(request, refusal)
    return go(request, reverse("my:appointment", args=[appointment]))


@require_POST
@mine
def leave(request: Any, wait: int) -> HttpResponse:
    """Off the waiting list."""
    with suppress(NotWaiting):  # sent twice: the person is off the list, which is what was asked
        reception.leave_list(request.actor, wait)
    return go(request, reverse("my:home"))


def _taken(request: Any, patient: int, session: int) -> HttpResponse:
    if "wait" in request.POST:
        reception.wait_for(request.actor, patient, session)
        return go(request, reverse("my:home"))
    made = reception.book(request.actor, patient, session, idempotency=request.POST.get("idempotency", ""))
    return go(request, reverse("my:appointment", args=[made]))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _day(text: str, offered: list[date]) -> date | None:
    with suppress(ValueError):
        wanted = date.fromisoformat(text)
        if wanted in offered:
            return wanted
    return offered[0] if offered else None
