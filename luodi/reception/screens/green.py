"""绿色通道: the running clocks of the emergency unit, one of them with its time points."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from luodi.chart import queries as charts
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries
from ..forms import EndGreenForm, GreenForm, PointForm


@screen("triage.assess")
@require_GET
def channels(request: Any) -> HttpResponse:
    """Running channels first, the one that is due first on top."""
    rows = queries.channels(request.actor.unit)
    request.saw(*{row.patient for row in rows}, care=False)
    running = [row for row in rows if not row.ended]
    context = {"running": running, "ended": [row for row in rows if row.ended]}
    return render(request, "reception/green.html", context)


@screen("triage.assess")
@require_POST
def opening(request: Any, encounter: int) -> HttpResponse:
    """Start the clock."""
    form = GreenForm(request.POST)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    made = actions.open_channel(request.actor, encounter, kind)
    return HttpResponseRedirect(reverse("reception:green_channel", args=[made]), status=303)


@screen("triage.assess")
@require_GET
def channel(request: Any, channel: int) -> HttpResponse:
    """One channel with its time points."""
    return _one(request, channel, PointForm(), EndGreenForm(), 200)


@screen("triage.assess")
@require_POST
def point(request: Any, channel: int) -> HttpResponse:
    """A time point was reached: now, or at the time that was typed."""
    form = PointForm(request.POST)
    if form.is_valid():
        try:
            actions.reach_point(request.actor, channel, form.cleaned_data["point"], _moment(form.cleaned_data["at"]))
            return HttpResponseRedirect(reverse("reception:green_channel", args=[channel]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _one(request, channel, form, EndGreenForm(), 422)


@screen("triage.assess")
@require_POST
def ending(request: Any, channel: int) -> HttpResponse:
    """Stop the clock."""
    form = EndGreenForm(request.POST)
    if form.is_valid():
        try:
            actions.end_channel(request.actor, channel, form.cleaned_data["reason"])
            return HttpResponseRedirect(reverse("reception:green"), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _one(request, channel, PointForm(), form, 422)


def _moment(typed: Any) -> datetime | None:
    """The latest moment that a clock on the wall showed this time; None: now."""
    if typed is None:
        return None
    local = now().astimezone(HOSPITAL_ZONE)
    moment = local.replace(hour=typed.hour, minute=typed.minute, second=0, microsecond=0)
    return moment - timedelta(days=1) if moment > local else moment


def _one(request: Any, pk: int, form: PointForm, end: EndGreenForm, status: int) -> HttpResponse:
    row = queries.channel(pk)
    request.saw(row.patient)
    context = {"row": row, "banner": charts.banner(row.patient, row.encounter), "form": form, "end": end}
    return render(request, "reception/green_channel.html", context, status=status)
