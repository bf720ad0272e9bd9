"""Newborns of a mother's visit: those registered, and one more."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from luodi.patients import actions as identities
from luodi.patients import queries as patients
from luodi.trust.access import NoCare
from luodi.trust.clock import now
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries
from ..forms import NewbornForm
from . import sections


@screen(identities.NEWBORN)
@require_http_methods(["GET", "POST"])
def newborns(request: Any, patient: int, encounter: int) -> HttpResponse:
    """Register a baby of this visit's mother, and print the bands of those who are there."""
    request.saw(patient)
    card = sections.visit(patient, encounter)
    born = [birth for birth in patients.babies_of(card.patient) if birth.encounter == card.id]
    request.saw(*[birth.baby.id for birth in born], care=False)
    several = max((birth.of for birth in born), default=1)
    start = {"at": now(), "of": max(several, len(born) + 1), "place": len(born) + 1}
    form = NewbornForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.register_newborn(
                request.actor, card.id, form.newborn(), idempotency=request.POST.get("idempotency", "")
            )
            return HttpResponseRedirect(request.path, status=303)
        except NoCare:
            raise
        except Refusal as refusal:
            form.blame(refusal)
    context = {
        "patient": card.patient, "visit": card, "banner": queries.banner(card.patient, card.id), "form": form,
        "born": [(birth, _visit(birth.baby.id)) for birth in born],
    }  # fmt: skip
    return render(request, "chart/newborns.html", context, status=422 if form.errors else 200)


def _visit(baby: int) -> int | None:
    """The baby's own open visit, which its band is of."""
    return next((visit.id for visit in queries.encounters_of(baby) if not visit.closed_at), None)
