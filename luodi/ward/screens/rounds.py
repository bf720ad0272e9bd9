"""执行单: the rounds of a unit, one patient's doses, and one dose at the bed.

A scan never travels in an address: a scanned code is posted, and goes on in hidden fields of the next form.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luodi.chart import queries as charts
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.patients.codes import is_wristband, scanned
from luodi.pharmacy import queries as pharmacy
from luodi.trust.screen import refusals, screen

from .. import actions, bedside, queries
from .. import refusals as words
from ..forms import GiveForm, LeaveForm, ScanForm
from ..models import Outcome
from . import unit as units
from .shown import five


@screen("medication.administer")
@require_GET
def rounds(request: Any) -> HttpResponse:
    """Everybody in bed with what is overdue, due and later."""
    return _rounds_page(request, ScanForm())


@screen("medication.administer")
@require_POST
def scan(request: Any) -> HttpResponse:
    """A wristband opens its patient, a package its dose; anything else says what it is not."""
    form = ScanForm(request.POST)
    if form.is_valid():
        with refusals(form):
            return _scanned(request, form.cleaned_data["code"], scanned(form.cleaned_data["wristband"]))
    return _rounds_page(request, form, status=422)


@screen("medication.administer")
@require_GET
def patient(request: Any, patient: int) -> HttpResponse:
    """One patient's doses."""
    return _patient_page(request, patient, "")


@screen("medication.administer")
@require_GET
def task(request: Any, pk: int) -> HttpResponse:
    """One dose, nothing scanned yet."""
    return _dose_page(request, pk)


@screen("medication.administer")
@require_POST
def at_bed(request: Any, pk: int) -> HttpResponse:
    """One more scan at the bed: the five rights are judged anew."""
    form = ScanForm(request.POST)
    sound = form.is_valid()
    held = {"wristband": form.cleaned_data.get("wristband", ""), "package": form.cleaned_data.get("package", "")}
    code = form.cleaned_data.get("code", "")
    kind = "wristband" if is_wristband(code) else "package"
    if sound and not code:
        form.add_error("code", _("没有扫到条码，请重新扫描"))
    elif sound:
        with refusals(form):
            bedside.look(pk, **{kind: code})
    if form.errors:
        return _dose_page(request, pk, held, scan=form, status=422)
    return _dose_page(request, pk, held | {kind: code})


@screen("medication.administer")
@require_POST
def giving(request: Any, pk: int) -> HttpResponse:
    """Give the dose."""
    seen = bedside.look(pk, request.POST.get("wristband", ""), request.POST.get("package", ""))
    form = _give_form(request.POST, seen)
    if form.is_valid():
        with refusals(form):
            actions.administer(request.actor, pk, outcome=Outcome.GIVEN, **form.cleaned_data)
            return _to_patient(seen.task.patient)
    return _dose_page(request, pk, _held(request), give=form, status=422)


@screen("medication.administer")
@require_POST
def leaving(request: Any, pk: int) -> HttpResponse:
    """Record a dose held, refused or not done."""
    form = LeaveForm(request.POST)
    if form.is_valid():
        outcome, reason = form.chosen()
        with refusals(form):
            wristband = form.cleaned_data["wristband"]
            actions.administer(request.actor, pk, outcome=outcome, reason=reason, wristband=wristband)
            return _to_patient(prescriptions.task(pk).patient)
    return _dose_page(request, pk, _held(request), leave=form, status=422)


@screen("medication.administer")
@require_POST
def as_needed(request: Any, prescription: int, seq: int) -> HttpResponse:
    """Ask for one dose of an as-needed line and open it."""
    made = orders.request_prn(request.actor, prescription, seq, idempotency=request.POST.get("idempotency", ""))
    return HttpResponseRedirect(reverse("ward:task", args=[made]), status=303)


def _scanned(request: Any, code: str, wristband: str) -> HttpResponse:
    if is_wristband(code):
        found = patients.by_wristband(code)
        if found is None:
            raise words.no(words.UNKNOWN_WRISTBAND)
        return _patient_page(request, found, code)
    package = pharmacy.package(code)
    if package is None:
        raise words.unknown_package(code)
    bedside.tell_package_given(package.pk)
    dose = bedside.dose_of(package)
    return _dose_page(request, dose, {"wristband": wristband, "package": code})


def _rounds_page(request: Any, form: ScanForm, status: int = 200) -> HttpResponse:
    unit = units.shown(request)
    found = queries.rounds(request.actor, unit)
    request.saw(*[one.lying.patient for one in found], care=False)  # the query kept to those cared for
    context = {
        "rounds": found, "scan": form, "overdue": sum(len(one.overdue) for one in found),
        "due": sum(len(one.due) for one in found), **units.tabs(request, unit),
    }  # fmt: skip
    return render(request, "ward/rounds.html", context, status=status)


def _patient_page(request: Any, patient: int, wristband: str) -> HttpResponse:
    request.saw(patient)
    found = queries.round_of(patient)
    if found is None:
        raise words.no(words.NOT_IN_BED)
    context = {
        "round": found, "banner": _banner(patient, found.lying.encounter), "wristband": wristband,
        "scan": ScanForm(initial={"wristband": wristband}), "prn": queries.prn_lines(patient),
        "past": queries.given(patient), "warning": queries.warning(patient, found.card.birth_date),
    }  # fmt: skip
    return render(request, "ward/patient.html", context)


def _dose_page(
    request: Any,
    pk: int,
    codes: Mapping[str, str] | None = None,
    *,
    scan: ScanForm | None = None,
    give: GiveForm | None = None,
    leave: LeaveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    held = {"wristband": "", "package": ""} | dict(codes or {})
    seen = bedside.look(pk, **held)
    request.saw(seen.task.patient)
    context = {
        "seen": seen, "banner": _banner(seen.task.patient, seen.task.encounter), "rights": five(seen),
        "refusal": bedside.preview(seen), "strip": prescriptions.task_strip(pk), "held": held,
        "scan": scan or ScanForm(initial=held),
        "give": give or _give_form(None, seen, initial=held),
        "leave": leave or LeaveForm(initial=held),
        "both": seen.wristband_scanned and seen.package_scanned, "open": seen.task.step in (Step.PLANNED, Step.HELD),
    }  # fmt: skip
    return render(request, "ward/dose.html", context, status=status)


def _held(request: Any) -> dict[str, str]:
    """The codes scanned so far, as the form carries them."""
    return {name: request.POST.get(name, "") for name in ("wristband", "package")}


def _give_form(data: Any, seen: bedside.Bedside, **rest: Any) -> GiveForm:
    scans = seen.wristband_scanned and seen.package_scanned
    return GiveForm.needing(data, scans=scans, timing=seen.timing, witness=seen.line.high_alert, **rest)


def _banner(patient: int, encounter: int) -> dict[str, Any]:
    lying = queries.lying(patient)
    return charts.banner(patient, encounter, bed=lying.bed_code if lying else "")


def _to_patient(patient: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("ward:patient", args=[patient]), status=303)
