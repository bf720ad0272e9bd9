"""病区摆药: a ward's prescriptions prepared, checked by scanning and handed over in one go, each an act of its own."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from luodi.pharmacy import actions, barcode, queries
from luodi.pharmacy import refusals as no
from luodi.pharmacy.forms import BatchForm, ScanForm, WindowForm
from luodi.pharmacy.screens import notes
from luodi.trust.refusal import Refusal
from luodi.trust.screen import refusals, screen


@screen("prescription.read")
@require_GET
def wards(request: Any) -> HttpResponse:
    """The wards that something is to be done for."""
    return render(request, "pharmacy/batches.html", {"wards": queries.wards(request.actor.unit)})


@screen("prescription.read")
@require_GET
def batch(request: Any, ward: int) -> HttpResponse:
    """One ward: what to pick, what to check, what to hand over."""
    return _page(request, ward)


def _page(request: Any, ward: int, *, status: int = 200, **more: Any) -> HttpResponse:
    window = WindowForm(request.GET if request.method == "GET" and "hours" in request.GET else None)
    found = queries.batch(request.actor.unit, ward, window.within())
    request.saw(*found.seen, care=False)
    may = request.actor_permissions
    context = {
        "ward": ward, "name": queries.ward_name(ward), "batch": found, "window": window, "done": notes.of(request),
        "ready": any(not row.alone for row in found.prepare), "scan": ScanForm(), "scanned": [],
        "can": {"prepare": "dispense.prepare" in may, "check": "dispense.check" in may, "hand": "dispense.hand" in may},
        **more,
    }  # fmt: skip
    return render(request, "pharmacy/batch.html", context, status=status)


@screen("dispense.prepare")
@require_POST
def preparing(request: Any, ward: int) -> HttpResponse:
    """Prepare the chosen prescriptions."""
    return _each(request, ward, "batch_prepared", lambda rx, rev: actions.prepare(request.actor, rx, rev=rev))


@screen("dispense.hand")
@require_POST
def handing(request: Any, ward: int) -> HttpResponse:
    """Hand the chosen prescriptions over to the ward."""
    return _each(request, ward, "batch_handed", lambda rx, rev: actions.hand_over(request.actor, rx, rev=rev))


def _each(request: Any, ward: int, note: str, step: Callable[[int, int], Any]) -> HttpResponse:
    """A transaction a prescription: one that is refused, because it was stopped say, is named and leaves the rest."""
    form = BatchForm(request.POST)
    if not form.is_valid():
        return _page(request, ward, chosen=form, status=422)
    refused = []
    for rx, rev in form.cleaned_data["chosen"]:
        try:
            step(rx, rev)
        except Refusal as refusal:
            refused.append((rx, refusal))
    if refused:
        return _page(request, ward, refused=queries.numbered(refused), status=422)
    return notes.go(note, "pharmacy:batch", ward)


@screen("dispense.check")
@require_POST
def scan(request: Any, ward: int) -> HttpResponse:
    """One scan at the second check; the last package of a prescription checks it. What was scanned travels along."""
    form = ScanForm(request.POST)
    scanned = [barcode.clean(code) for code in request.POST.getlist("scanned")[:2000]]
    if not form.is_valid():
        return _page(request, ward, scan=form, scanned=scanned, status=422)
    code = form.cleaned_data["code"]
    package = queries.package(code)
    waiting = {row.pk: row for row in queries.batch(request.actor.unit, ward, None).check}
    if package is None or package.prescription not in waiting:
        form.add_error("code", str(queries.read_as(code) if package is None else no.NotInBatch()))
        return _page(request, ward, scan=form, scanned=scanned, status=422)
    scanned = list(dict.fromkeys([*scanned, code]))
    own = {each.barcode for each in queries.packages(package.prescription)}
    if own <= set(scanned):
        with refusals(form):
            actions.check(request.actor, package.prescription, sorted(own), rev=waiting[package.prescription].rev)
        scanned = [each for each in scanned if each not in own]
    return _page(request, ward, scan=form if form.errors else ScanForm(), scanned=scanned,
                 status=422 if form.errors else 200)  # fmt: skip
