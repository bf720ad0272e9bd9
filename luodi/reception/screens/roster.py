"""排班: the templates that sessions are made from."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from luodi.trust.clock import today
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, policy, queries
from ..actions.roster import KEPT
from ..forms import EndTemplateForm, TemplateForm


@screen("slot.manage")
@require_http_methods(["GET", "POST"])
def templates(request: Any) -> HttpResponse:
    """Every template in force or to come. POST plans one, and makes its sessions at once."""
    form = TemplateForm(request.POST if request.method == "POST" else None, initial={"valid_from": today()})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        reserved = {channel: given.pop(f"reserved_{channel}") or 0 for channel in KEPT}
        try:
            actions.new_template(request.actor, **given, reserved=reserved)
            actions.publish(request.actor)
            return HttpResponseRedirect(reverse("reception:templates"), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _page(request, form, EndTemplateForm(initial={"last": today()}))


@screen("slot.manage")
@require_POST
def ending(request: Any, template: int) -> HttpResponse:
    """The template's last day."""
    form = EndTemplateForm(request.POST)
    if form.is_valid():
        try:
            actions.end_template(request.actor, template, form.cleaned_data["last"])
            return HttpResponseRedirect(reverse("reception:templates"), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _page(request, TemplateForm(initial={"valid_from": today()}), form)


def _page(request: Any, form: TemplateForm, end: EndTemplateForm) -> HttpResponse:
    names = {code: channel.name for code, channel in policy.channels().items()}
    rows = [
        (card, [(names[code], most) for code, most in card.reserved.items() if most]) for card in queries.templates()
    ]
    context = {"form": form, "end": end, "rows": rows, "rules": policy.booking()}
    return render(request, "reception/templates.html", context, status=422 if form.errors or end.errors else 200)
