"""号源: sessions of the week, used against capacity; open, resize, stop."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from luodi.trust.clock import today
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries
from ..forms import ResizeForm, SessionForm, StopForm

DAYS = 7


@screen("slot.manage")
def sessions(request: Any) -> HttpResponse:
    """The week. POST opens a session."""
    form = SessionForm(request.POST or None, initial={"date": today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_session(request.actor, **form.cleaned_data)
            return HttpResponseRedirect(reverse("reception:sessions"), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _week(request, form, None, 422 if request.method == "POST" else 200)


@screen("slot.manage")
def session(request: Any, session: int) -> HttpResponse:
    """One session in the side panel."""
    return _one(request, session, 200)


@screen("slot.manage")
@require_POST
def capacity(request: Any, session: int) -> HttpResponse:
    """Another number of slots."""
    form = ResizeForm(request.POST)
    if form.is_valid():
        try:
            actions.resize_session(request.actor, session, form.cleaned_data["capacity"])
            return HttpResponseRedirect(reverse("reception:sessions"), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _one(request, session, 422, resize=form)


@screen("slot.manage")
@require_POST
def stop(request: Any, session: int) -> HttpResponse:
    """停诊."""
    form = StopForm(request.POST)
    if form.is_valid():
        try:
            actions.stop_session(request.actor, session, form.cleaned_data["reason"])
            return HttpResponseRedirect(reverse("reception:sessions"), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _one(request, session, 422, stop=form)


def _one(request: Any, pk: int, status: int, **forms: Any) -> HttpResponse:
    card = queries.session(pk)
    left = len(queries.in_session(pk)) if card.stopped else 0
    context = {
        "card": card,
        "left": left,
        "resize": ResizeForm(initial={"capacity": card.capacity}),
        "stop": StopForm(),
        **forms,
    }
    if request.htmx:
        return render(request, "reception/_session.html", context, status=status)
    return _week(request, SessionForm(initial={"date": today()}), context, status)


def _week(request: Any, form: SessionForm, one: dict[str, Any] | None, status: int) -> HttpResponse:
    first = today()
    cards = queries.sessions(first, until=first + timedelta(days=DAYS - 1))
    days = [
        (day, [card for card in cards if card.date == day])
        for day in (first + timedelta(days=ahead) for ahead in range(DAYS))
    ]
    context = {"form": form, "days": days, **(one or {})}
    return render(request, "reception/sessions.html", context, status=status)
