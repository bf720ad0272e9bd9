"""越级使用补办: the doctor's own debts, and those that a colleague of the tier looks at."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.orders import actions, queries
from luodi.orders.screens.rights import TIERS
from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.screen import refusals, screen


class EndForm(forms.Form):
    agreed = forms.TypedChoiceField(
        label=_("意见"),
        choices=[("", "—"), ("1", _("同意：确有抢救指征")), ("0", _("不同意"))],
        coerce=lambda value: value == "1",
        empty_value=None,
    )
    text = forms.CharField(label=_("说明"), max_length=500, help_text=_("指征、会诊意见或处理"))


@screen("prescription.sign")
def formalities(request: Any) -> HttpResponse:
    """What is open, the soonest due first."""
    return _show(request)


@screen("prescription.sign")
@require_POST
def formality_end(request: Any, pk: int) -> HttpResponse:
    """Look at one of them."""
    form = EndForm(request.POST, prefix=str(pk))
    if form.is_valid():
        with refusals(form):
            actions.end_formality(request.actor, pk, form.cleaned_data["agreed"], form.cleaned_data["text"])
    if form.errors:
        return _show(request, status=422, wrong={pk: form})
    return HttpResponseRedirect(reverse("orders:formalities"), status=303)


def _show(request: Any, *, status: int = 200, wrong: dict[int, EndForm] | None = None) -> HttpResponse:
    mine, others = queries.owed_formalities(request.actor.staff), queries.formalities_to_end(request.actor.staff)
    cards = patients.cards({row.patient for row in (*mine, *others)})
    if cards:
        request.saw(*cards)
    names, tiers, held = people.names({row.staff for row in others}), dict(TIERS), wrong or {}
    context = {
        "mine": [(row, cards[row.patient], tiers[row.tier]) for row in mine],
        "others": [
            (
                row,
                cards[row.patient],
                tiers[row.tier],
                names.get(row.staff, ""),
                held.get(row.pk) or EndForm(prefix=str(row.pk)),
            )
            for row in others
        ],
        "oldest_mine": min((row.since for row in mine), default=None),
        "oldest_others": min((row.since for row in others), default=None),
        "overdue": sum(row.overdue for row in (*mine, *others)),
    }
    return render(request, "orders/formalities.html", context, status=status)
