"""线索: what may be an unreported reaction, and group events."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust.screen import refusals, screen
from luodi.vigilance import actions, codes, queries
from luodi.vigilance.forms import GroupForm, ReasonForm
from luodi.vigilance.screens import notes


@screen("adr.assess")
@require_GET
def candidates(request: Any) -> HttpResponse:
    """Hints of the last 14 days; each is reported by a person or dismissed with a reason."""
    return _page(request)


def _page(request: Any, *, wrong: Any = None, group: Any = None, status: int = 200) -> HttpResponse:
    found = queries.candidates()
    named = patients.cards({each.patient for each in found})
    request.saw(*named, care=False)
    told = [
        (each, named[each.patient], codes.name("trigger", each.trigger), terms.medicine(each.medicine))
        for each in found
    ]
    forms = [wrong[1] if wrong and wrong[0] == (each.trigger, each.source) else _why(each) for each in found]
    rows = [(*row, form) for row, form in zip(told, forms, strict=True)]
    context = {"rows": rows, "groups": queries.groups(), "group": group or GroupForm(), "done": notes.of(request)}
    return render(request, "vigilance/candidates.html", context, status=status)


def _why(each: queries.Candidate) -> ReasonForm:
    return ReasonForm(auto_id=f"{each.trigger}-{each.source}-%s")


@screen("adr.assess")
@require_POST
def dismissing(request: Any, trigger: str, source: int) -> HttpResponse:
    """It is none, with the reason."""
    form = ReasonForm(request.POST, auto_id=f"{trigger}-{source}-%s")
    if form.is_valid():
        with refusals(form):
            actions.dismiss(request.actor, trigger, source, form.cleaned_data["reason"])
            return notes.go("dismissed", "vigilance:candidates")
    return _page(request, wrong=((trigger, source), form), status=422)


@screen("adr.assess")
@require_POST
def grouping(request: Any) -> HttpResponse:
    """Open a group event."""
    form = GroupForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.open_group(request.actor, form.cleaned_data["title"])
            return notes.go("grouped", "vigilance:candidates")
    return _page(request, group=form, status=422)
