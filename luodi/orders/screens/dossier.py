"""The dossier of a patient with cancer pain or moderate to severe chronic pain, from the doctor's scroll."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.chart import queries as chart
from luodi.orders import actions, queries
from luodi.trust import people
from luodi.trust.screen import refusals, screen


class OpenForm(forms.Form):
    text = forms.CharField(
        label=_("诊断和证明医院"),
        max_length=500,
        help_text=_("二级以上医院开具的诊断证明"),
        widget=forms.TextInput({"data-first": ""}),
    )
    consent_on = forms.DateField(
        label=_("知情同意书签署日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    diagnosis_proof = forms.BooleanField(label=_("已留存诊断证明"))
    identity_copy = forms.BooleanField(label=_("已留存患者身份证明复印件"))
    agent = forms.BooleanField(label=_("已留存代办人身份证明复印件"), required=False)


class WordsForm(forms.Form):
    text = forms.CharField(label=_("写明"), max_length=500)


@screen("prescription.sign")
def dossier(request: Any, encounter: int) -> HttpResponse:
    """What is kept of the patient, and what may be done with it."""
    return _show(request, encounter)


@screen("prescription.sign")
@require_POST
def dossier_opening(request: Any, encounter: int) -> HttpResponse:
    """Open the dossier."""
    return _do(request, encounter, "open_form", OpenForm(request.POST), actions.open_dossier)


@screen("prescription.sign")
@require_POST
def dossier_review(request: Any, encounter: int) -> HttpResponse:
    """Note that the patient was seen again."""
    return _do(request, encounter, "review_form", WordsForm(request.POST, prefix="review"), actions.review_dossier)


@screen("prescription.sign")
@require_POST
def dossier_ending(request: Any, encounter: int) -> HttpResponse:
    """Close the dossier."""
    return _do(request, encounter, "end_form", WordsForm(request.POST, prefix="end"), actions.end_dossier)


def _do(request: Any, encounter: int, name: str, form: Any, act: Any) -> HttpResponse:
    patient = chart.encounter(encounter).patient
    request.saw(patient)
    if form.is_valid():
        with refusals(form):
            act(request.actor, patient, **form.cleaned_data)
    if form.errors:
        return _show(request, encounter, status=422, **{name: form})
    return HttpResponseRedirect(reverse("orders:dossier", args=[encounter]), status=303)


def _show(request: Any, encounter: int, *, status: int = 200, **instead: Any) -> HttpResponse:
    visit = chart.encounter(encounter)
    request.saw(visit.patient)
    held = queries.dossier(visit.patient)
    context = {
        "encounter": encounter,
        "banner": chart.banner(visit.patient, encounter),
        "held": held,
        "who": people.name(held.staff) if held else "",
        "open_form": OpenForm(),
        "review_form": WordsForm(prefix="review"),
        "end_form": WordsForm(prefix="end"),
    }
    return render(request, "orders/dossier.html", context | instead, status=status)
