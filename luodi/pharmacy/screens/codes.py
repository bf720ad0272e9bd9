"""药品追溯码: noted on what lies ready, and the codes of a day."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luodi.paper.answer import csv_answer
from luodi.pharmacy import actions, queries
from luodi.pharmacy.forms import AbsentForm, DayForm, TraceForm
from luodi.pharmacy.screens import dispense, notes
from luodi.terms import queries as terms
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.trust.screen import refusals, screen


@screen("dispense.hand")
@require_POST
def note(request: Any, rx: int) -> HttpResponse:
    """One scan."""
    form = TraceForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.trace(
                request.actor, rx, form.cleaned_data["trace"],
                package=form.cleaned_data["package"] or 0, idempotency=request.POST.get("idempotency", ""),
            )  # fmt: skip
            return notes.go("traced", "pharmacy:desk", rx)
    return dispense.page(request, rx, trace=form, status=422)


@screen("dispense.hand")
@require_POST
def remove(request: Any, rx: int, trace: int) -> HttpResponse:
    """A code that was scanned by mistake."""
    actions.untrace(request.actor, rx, trace)
    return notes.go("untraced", "pharmacy:desk", rx)


@screen("dispense.hand")
@require_POST
def absent(request: Any, rx: int) -> HttpResponse:
    """A package without a code."""
    form = AbsentForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.trace_absent(request.actor, rx, form.cleaned_data["package"], form.cleaned_data["reason"])
            return notes.go("absent", "pharmacy:desk", rx)
    return dispense.page(request, rx, absent=form, status=422)


@screen("dispense.hand")
@require_GET
def day(request: Any) -> HttpResponse:
    """What the unit handed over on a day, with its codes."""
    on, form = _day(request)
    found = queries.of_day(request.actor.unit, on)
    rows = [(row, terms.medicine(row.medicine)) for row in found.rows]
    return render(request, "pharmacy/codes.html", {"day": on, "found": found, "rows": rows, "form": form})


@screen("dispense.hand")
@require_GET
def day_csv(request: Any) -> HttpResponse:
    """The same as a table, for whom the hospital reports to."""
    on, _form = _day(request)
    head = [_("时间"), _("处方"), _("药品"), _("批号"), _("药品追溯码"), _("登记人"), _("状态")]
    rows = [
        [
            row.at.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M:%S"), row.number, _drug(row.medicine), row.lots,
            row.code, row.by, _("已退回") if row.back else _("已发出"),
        ]
        for row in queries.of_day(request.actor.unit, on).rows
    ]  # fmt: skip
    return csv_answer(head, rows, f"trace-codes-{on.isoformat()}")


def _drug(medicine: str) -> str:
    card = terms.medicine(medicine)
    return f"{card.generic} {card.strength}" if card else medicine


def _day(request: Any) -> tuple[date, DayForm]:
    form = DayForm(request.GET)
    on = form.cleaned_data["day"] if form.is_valid() else None
    return on or today(), DayForm(initial={"day": (on or today()).isoformat()})
