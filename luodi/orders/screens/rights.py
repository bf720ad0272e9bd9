"""处方权: who may prescribe what, granted by the security administrator after training and examination."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from luodi.orders import actions, queries
from luodi.trust import people
from luodi.trust.request import Request
from luodi.trust.screen import refusals, screen

TIERS = [(0, _("无")), (1, _("非限制使用级")), (2, _("限制使用级")), (3, _("特殊使用级"))]


class RightForm(forms.Form):
    """What is granted from now on; it replaces what was granted before."""

    antibiotic_tier = forms.TypedChoiceField(label=_("抗菌药物"), choices=TIERS, coerce=int)
    narcotic = forms.BooleanField(label=_("麻醉药品和第一类精神药品"), required=False)
    assistant = forms.BooleanField(label=_("执业助理医师"), required=False)
    trained_on = forms.DateField(
        label=_("考核合格日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(label=_("有效期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


@screen("post.grant")
def rights(request: Request) -> HttpResponse:
    """Everybody who signs prescriptions, and what they may sign."""
    signers = people.who_may("prescription.sign")
    names = people.names(signers)
    tiers = dict(TIERS)
    rows = []
    for staff in signers:
        held = queries.rights(staff)
        rows.append((staff, names.get(staff, ""), people.title(staff), tiers[held.antibiotic_tier], held))
    return render(request, "orders/rights.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@screen("post.grant")
def right(request: Request, staff: int) -> HttpResponse:
    """Grant or change the rights of one person."""
    if staff not in people.who_may("prescription.sign"):
        raise Http404
    held = queries.rights(staff)
    initial: dict[str, Any] = {"antibiotic_tier": held.antibiotic_tier, "narcotic": held.narcotic}
    form = RightForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.grant_right(request.actor, staff, **form.cleaned_data)
        if not form.errors:
            response = HttpResponseRedirect(reverse("orders:rights"))
            response.status_code = 303
            return response
    context = {"form": form, "name": people.name(staff)}
    return render(request, "orders/right.html", context, status=422 if form.errors else 200)
