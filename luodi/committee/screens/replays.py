"""重放: asking for one, its progress, and what it found by rule with samples."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from luodi.committee import actions, queries
from luodi.committee.forms import ReplayForm
from luodi.committee.screens.versions import page_of
from luodi.committee.wording import GRADES, mark, rule_name
from luodi.terms import versions
from luodi.trust.screen import refusals, screen
from luodi.trust.spoken import spoken

PAGE = 40


@screen("committee.prepare")
@require_POST
def ask(request: Any, pk: int) -> HttpResponse:
    """Ask for a replay of a version; the worker does it."""
    form = ReplayForm(request.POST)
    if form.is_valid():
        with refusals(form):
            token = request.POST.get("idempotency", "")
            made = actions.replay(request.actor, pk, form.cleaned_data["days"], idempotency=token)
            return HttpResponseRedirect(reverse("committee:replay", args=[made]), status=303)
    return page_of(request, pk, asking=form)


@screen("committee.read")
@require_GET
def replay(request: Any, pk: int) -> HttpResponse:
    """One replay: how far it is, or what it found. What changed is shown without a patient; the prescription itself
    opens to whoever may read it."""
    held = queries.replay(pk)
    rule = request.GET.get("rule", "")[:80]
    page = Paginator(queries.changes(pk, rule), PAGE).get_page(request.GET.get("page"))
    context = {
        "progress": held,
        "version": versions.version(held.replay.version_id),
        "tallies": [{**row, "name": rule_name(row["rule"])} for row in queries.counts(held.result)]
        if held.result
        else [],
        "rule": rule,
        "rule_name": rule_name(rule) if rule else "",
        "page": page,
        "changes": [
            {
                "row": row,
                "rule": rule_name(row.rule),
                "before": mark(GRADES, row.before),
                "after": mark(GRADES, row.after),
                "why": spoken(row.why, row.why_en),
            }
            for row in page
        ],
        "may_open": "prescription.read" in request.actor_permissions,
    }
    return render(request, "committee/replay.html", context)
