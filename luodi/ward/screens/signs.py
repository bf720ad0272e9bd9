"""体征: one set of vital signs and the early-warning score that the last values give."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.patients import queries as patients
from luodi.trust.screen import refusals, screen

from .. import queries, vitals
from .. import refusals as words
from ..forms import VitalsForm


@screen("observation.write")
@require_http_methods(["GET", "POST"])
def signs(request: Any, patient: int) -> HttpResponse:
    """Record vital signs of a patient in bed."""
    request.saw(patient)
    lying = queries.lying(patient)
    if lying is None:
        raise words.no(words.NOT_IN_BED)
    form = VitalsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            token = request.POST.get("idempotency", "")
            chart.observe(request.actor, patient, lying.encounter, form.readings(), idempotency=token)
            return HttpResponseRedirect(reverse("ward:signs", args=[patient]), status=303)
    context = {
        "form": form, "patient": patient, "banner": charts.banner(patient, lying.encounter, bed=lying.bed_code),
        "warning": vitals.warning(patient, patients.card(patient).birth_date), "history": vitals.history(patient),
        "names": vitals.titles(),
    }  # fmt: skip
    return render(request, "ward/signs.html", context, status=422 if form.errors else 200)
