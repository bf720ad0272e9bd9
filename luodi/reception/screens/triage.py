"""急诊分诊: who waits for triage, the assessment with its suggestion, and when to assess again."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from luodi.chart import queries as chart
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import people
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, policy, queries, vitals
from ..forms import GreenForm, TriageForm


@screen("triage.assess")
def triage(request: Any) -> HttpResponse:
    """Emergency patients not yet with a doctor, untriaged first."""
    return _page(request, None, 200)


@screen("triage.assess")
def assessment(request: Any, encounter: int) -> HttpResponse:
    """Assess one patient, in the side panel."""
    last = queries.latest_triage(encounter)
    if request.method != "POST":
        first = {"version": last.version if last else 0}
        kept = {"complaint": last.complaint, "complaint_code": last.complaint_code} if last else {}
        return _one(request, encounter, TriageForm(initial={**first, **kept}), 200)
    form = TriageForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.triage(
                request.actor, encounter, data["level"], form.readings(), data["complaint"], data["reason"],
                complaint_code=data["complaint_code"], version=data["version"],
            )  # fmt: skip
            there = reverse("reception:triage")
            if request.htmx:
                return HttpResponse(status=204, headers={"HX-Redirect": there})
            return HttpResponseRedirect(there, status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _one(request, encounter, form, 422)


@screen("triage.assess")
@require_POST
def suggestion(request: Any) -> HttpResponse:
    """The level that the signs typed so far call for; nothing is written."""
    return render(request, "reception/_suggestion.html", _suggested(TriageForm(request.POST)))


@screen("triage.assess")
@require_POST
def complaints(request: Any) -> HttpResponse:
    """Coded complaints for what was typed, with the level that each alone suggests."""
    text = request.POST.get("complaint", "").strip()[:60]
    return render(request, "reception/_complaints.html", {"found": terms.find_complaints(text, 6) if text else []})


def _suggested(form: TriageForm) -> dict[str, Any]:
    try:
        readings = vitals.checked(form.readings())
        found = vitals.suggested(readings, form.data.get("complaint_code", "")[:16])
    except Refusal as refusal:
        return {"refusal": refusal}
    return {
        "suggestion": found,
        "because": [(vitals.INDICATORS.get(name, name), level) for name, level in found.reasons],
        "missing": [vitals.INDICATORS.get(name, name) for name in found.missing],
        "level": policy.levels().get(found.level or 0),
    }


def _one(request: Any, encounter: int, form: TriageForm, status: int) -> HttpResponse:
    visit = chart.encounter(encounter)
    request.saw(visit.patient)
    known = {each.code: each for each in terms.complaints()}
    versions = [
        (card, [(vitals.INDICATORS.get(name, name), level) for name, level in card.because])
        for card in queries.triage_versions(encounter)
    ]
    context = {
        "form": form,
        "encounter": encounter,
        "card": patients.card(visit.patient),
        "allergies": chart.allergies(visit.patient),
        "versions": versions,
        "green": GreenForm(),
        "channels": queries.channels_of(encounter),
        "coded": known.get(str(form["complaint_code"].value() or "")),
        **(_suggested(form) if form.is_bound else {}),
    }
    if request.htmx:
        return render(request, "reception/_assessment.html", context, status=status)
    return _page(request, context, status)


def _page(request: Any, one: dict[str, Any] | None, status: int) -> HttpResponse:
    unit = _emergency(request.actor.unit)
    rows = queries.triage_list(unit.pk) if unit else []
    request.saw(*[row.patient for row in rows], care=False)
    oldest = min((row.arrived_at for row in rows if row.level is None), default=None)
    mass = [each for each in queries.events(unit.pk) if each.ended is None] if unit else []
    context = {"unit": unit, "rows": rows, "oldest": oldest, "mass": mass, **(one or {})}
    return render(request, "reception/triage.html", context, status=status)


def _emergency(unit: int) -> Any:
    """The unit one works in where it is an emergency unit; else none: triage belongs to those who stand there."""
    here = people.unit(unit)
    return here if here and here.kind == "emergency" else None
