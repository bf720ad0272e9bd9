"""Prescriptions before the bedside: 护士核对, return, 病区接收 by scan."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from luodi.chart import queries as charts
from luodi.orders import queries as prescriptions
from luodi.orders.loop import upcoming
from luodi.patients import queries as patients
from luodi.pharmacy import queries as pharmacy
from luodi.trust import access, people
from luodi.trust.screen import refusals, screen

from .. import actions, queries
from .. import refusals as words
from ..forms import ReceiptForm, ReturnForm, RevForm
from . import unit as units


@screen("prescription.verify")
@require_GET
def orders(request: Any) -> HttpResponse:
    """Two worklists: to verify, to receive."""
    return render(request, "ward/orders.html", _lists(request))


@screen("prescription.verify")
@require_GET
def order(request: Any, pk: int) -> HttpResponse:
    """One prescription in the side panel."""
    return _order_page(request, pk)


@screen("prescription.verify")
@require_POST
def verification(request: Any, pk: int) -> HttpResponse:
    """护士核对."""
    form = RevForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.verify(request.actor, pk, rev=form.cleaned_data["rev"])
            return _to_orders()
    return _order_page(request, pk, verify=form, status=422)


@screen("prescription.verify")
@require_POST
def sending_back(request: Any, pk: int) -> HttpResponse:
    """Return to the doctor with a reason."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.send_back(request.actor, pk, **form.cleaned_data)
            return _to_orders()
    return _order_page(request, pk, back=form, status=422)


@screen("ward.receive")
@require_POST
def receipt(request: Any, pk: int) -> HttpResponse:
    """病区接收: each scan is added; the last package, or the button, receives."""
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _order_page(request, pk, receive=form, status=422)
    codes = _codes(form)
    expected = {package.barcode for package in pharmacy.packages(pk)}
    if "done" in request.POST or (expected and set(codes) == expected):
        with refusals(form):
            actions.receive(request.actor, pk, codes, rev=form.cleaned_data["rev"])
            return _to_orders()
    elif set(codes) - expected:
        code = next(code for code in codes if code not in expected)
        codes = [code for code in codes if code in expected]
        form.add_error("code", str(words.foreign_package() if pharmacy.package(code) else words.unknown_package(code)))
    wrong = form if form.errors else None
    return _order_page(request, pk, receive=wrong, codes=codes, status=422 if wrong else 200)


def _codes(form: ReceiptForm) -> list[str]:
    seen = [*form.cleaned_data["scanned"].split(), form.cleaned_data["code"]]
    return list(dict.fromkeys(code for code in seen if code))


def _lists(request: Any) -> dict[str, object]:
    unit = units.shown(request)
    verify = [w for w in queries.awaiting_verification(unit) if _mine(request, w)]
    receive = [w for w in queries.awaiting_receipt(unit) if _mine(request, w)]
    cards = patients.cards([row.patient for row in (*verify, *receive)])
    request.saw(*cards, care=False)  # kept to those cared for, above
    doctors = people.names([row.prescriber for row in (*verify, *receive)])
    beds = {found.patient: found.bed_code for found in queries.in_bed(unit)}

    def shown(rows: list[Any]) -> list[Any]:
        return [(w, cards[w.patient], beds.get(w.patient, ""), doctors.get(w.prescriber, "")) for w in rows]

    return {
        "verify": shown(verify), "receive": shown(receive),
        "verify_oldest": min((w.since for w in verify), default=None),
        "receive_oldest": min((w.since for w in receive), default=None),
        **units.tabs(request, unit),
    }  # fmt: skip


def _mine(request: Any, row: Any) -> bool:
    return row.unit == request.actor.unit or access.cares(request.actor, row.patient)


def _order_page(
    request: Any,
    pk: int,
    *,
    verify: RevForm | None = None,
    back: ReturnForm | None = None,
    receive: ReceiptForm | None = None,
    codes: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    card = prescriptions.prescription(pk)
    request.saw(card.patient)
    packages = pharmacy.packages(pk)
    done = set(codes or [])
    context = {
        "rx": card, "banner": charts.banner(card.patient, card.encounter), "strip": prescriptions.strip(pk),
        "findings": prescriptions.signed_findings(pk), "doctor": people.name(card.prescriber),
        "next": upcoming(card.step, card.route),
        "verify_form": verify or RevForm(initial={"rev": card.rev}),
        "back_form": back or ReturnForm(initial={"rev": card.rev}),
        "receive_form": receive or ReceiptForm(initial={"rev": card.rev}),
        "packages": [(package, package.barcode in done) for package in packages],
        "scanned": " ".join(codes or []), "left": len(packages) - len(done),
    }  # fmt: skip
    if request.htmx:
        return render(request, "ward/_order.html", context, status=status)
    return render(request, "ward/orders.html", context | _lists(request), status=status)


def _to_orders() -> HttpResponse:
    return HttpResponseRedirect(reverse("ward:orders"), status=303)
