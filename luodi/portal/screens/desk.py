"""At the desk: which telephones act for a patient, and wishes for correction."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.patients import queries as patients
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries
from ..forms import AdmitForm, AnswerForm


@screen("portal.bind")
@require_http_methods(["GET", "POST"])
def holders(request: Any, patient: int) -> HttpResponse:
    """Telephones that act for a patient; a POST admits one after a document was seen."""
    card = patients.card(patient)
    request.saw(patient, care=False)
    form = AdmitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.admit(request.actor, given["phone"], patient, given["relation"], given["proof"])
            return HttpResponseRedirect(reverse("portal:holders", args=[patient]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    context = {"card": card, "rows": queries.holders(patient), "form": form}
    return render(request, "portal/holders.html", context, status=422 if form.errors else 200)


@screen("portal.bind")
@require_POST
def expulsion(request: Any, patient: int, account: int) -> HttpResponse:
    """A telephone acts for the patient no longer."""
    actions.expel(request.actor, account, patient)
    return HttpResponseRedirect(reverse("portal:holders", args=[patient]), status=303)


@screen("identity.correct")
@require_GET
def corrections(request: Any) -> HttpResponse:
    """Wishes that nobody has answered yet."""
    return _list(request, {}, 200)


@screen("identity.correct")
@require_POST
def answer(request: Any, correction: int) -> HttpResponse:
    """What the desk did with a wish."""
    form = AnswerForm(request.POST, prefix=str(correction))
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.end_correction(request.actor, correction, done=given["done"] == "1", words=given["words"])
            return HttpResponseRedirect(reverse("portal:corrections"), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _list(request, {correction: form}, 422)


def _list(request: Any, typed: dict[int, AnswerForm], status: int) -> HttpResponse:
    rows = queries.corrections()
    request.saw(*{row.patient for row in rows}, care=False)
    forms = [(row, typed.get(row.pk) or AnswerForm(prefix=str(row.pk), initial={"done": "1"})) for row in rows]
    return render(request, "portal/corrections.html", {"rows": forms}, status=status)
