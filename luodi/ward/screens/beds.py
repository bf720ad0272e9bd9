"""病区: the board of beds, placing a patient, releasing a bed, printing the wristband."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from luodi.trust import people
from luodi.trust.screen import refusals, screen

from .. import actions, queries, reasons
from ..forms import PlaceForm, ReleaseForm, SeekForm
from . import unit as units


@screen("ward.read")
@require_GET
def board(request: Any) -> HttpResponse:
    """Every bed of a unit: who, allergy, early warning, what waits."""
    return _board(request, units.shown(request))


def _board(request: Any, unit: int, status: int = 200, **panel: Any) -> HttpResponse:
    cards = queries.board(request.actor, unit)
    # the query told those cared for from the others
    request.saw(*[card.lying.patient for card in cards if card.lying and card.mine], care=False)
    given, both, why = queries.scan_counts(unit)
    context = {
        "cards": cards, "given": given, "both": both, "why": [(reasons.name(code), count) for code, count in why],
        "free": sum(card.lying is None for card in cards), "verify": len(queries.awaiting_verification(unit)),
        "receive": len(queries.awaiting_receipt(unit)), **units.tabs(request, unit), **panel,
    }  # fmt: skip
    return render(request, "ward/board.html", context, status=status)


@screen("ward.place")
@require_http_methods(["GET", "POST"])
def bed(request: Any, pk: int) -> HttpResponse:
    """A free bed: choose the patient who gets it, or seek one in the emergency department first (POST `find`)."""
    found = queries.bed(pk)
    seek = SeekForm(request.POST if request.method == "POST" else None)
    text = seek.cleaned_data["text"] if seek.is_valid() else ""
    waiting = queries.candidates(request.actor, found.unit_id)
    known = {one.encounter for one in waiting}
    sought = [one for one in queries.sought(request.actor, found.unit_id, text) if one.encounter not in known]
    request.saw(*[one.card.id for one in waiting])
    request.saw(*[one.card.id for one in sought], care=False)  # names alone; placing gives the unit the care
    choices = [(one.encounter, _label(one)) for one in (*sought, *waiting)]
    placing = request.method == "POST" and "find" not in request.POST
    form = PlaceForm(request.POST if placing else None, candidates=choices, initial={"text": text})
    if placing and queries.lies_in(pk, request.POST.get("encounter", "")):
        return _to_board(found.unit_id)  # the same form, sent twice
    if placing and form.is_valid():
        with refusals(form):
            actions.place(request.actor, form.cleaned_data["encounter"], pk)
            return _to_board(found.unit_id)
    wrong = form.errors or (seek.errors and not placing)
    context = {
        "bed": found, "form": form, "seek": seek, "choices": choices, "nobody": bool(text and not sought),
        "may_seek": request.actor.unit == found.unit_id, "board_url": _board_url(found.unit_id),
    }  # fmt: skip
    return render(request, "ward/place.html", context, status=422 if wrong else 200)


@screen("ward.place")
@require_http_methods(["GET", "POST"])
def release(request: Any, pk: int) -> HttpResponse:
    """Ask whose bed becomes free, then end the placement."""
    lying = queries.placed(pk)
    request.saw(lying.patient)
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.release(request.actor, pk)
            return _to_board(lying.unit)
    context = {"leaving": queries.leaving(lying), "release_form": form, "back": _board_url(lying.unit)}
    status = 422 if form.errors else 200
    if request.htmx:
        return render(request, "ward/_release.html", context, status=status)
    return _board(request, lying.unit, status, **context)


@screen("ward.read")
@require_GET
def wristband(request: Any, pk: int) -> HttpResponse:
    """The wristband sheet of a placement."""
    lying, card, code = queries.band(pk)
    request.saw(lying.patient)
    context = {
        "lying": lying, "card": card, "code": code, "allergies": queries.allergy_block(lying.patient),
        "unit_name": people.unit_name(lying.unit),
    }  # fmt: skip
    return render(request, "ward/wristband.html", context)


def _label(one: queries.Candidate) -> str:
    return f"{one.card.name} {one.card.record_no} · {one.unit_name}"


def _board_url(unit: int) -> str:
    return f"{reverse('ward:board')}?unit={unit}"


def _to_board(unit: int) -> HttpResponse:
    return HttpResponseRedirect(_board_url(unit), status=303)
