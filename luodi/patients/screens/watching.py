"""Scrutiny of a record: set from its identity, ended by another post that is told no name."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries
from ..watch_forms import EndWatchForm, WatchForm


@screen(actions.WATCH)
@require_http_methods(["GET", "POST"])
def watch(request: Any, patient: int) -> HttpResponse:
    """Whether the readings of this record are looked at; POST lets them be."""
    request.saw(patient, care=False)
    form = WatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.watch(request.actor, patient, typed["kind"], typed["words"], login=typed["login"])
            return HttpResponseRedirect(request.path, status=303)
        except Refusal as refusal:
            form.blame(refusal)
    context = {"known": queries.identity_of(patient), "watch": queries.watch_of(patient), "form": form}
    return render(request, "patients/watch.html", context, status=422 if form.errors else 200)


@screen(actions.END)
@require_GET
def watches(request: Any) -> HttpResponse:
    """All records that are watched, by their internal numbers, which name nobody."""
    return render(request, "patients/watches.html", {"rows": queries.watches()})


@screen(actions.END)
@require_http_methods(["GET", "POST"])
def ending(request: Any, watch: int) -> HttpResponse:
    """Look at the readings of a record no more."""
    form = EndWatchForm(request.POST if request.method == "POST" else None)
    row = next((row for row in queries.watches() if row.pk == watch), None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.unwatch(request.actor, watch, form.cleaned_data["words"])
            return HttpResponseRedirect(reverse("patients:watches"), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return render(request, "patients/watch_end.html", {"row": row, "form": form}, status=422 if form.errors else 200)
