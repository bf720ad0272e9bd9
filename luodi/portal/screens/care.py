"""Visits, prescriptions, results, and the survey after a visit."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from luodi.chart import queries as chart
from luodi.trust.refusal import Refusal

from .. import actions, queries
from ..forms import SurveyForm
from ..screen import go, mine
from ..verified import require_verified


@require_GET
@mine
def visits(request: Any, patient: int) -> HttpResponse:
    """Every visit of a verified person."""
    person = _verified(request, patient)
    return render(request, "portal/visits.html", {"person": person, "rows": queries.visits(patient)})


@require_GET
@mine
def visit(request: Any, encounter: int) -> HttpResponse:
    """One visit: diagnoses, medicines and how to take them, results that are released."""
    card = _card(encounter)
    context = {
        "person": _verified(request, card.patient), "visit": card, "diagnoses": chart.diagnoses(encounter),
        "slips": queries.slips(encounter), "results": queries.result_rows(encounter),
    }  # fmt: skip
    return render(request, "portal/visit.html", context)


@require_http_methods(["GET", "POST"])
@mine
def survey(request: Any, encounter: int) -> HttpResponse:
    """Rate a visit, once."""
    card = _card(encounter)
    person = _verified(request, card.patient)
    form = SurveyForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                actions.rate(request.actor, encounter, form.answers, nps=given["nps"], words=given["words"])
                return go(request, reverse("my:survey", args=[encounter]))
            except Refusal as refusal:
                form.blame(refusal)
                status = refusal.status
    return render(request, "portal/survey.html", {"person": person, "visit": card, "form": form}, status=status)


def _card(encounter: int) -> queries.VisitCard:
    card = queries.visit(encounter)
    if card is None:
        raise Http404
    return card


def _verified(request: Any, patient: int) -> queries.Person:
    """The person, where the account may read. Raises NotYours, NotVerified."""
    require_verified(request.actor, patient)
    request.saw(patient)
    return queries.person(request.actor.account, patient)
