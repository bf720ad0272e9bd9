"""Evidence: who saw this patient, who broke the glass, and whether the ledger is as it was."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luodi.trust import actions, ledger, people
from luodi.trust.clock import now
from luodi.trust.forms import AuditForm, ReviewForm
from luodi.trust.ledger.feed import Line
from luodi.trust.models import Block, BreakGlass, Entry, WatchedReading
from luodi.trust.screen import refusals, screen
from luodi.trust.screens.login import go

_MOST = 500


def _about_patient(patient: int) -> list[Line]:
    shown = Q(patient=patient) | Q(verb="read", facts__contains=f"[{patient}]")
    for shape in (f"[{patient},", f",{patient},", f",{patient}]"):
        shown |= Q(verb="read", patient=None, facts__contains=shape)
    rows = Entry.objects.filter(shown).select_related("seat").order_by("-id")[:_MOST]
    return [ledger.line(row) for row in rows]


def _named(lines: list[Line]) -> list[tuple[Line, str, str]]:
    staff = people.names(line.staff for line in lines)
    units = people.unit_names(line.unit for line in lines)
    return [(line, _who(line, staff), units.get(line.unit, "—")) for line in lines]


def _who(line: Line, staff: dict[int, str]) -> str:
    if line.account:
        return _("手机账号 %(account)s") % {"account": line.account}
    return staff.get(line.staff, "—")


@require_http_methods(["GET", "POST"])
@screen("access.audit")
def audit(request: Any) -> HttpResponse:
    """Who saw or changed one patient's data: by the patient's internal number, which names nobody."""
    form = AuditForm(request.POST or None)
    lines: list[Line] | None = None
    if request.method == "POST" and form.is_valid():
        patient = form.cleaned_data["patient"]
        lines = _about_patient(patient)
        ledger.record("audit.read", by=request.actor, about=ledger.Ref("patient", patient, patient), facts={})
    context = {"form": form, "asked": lines is not None, "rows": _named(lines or [])}
    return render(request, "trust/audit.html", context, status=422 if form.errors else 200)


@screen("breakglass.review")
def reviews(request: Any) -> HttpResponse:
    """Break-glass to look at, oldest first, and those looked at."""
    open_rows = BreakGlass.objects.filter(review=None).select_related("staff").order_by("at")
    done = BreakGlass.objects.exclude(review=None).select_related("staff", "review__staff").order_by("-at")[:100]
    return render(request, "trust/reviews.html", {"rows": open_rows, "done": done, "now": now()})


@require_http_methods(["GET", "POST"])
@screen("breakglass.review")
def review(request: Any, pk: int) -> HttpResponse:
    """Say whether one break-glass was justified."""
    row = get_object_or_404(BreakGlass.objects.select_related("staff"), pk=pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.review_glass(request.actor, pk, form.cleaned_data["justified"] == "1", form.cleaned_data["note"])
        if not form.errors:
            return go("/trust/reviews/")
    acts = Entry.objects.filter(breakglass=str(pk)).select_related("seat").order_by("id")[:_MOST]
    context = {"row": row, "form": form, "rows": _named([ledger.line(entry) for entry in acts])}
    return render(request, "trust/review.html", context, status=422 if form.errors else 200)


@screen("breakglass.review")
def watched(request: Any) -> HttpResponse:
    """Readings of watched records to look at, oldest first, and those looked at."""
    rows = WatchedReading.objects.filter(review=None).select_related("staff").order_by("at")[:_MOST]
    done = WatchedReading.objects.exclude(review=None).select_related("staff", "review__staff").order_by("-at")[:100]
    units = people.unit_names(row.unit for row in (*rows, *done))
    context = {"rows": [(row, units.get(row.unit, "—")) for row in rows], "done": done}
    return render(request, "trust/watched.html", context)


@require_http_methods(["GET", "POST"])
@screen("breakglass.review")
def watched_review(request: Any, pk: int) -> HttpResponse:
    """Say whether one reading was justified, with everything that this person did with the record that day."""
    row = get_object_or_404(WatchedReading.objects.select_related("staff", "entry"), pk=pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.review_reading(request.actor, pk, form.cleaned_data["justified"] == "1", form.cleaned_data["note"])
        if not form.errors:
            return go("/trust/watched/")
    until = row.at + timedelta(days=1)
    lines = [line for line in _about_patient(row.patient) if line.staff == row.staff_id and row.at <= line.at < until]
    context = {"row": row, "form": form, "rows": _named(lines), "unit": people.unit_name(row.unit)}
    return render(request, "trust/watched_review.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@screen("ledger.verify")
def book(request: Any) -> HttpResponse:
    """Head, blocks and newest entries; verifying recomputes everything."""
    verdict = None
    if request.method == "POST":
        ledger.seal()
        verdict = ledger.verify()
        facts = {"ok": verdict.ok, "entries": verdict.entries, "head": verdict.head}
        ledger.record("ledger.verify", by=request.actor, about=ledger.Ref("ledger", verdict.head), facts=facts)
    newest = Entry.objects.select_related("seat").order_by("-id")[:100]
    context = {
        "verdict": verdict,
        "head": ledger.head(),
        "blocks": Block.objects.order_by("-number")[:10],
        "rows": _named([ledger.line(entry) for entry in newest]),
    }
    return render(request, "trust/ledger.html", context)
