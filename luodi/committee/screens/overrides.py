"""提醒坚持率: by rule, how often its questions are signed over; and the threshold of a rule."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from luodi.committee import actions, queries
from luodi.committee.forms import ThresholdForm, WindowForm
from luodi.committee.wording import GRADES, mark, rule_name
from luodi.trust.clock import now
from luodi.trust.screen import refusals, screen


@screen("committee.read")
@require_GET
def overrides(request: Any) -> HttpResponse:
    """Every rule that found anything over the last days, the most overridden first."""
    form = WindowForm(request.GET or {"days": "90"})
    end = now()
    rows = []
    for rate in queries.rates(queries.Span(end - timedelta(days=form.chosen()), end)):
        limit = queries.limit(rate.rule)
        asks, percent = rate.percent is not None, rate.percent or Decimal(0)
        rows.append(
            {
                "rate": rate,
                "name": rule_name(rate.rule),
                "mark": mark(GRADES, rate.grade),
                "limit": limit,
                "over": asks and rate.shown >= limit.cases and percent > limit.percent,
                "few": asks and rate.shown < limit.cases,
            }
        )
    context = {"form": form, "rows": rows, "end": end, "tab": "overrides"}
    return render(request, "committee/overrides.html", context)


@screen("committee.prepare")
@require_http_methods(["GET", "POST"])
def threshold(request: Any, rule: str) -> HttpResponse:
    """Set the threshold of a rule from today on."""
    limit = queries.limit(rule)
    form = ThresholdForm(request.POST or None, initial={"percent": limit.percent, "cases": limit.cases})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.set_threshold(request.actor, rule, **form.cleaned_data)
            return HttpResponseRedirect(reverse("committee:overrides"), status=303)
    context = {"form": form, "rule": rule, "name": rule_name(rule), "limit": limit}
    return render(request, "committee/threshold.html", context, status=422 if request.method == "POST" else 200)
