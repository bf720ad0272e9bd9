"""点评报告: publish, read, take it along as a file; proposals; prescribing by doctor."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.commentary import actions, queries, sheet, tables
from luodi.commentary.actions.publishing import FORMS
from luodi.commentary.forms import DecideForm, PeriodForm, VolumesForm
from luodi.commentary.refusals import NotFound
from luodi.paper.answer import csv_answer, pdf_answer
from luodi.trust import people
from luodi.trust.refusal import Forbidden
from luodi.trust.screen import refusals, screen


@screen("commentary.read")
@require_http_methods(["GET", "POST"])
def reports(request: Any) -> HttpResponse:
    """Published reports; who may publishes the next one."""
    may_publish = "commentary.publish" in request.actor_permissions
    form = PeriodForm(request.POST or None, initial=PeriodForm.last_month())
    if request.method == "POST":
        if not may_publish:
            raise Forbidden(facts={"permission": "commentary.publish"})
        if form.is_valid():
            with refusals(form):
                made = actions.publish(request.actor, form.cleaned_data["first"], form.cleaned_data["last"])
                return HttpResponseRedirect(reverse("commentary:report", args=[made]), status=303)
    context = {"form": form, "rows": queries.reports(), "may_publish": may_publish}
    return render(request, "commentary/reports.html", context, status=422 if form.errors else 200)


@screen("commentary.read")
@require_GET
def report(request: Any, pk: int) -> HttpResponse:
    """One report as it was frozen, and whether its head gives the same again."""
    card = queries.report(pk)
    context = {
        "report": card,
        "table": sheet.table(card),
        "same": queries.recomputed(pk) == card.body,
        "may_export": "commentary.export" in request.actor_permissions,
    }
    return render(request, "commentary/report.html", context)


@screen("commentary.export")
@require_POST
def file(request: Any, pk: int) -> HttpResponse:
    """The report as PDF or CSV: `form` is the button pressed."""
    form = request.POST.get("form", "")
    if form not in FORMS:
        raise NotFound
    actions.export(request.actor, pk, form)
    card = queries.report(pk)
    name = f"commentary-{card.span.first:%Y%m%d}-{card.span.last:%Y%m%d}"
    if form == "csv":
        return csv_answer(*sheet.grid(card), name)
    return pdf_answer(sheet.pdf(card, settings.LUODI.hospital), name, keep=True)


@screen("commentary.read")
@require_GET
def proposals(request: Any) -> HttpResponse:
    """What the reports propose, undecided first."""
    return render(request, "commentary/proposals.html", {"rows": queries.proposals()})


@screen("commentary.decide")
@require_http_methods(["GET", "POST"])
def proposal(request: Any, pk: int) -> HttpResponse:
    """One proposal with the cases it rests on, and its decision."""
    card = queries.proposal(pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            token = request.POST.get("idempotency", "")
            actions.decide(request.actor, pk, **form.cleaned_data, idempotency=token)
            return HttpResponseRedirect(reverse("commentary:proposals"), status=303)
    cases = [queries.held(case) for case in card.cases]
    rows = [(judged.case, [tables.item(code) for code in judged.codes]) for judged in cases]
    context = {"card": card, "rows": rows, "form": form}
    return render(request, "commentary/proposal.html", context, status=422 if form.errors else 200)


@screen("commentary.doctors")
@require_http_methods(["GET", "POST"])
def doctors(request: Any) -> HttpResponse:
    """Prescribing by doctor, after saying what for."""
    form, rows = VolumesForm(request.POST or None, initial=VolumesForm.last_month()), None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        with refusals(form):
            found = actions.volumes(request.actor, typed["first"], typed["last"], typed["purpose"])
            names = people.names({volume.doctor for volume in found})
            rows = [(names.get(volume.doctor, ""), volume) for volume in found]
    context = {"form": form, "rows": rows}
    return render(request, "commentary/doctors.html", context, status=422 if form.errors else 200)
