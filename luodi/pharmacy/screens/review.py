"""审方: the worklist, one prescription with everything a pharmacist weighs, pass and return."""

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from luodi.chart import queries as chart
from luodi.chart.wording import name_of
from luodi.orders import queries as prescriptions
from luodi.orders.loop import STATE, Step
from luodi.orders.refusals import LoopMoved
from luodi.pharmacy import actions, queries
from luodi.pharmacy.forms import CallForm, ReturnForm, RevForm
from luodi.pharmacy.reasons import OUTCOMES
from luodi.pharmacy.screens import notes
from luodi.terms import queries as terms
from luodi.trust import people
from luodi.trust.clock import today
from luodi.trust.refusal import Refusal
from luodi.trust.screen import refusals, screen
from luodi.trust.spoken import spoken

PAGE = 60
# What bears on a dose, in the order of the eye: vital signs, kidney, liver, blood, electrolytes, clotting, levels.
WEIGHED = (
    "BT", "HR", "RR", "SBP", "DBP", "SPO2", "GLUC", "CREA", "EGFR", "ALT", "AST", "TBIL", "ALB", "WBC", "NEUT#", "HGB",
    "PLT", "K", "NA", "MG", "GLU", "HBA1C", "INR", "APTT", "CRP", "PCT", "DIG", "VANC", "VPA", "LI", "THEO", "FK506",
)  # fmt: skip


@screen("prescription.review")
@require_GET
def worklist(request: Any) -> HttpResponse:
    """Everything that waits, the worst first."""
    rows = queries.queue(request.actor.staff)
    request.saw(*{row.patient for row in rows}, care=False)
    oldest = min((row.since for row in rows), default=None)
    context = {"rows": rows, "oldest": oldest, "done": notes.of(request), **_back()}
    return render(request, "pharmacy/review.html", context)


def _back() -> dict[str, int]:
    """How many wait for their doctor, and how many of them too long."""
    rows = queries.waiting_for_doctor()
    return {"back": len(rows), "back_overdue": sum(row.overdue for row in rows)}


@screen("prescription.review")
@require_GET
def unanswered(request: Any) -> HttpResponse:
    """Returned prescriptions that their doctors have not answered, the overdue first."""
    rows = queries.waiting_for_doctor()
    request.saw(*{row.patient for row in rows}, care=False)
    overdue = sum(row.overdue for row in rows)
    context = {"rows": rows, "back": len(rows), "back_overdue": overdue}
    return render(request, "pharmacy/unanswered.html", context)


@screen("prescription.review")
@require_GET
def reviewed(request: Any) -> HttpResponse:
    """What was reviewed today, by whom, or by the rule of the house."""
    rows = queries.done_today()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    request.saw(*{row.patient for row in page.object_list}, care=False)
    by_rule = sum(row.automatic for row in rows)
    context = {"rows": rows, "page": page, "by_rule": by_rule, **_back()}
    return render(request, "pharmacy/reviewed.html", context)


@screen("prescription.review")
@require_GET
def sheet(request: Any, rx: int) -> HttpResponse:
    """One prescription beside its patient."""
    return _sheet(request, rx)


@screen("prescription.review")
@require_POST
def verdict(request: Any, rx: int) -> HttpResponse:
    """Pass or return: `verdict` is the button pressed."""
    passing = request.POST.get("verdict") == "pass"
    form = RevForm(request.POST) if passing else ReturnForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form):
            actions.review(
                request.actor, rx, "pass" if passing else "return",
                given.get("reasons", ()), given.get("text", ""), rev=given["rev"],
            )  # fmt: skip
            return _next(request, "passed" if passing else "returned", rx)
    return _sheet(request, rx, **{"passing" if passing else "returning": form}, status=422)


def _next(request: Any, note: str, rx: int) -> HttpResponse:
    """On to the next prescription that nobody has open, so that a queue is worked off without its list."""
    following = queries.following(request.actor.staff, but=rx)
    return notes.go(note, "pharmacy:sheet", following) if following else notes.go(note, "pharmacy:review")


@screen("prescription.review")
@require_POST
def claim(request: Any, rx: int) -> HttpResponse:
    """Tell the others that this one is being reviewed; a form's own button takes it over from a colleague."""
    try:
        actions.claim(request.actor, rx)
    except LoopMoved:
        if not request.htmx:
            raise
    return HttpResponse(status=204) if request.htmx else notes.go("taken", "pharmacy:sheet", rx)


@screen("prescription.review")
@require_POST
def call(request: Any, rx: int) -> HttpResponse:
    """Note a call to the prescriber."""
    form = CallForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.call(request.actor, rx, **form.cleaned_data, idempotency=request.POST.get("idempotency", ""))
            return notes.go("called", "pharmacy:sheet", rx)
    return _sheet(request, rx, calling=form, status=422)


