"""配发药: the baskets, one prescription from picking to handing over, and its labels."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luodi.chart import queries as charts
from luodi.controlled import duties
from luodi.controlled import queries as controlled
from luodi.controlled.two import countersigned
from luodi.orders import queries as prescriptions
from luodi.orders.loop import STATE, Step
from luodi.paper.answer import pdf_answer
from luodi.patients import queries as patients
from luodi.pharmacy import actions, barcode, bench, coding, printed, queries
from luodi.pharmacy import refusals as no
from luodi.pharmacy.forms import (
    AbsentForm,
    EndDebtForm,
    HandForm,
    PartForm,
    PrepareForm,
    RevForm,
    ScanForm,
    SupplyReturnForm,
    TraceForm,
    UndoForm,
)
from luodi.pharmacy.labels import label
from luodi.pharmacy.screens import notes
from luodi.trust import people
from luodi.trust.screen import refusals, screen

OPEN_TO_PREPARE = (Step.REVIEWED, Step.PAID, Step.VERIFIED, Step.UNPREPARED)


@screen("prescription.read")
@require_GET
def baskets(request: Any) -> HttpResponse:
    """待配 · 待核 · 待发 · 待放回 of the unit worked in."""
    return _baskets(request, ScanForm())


@screen("dispense.check")
@require_GET
def to_check(request: Any) -> HttpResponse:
    """The basket 待核 alone: scan any of its packages to open its prescription."""
    return _baskets(request, ScanForm(), only="check")


def _baskets(request: Any, form: ScanForm, only: str = "", status: int = 200) -> HttpResponse:
    found = queries.bench(request.actor.unit)
    request.saw(*found.seen, care=False)
    return render(
        request,
        "pharmacy/dispense.html",
        {
            "bench": found,
            "form": form,
            "only": only,
            "owed": queries.owed(request.actor.unit),
            "done": notes.of(request),
        },
        status=status,
    )


@screen("prescription.read")
@require_POST
def find(request: Any) -> HttpResponse:
    """A scan at the baskets opens the prescription that the package belongs to."""
    form = ScanForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["code"]
        package = queries.package(code)
        if package is not None:
            return _to(package.prescription)
        form.add_error("code", str(queries.read_as(code)))
    return _baskets(request, form, status=422)


@screen("prescription.read")
@require_GET
def desk(request: Any, rx: int) -> HttpResponse:
    """One prescription on the bench."""
    return page(request, rx)


def page(request: Any, rx: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    card = prescriptions.prescription(rx)
    request.saw(card.patient)
    may = request.actor_permissions
    start = {"rev": card.rev}
    packages = queries.packages(rx)
    scanned = forms.pop("scanned", [])
    can = _can(card, packages, may)
    two = any(duties.kept(line.medicine) for line in card.lines)
    plan = queries.plan(rx, request.actor.unit) if can["prepare"] else None
    context = {
        "rx": card,
        "patient": patients.card(card.patient),
        "unit": people.unit_name(card.unit),
        "prescriber": people.name(card.prescriber),
        "state": STATE[card.step],
        "strip": prescriptions.strip(rx),
        "packages": [(package, package.barcode in scanned) for package in packages],
        "left": sum(package.barcode not in scanned for package in packages),
        "scanned": scanned,
        "dispensing": queries.dispensing(rx) if packages else None,
        "plan": plan,
        **_coded(card, packages, can["hand"]),
        "part": PartForm(initial=start, lines=plan.parts) if plan and plan.parts else None,
        "parts": queries.parts(card) if card.rest_until else [],
        "debt_end": queries.ended(rx) if card.rest_until else None,
        "debt_form": EndDebtForm(initial=start),
        "can": can,
        "to_ward": Step.RECEIVED in card.route,
        "done": notes.of(request),
        "prepare": PrepareForm(initial=start),
        "two": two,
        "owed": controlled.owed_of(card.patient) if two else [],
        "scan": ScanForm(),
        "check": RevForm(initial=start),
        "hand": HandForm(initial=start),
        "undo": UndoForm(initial=start | _why_undone(card, packages)),
        "back": SupplyReturnForm(initial=start),
        **forms,
    }
    return render(request, "pharmacy/desk.html", context, status=status)


def _why_undone(card: Any, packages: list[Any]) -> dict[str, str]:
    """The reason that fits what lies there, chosen beforehand: one key puts it back."""
    if card.step in (Step.STOPPED, Step.EXPIRED):
        return {"reason": "stopped"}
    lying = queries.dispensing(card.pk) if packages and card.step == Step.CHECKED else None
    late = lying and lying.checked_at and queries.is_uncollected(card.visit_class, lying.checked_at)
    return {"reason": "uncollected"} if late else {}


def _coded(card: Any, packages: list[Any], open_: bool) -> dict[str, Any]:
    """The traceability codes of what lies ready, and the package that the next one is for: the first without."""
    if not packages or (need := coding.need(card.visit_class)) == coding.OFF:
        return {}
    held = queries.of_packages([package.pk for package in packages])
    following = next((pk for pk, each in held.items() if not each.done), packages[-1].pk)
    return {
        "coded": [(package, held[package.pk]) for package in packages],
        "codes_needed": need == coding.REQUIRED,
        "codes_open": open_,
        "trace": TraceForm(initial={"package": following}),
        "absent": AbsentForm(),
    }


def _can(card: Any, packages: list[Any], may: frozenset[str]) -> dict[str, bool]:
    """What this person may do with the prescription as it stands."""
    step = card.step
    owed = step == Step.OWED
    lapsed = prescriptions.has_lapsed(card)
    stray = step in (Step.STOPPED, Step.EXPIRED) and bool(packages)
    return {
        "prepare": (step in OPEN_TO_PREPARE or owed) and not lapsed and "dispense.prepare" in may,
        "check": step == Step.PREPARED and not lapsed and "dispense.check" in may,
        "hand": step == Step.CHECKED and not lapsed and "dispense.hand" in may,
        "undo": (step in (Step.PREPARED, Step.CHECKED) or stray) and "dispense.prepare" in may,
        "back": step in OPEN_TO_PREPARE and "dispense.prepare" in may,
        "end": owed and "dispense.hand" in may,
        "stray": stray,
        "lapsed": lapsed,
    }


@screen("dispense.prepare")
@require_POST
def preparation(request: Any, rx: int) -> HttpResponse:
    """调配."""
    form = PrepareForm(request.POST)
    if form.is_valid():
        with refusals(form), countersigned(request.actor, *form.second()):
            actions.prepare(request.actor, rx, rev=form.cleaned_data["rev"])
            return notes.go("prepared", "pharmacy:desk", rx)
    return page(request, rx, prepare=form, status=422)


@screen("dispense.prepare")
@require_POST
def preparing_part(request: Any, rx: int) -> HttpResponse:
    """调配 what the shelf has; the rest is owed."""
    lines = queries.part_lines(prescriptions.prescription(rx), request.actor.unit)
    form = PartForm(request.POST, lines=lines)
    if form.is_valid():
        with refusals(form), countersigned(request.actor, *form.second()):
            actions.prepare(request.actor, rx, rev=form.cleaned_data["rev"], part=form.part())
            return notes.go("parted", "pharmacy:desk", rx)
    return page(request, rx, part=form, status=422)


@screen("dispense.prepare")
@require_POST
def undoing(request: Any, rx: int) -> HttpResponse:
    """退回调配."""
    form = UndoForm(request.POST)
    if form.is_valid():
        with refusals(form), countersigned(request.actor, *form.second()):
            given = form.cleaned_data
            actions.unprepare(request.actor, rx, given["reason"], rev=given["rev"])
            return notes.go("undone", "pharmacy:desk", rx)
    return page(request, rx, undo=form, status=422)


@screen("dispense.prepare")
@require_POST
def sending_back(request: Any, rx: int) -> HttpResponse:
    """Return to the doctor what cannot be filled."""
    form = SupplyReturnForm(request.POST)
    if form.is_valid():
        with refusals(form):
            given = form.cleaned_data
            actions.send_back(request.actor, rx, given["reasons"], given["text"], rev=given["rev"])
            return notes.go("returned", "pharmacy:dispense")
    return page(request, rx, back=form, status=422)


@screen("dispense.check")
@require_POST
def scan(request: Any, rx: int) -> HttpResponse:
    """One scan at the second check. What was scanned so far travels in the form; a wrong scan is kept: a near miss."""
    form = ScanForm(request.POST)
    scanned = _scanned(request)
    if not form.is_valid():
        return page(request, rx, scan=form, scanned=scanned, status=422)
    card = prescriptions.prescription(rx)
    request.saw(card.patient)
    code = form.cleaned_data["code"]
    if code in {package.barcode for package in queries.packages(rx)}:
        return page(request, rx, scanned=[*scanned, code] if code not in scanned else scanned)
    form.add_error("code", str(bench.wrong_scan(card, code)))
    if barcode.is_valid(code):  # half a scan is no near miss
        with refusals(form):
            actions.mismatch(request.actor, rx, code, idempotency=request.POST.get("idempotency", ""))
    return page(request, rx, scan=form, scanned=scanned, status=422)


def _scanned(request: Any) -> list[str]:
    return [barcode.clean(code) for code in request.POST.getlist("scanned")[:500]]


@screen("dispense.check")
@require_POST
def checking(request: Any, rx: int) -> HttpResponse:
    """核对."""
    form = RevForm(request.POST)
    scanned = _scanned(request)
    if form.is_valid():
        with refusals(form):
            actions.check(request.actor, rx, scanned, rev=form.cleaned_data["rev"])
            return notes.go("checked", "pharmacy:desk", rx)
    return page(request, rx, check=form, scanned=scanned, status=422)


@screen("dispense.hand")
@require_POST
def handing(request: Any, rx: int) -> HttpResponse:
    """发药."""
    form = HandForm(request.POST)
    if form.is_valid():
        with refusals(form):
            given = form.cleaned_data
            actions.hand_over(request.actor, rx, rev=given["rev"], asked=given["asked"], shown=form.shown())
            if prescriptions.header(rx).step is Step.OWED:
                return notes.go("handed_part", "pharmacy:desk", rx)
            return notes.go("handed", "pharmacy:dispense")
    return page(request, rx, hand=form, status=422)


@screen("prescription.read")
@require_GET
def labels(request: Any, rx: int) -> HttpResponse:
    """All labels of the live preparation, one a package."""
    return _labels(request, rx, queries.packages(rx))


@screen("prescription.read")
@require_GET
def one_label(request: Any, rx: int, seq: int) -> HttpResponse:
    """The label of one package, printed again."""
    return _labels(request, rx, [package for package in queries.packages(rx) if package.seq == seq])


@screen("prescription.read")
@require_GET
def labels_pdf(request: Any, rx: int) -> HttpResponse:
    """All labels of the live preparation as PDF for a label printer. The name of the file names nobody."""
    card = prescriptions.prescription(rx)
    request.saw(card.patient)
    packages = queries.packages(rx)
    if not packages:
        raise no.NotFound(message=_("没有可打印的标签。"), next=_("请先调配。"))
    house = settings.LUODI.hospital
    return pdf_answer(printed.pdf(rx, packages, house=house, where=_where(card)), f"labels-{rx}")


def _where(card: Any) -> str:
    return " ".join(word for word in (people.unit_name(card.unit), charts.bed_of(card.encounter)) if word)


def _labels(request: Any, rx: int, packages: list[Any]) -> HttpResponse:
    card = prescriptions.prescription(rx)
    request.saw(card.patient)
    if not packages:
        raise no.NotFound(message=_("没有可打印的标签。"), next=_("请先调配。"))
    context = {
        "rx": card,
        "patient": patients.card(card.patient),
        "where": _where(card),
        "dispensing": queries.dispensing(rx),
        "labels": [label(package) for package in packages],
    }
    return render(request, "pharmacy/labels.html", context)


def _to(rx: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("pharmacy:desk", args=[rx]), status=303)
