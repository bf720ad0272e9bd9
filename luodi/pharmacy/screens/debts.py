"""欠药: the list of what the pharmacy owes, the slip that the patient takes home, and closing a debt."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.pharmacy import actions, queries
from luodi.pharmacy import refusals as no
from luodi.pharmacy.forms import EndDebtForm
from luodi.pharmacy.screens import dispense, notes
from luodi.trust import people
from luodi.trust.screen import refusals, screen


@screen("prescription.read")
@require_GET
def worklist(request: Any) -> HttpResponse:
    """What is owed by the unit worked in, what has come first."""
    found = queries.debts(request.actor.unit)
    request.saw(*sorted({debt.patient for debt in found}), care=False)
    context = {
        "rows": found,
        "oldest": min((debt.since for debt in found), default=None),
        "come": sum(debt.come for debt in found),
        "done": notes.of(request),
    }
    return render(request, "pharmacy/debts.html", context)


@screen("prescription.read")
@require_GET
def slip(request: Any, rx: int) -> HttpResponse:
    """欠药单: what was given, what is owed, until when and where it may be fetched."""
    card = prescriptions.prescription(rx)
    request.saw(card.patient)
    if card.step is not Step.OWED:
        raise no.NotFound(message=_("这张处方没有欠药。"), next=_("请从工作列表重新打开。"))
    context = {
        "rx": card,
        "patient": patients.card(card.patient),
        "where": people.unit_name(request.actor.unit),
        "parts": queries.parts(card),
        "lines": queries.part_lines(card, request.actor.unit),
    }
    return render(request, "pharmacy/debt_slip.html", context)


@screen("dispense.hand")
@require_POST
def ending(request: Any, rx: int) -> HttpResponse:
    """结清欠药."""
    form = EndDebtForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.end_debt(request.actor, rx, form.cleaned_data["reason"], rev=form.cleaned_data["rev"])
            return notes.go("debt_ended", "pharmacy:debts")
    return dispense.page(request, rx, debt_form=form, status=422)