def _sheet(
    request: Any, rx: int, *, passing: Any = None, returning: Any = None, calling: Any = None, status: int = 200
) -> HttpResponse:
    card = prescriptions.prescription(rx)
    request.saw(card.patient)
    start = {"rev": card.rev}
    context = {
        "rx": card,
        "banner": chart.banner(card.patient, card.encounter),
        "prescriber": people.name(card.prescriber),
        "state": STATE[card.step],
        "waiting": card.step == Step.SIGNED,
        "callable": card.step in (Step.SIGNED, Step.RETURNED),
        "claimed": queries.claims([rx], but=request.actor.staff).get(rx, "") if card.step == Step.SIGNED else "",
        "done": notes.of(request),
        "current": _current(card),
        "before": _before(card),
        "diagnoses": chart.diagnoses(card.encounter),
        "readings": readings(card.patient),
        "strip": prescriptions.strip(rx),
        "story": _story(rx),
        "passing": passing or RevForm(initial=start),
        "returning": returning or ReturnForm(initial=start),
        "status_line": terms.provenance(),
        "second": prescriptions.second_signature(rx),
        "unseconded": prescriptions.unseconded(rx),
        "calling": calling or CallForm(),
        **weighed(card),
    }
    return render(request, "pharmacy/review_sheet.html", context, status=status)


def _current(card: Any) -> list[tuple[Any, str]]:
    """The other drugs that the person takes now, each with its route in words."""
    held = prescriptions.current_drugs(card.patient, today(), but=card.pk)
    routes = {drug.route: terms.route(drug.route) for drug in held}
    return [(terms.medicine(drug.medicine), _said(routes[drug.route])) for drug in held]


def _said(route: Any) -> str:
    return spoken(route.name, route.name_en) if route else ""


def _before(card: Any) -> list[tuple[Any, list[Any]]]:
    """The last prescriptions before this one, each with the findings that its doctor answered."""
    earlier = prescriptions.earlier(card.patient, but=card.pk, limit=3)
    return [(rx, [f for f in prescriptions.signed_findings(rx.pk) if f.answer]) for rx in earlier]


def weighed(card: Any) -> dict[str, Any]:
    """The check as of now, line by line, with the doctor's answers; `unchecked` where it cannot be made."""
    signed = prescriptions.signed_findings(card.pk)
    answers = {finding.key: finding.answer for finding in signed}
    try:
        found, unchecked = prescriptions.findings(card), None
    except Refusal as refusal:
        found, unchecked = [], refusal
    changed = {change.after.pk: change for change in queries.changes(card.pk) if change.after}
    dropped = [change.before for change in queries.changes(card.pk) if change.kind == "dropped"]
    lines = [
        {
            "number": place + 1,
            "line": line,
            "change": changed.get(line.pk),
            "findings": [f for f in found if f.line == place],
        }
        for place, line in enumerate(card.lines)
    ]
    return {
        "lines": lines,
        "whole": [f for f in found if f.line is None],
        "dropped": dropped,
        "answers": answers,
        "unchecked": unchecked,
        "fresh": [f for f in found if f.key not in answers],
    }


def readings(patient: int) -> list[dict[str, Any]]:
    """The latest values that bear on a dose, each with its name and whether it is out of range."""
    latest = chart.latest_of(patient, WEIGHED)
    vitals, labs = terms.vital_ranges(None), {item.code: item for item in terms.lab_items()}
    rows = []
    for code in WEIGHED:
        reading = latest.get(code)
        if reading is None or reading.value is None:
            continue
        known = vitals.get(code) or labs.get(code)
        low = getattr(known, "normal_low", getattr(known, "ref_low", None))
        high = getattr(known, "normal_high", getattr(known, "ref_high", None))
        rows.append({"name": name_of(code), "reading": reading, "flag": _flag(reading.value, low, high)})
    return rows


def _flag(value: Decimal, low: Decimal | None, high: Decimal | None) -> str:
    if high is not None and value > high:
        return "up"
    return "down" if low is not None and value < low else ""


def _story(rx: int) -> list[dict[str, Any]]:
    """Returns, replies and reviews in the order in which they happened."""
    said = [{"at": r.at, "review": r} for r in queries.reviews(rx)]
    said += [{"at": c.at, "call": c, "outcome": OUTCOMES[c.outcome]} for c in queries.calls(rx)]
    replies = prescriptions.replies(rx)
    names = people.names({reply.staff for reply in replies})
    said += [{"at": reply.at, "reply": reply, "who": names.get(reply.staff, "")} for reply in replies]
    return sorted(said, key=lambda row: row["at"])


@screen("prescription.read")
@require_GET
def returned(request: Any, rx: int) -> HttpResponse:
    """The reason of the last return as a fragment, for the desk of the doctor who must answer."""
    card = prescriptions.prescription(rx)
    request.saw(card.patient)
    return render(request, "pharmacy/_returned.html", {"review": queries.returned(rx)})
