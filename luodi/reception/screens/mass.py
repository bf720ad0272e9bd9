"""群体事件: open one, give colours by scanner and keys, see who is where, print tags before."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.trust import people
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, policy, queries, tags
from ..forms import EventForm, TagForm

SHEET = 24  # tags on a printed page


@screen("triage.assess")
@require_http_methods(["GET", "POST"])
def events(request: Any) -> HttpResponse:
    """The events of the unit. POST opens one."""
    here = people.unit(request.actor.unit)
    unit = here if here and here.kind == "emergency" else None
    form = EventForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_event(request.actor, request.actor.unit, **form.cleaned_data)
            return HttpResponseRedirect(reverse("reception:mass_event", args=[made]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    context = {"unit": unit, "rows": queries.events(unit.pk) if unit else [], "form": form}
    return render(request, "reception/mass.html", context, status=422 if form.errors else 200)


@screen("triage.assess")
@require_http_methods(["GET", "POST"])
def event(request: Any, event: int) -> HttpResponse:
    """One event. POST gives the scanned tag a colour; the button that was pressed says which."""
    if queries.event(event).unit != request.actor.unit:
        raise Http404
    form = TagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.tag_victim(
                request.actor, event, data["tag"], data["colour"], sex=data["sex"] or "0", place=data["place"],
                idempotency=data["idempotency"],
            )  # fmt: skip
            there = reverse("reception:mass_event", args=[event])
            return HttpResponseRedirect(f"{there}?victim={made.victim}&version={made.version}", status=303)
        except Refusal as refusal:
            form.blame(refusal)
    card = queries.event(event)
    rows = queries.victims(event)
    request.saw(*[row.patient for row in rows], care=False)
    last = request.GET.get("victim", "")
    context = {
        "card": card, "rows": rows, "form": form, "colours": policy.mass_colours().values(),
        "last": next((row for row in rows if str(row.pk) == last and not form.is_bound), None),
        "known": _known(rows, form),
    }  # fmt: skip
    return render(request, "reception/mass_event.html", context, status=422 if form.errors else 200)


@screen("triage.assess")
@require_POST
def ending(request: Any, event: int) -> HttpResponse:
    """The event is over."""
    if queries.event(event).unit != request.actor.unit:
        raise Http404
    actions.end_event(request.actor, event)
    return HttpResponseRedirect(reverse("reception:mass"), status=303)


@screen("triage.assess")
@require_GET
def sheet(request: Any) -> HttpResponse:
    """A page of new tags, to be printed before they are needed. Nothing is written: a tag counts once it is scanned."""
    return render(request, "reception/mass_tags.html", {"tags": [tags.new_tag() for _ in range(SHEET)]})


def _known(rows: list[queries.VictimCard], form: TagForm) -> queries.VictimCard | None:
    """The victim on whom the tag hangs that was sent without a colour: that asks who it is."""
    asked = form.is_bound and not form.data.get("colour")
    tag = tags.read(str(form.data.get("tag", ""))) if asked else None
    return next((row for row in rows if row.tag == tag), None)
