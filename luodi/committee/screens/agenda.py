"""议程: rules that the numbers put before the committee, and what it decided."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.committee import actions, queries
from luodi.committee.forms import RulingForm
from luodi.committee.wording import rule_name
from luodi.trust import people
from luodi.trust.screen import refusals, screen


@screen("committee.read")
@require_GET
def agenda(request: Any) -> HttpResponse:
    """What waits for a decision, and the latest decisions."""
    waiting = [(item, rule_name(item.rule)) for item in queries.agenda()]
    over = queries.agenda(decided=True)[:30]
    names = people.names({item.ruling.staff_id for item in over})
    context = {
        "waiting": waiting,
        "oldest": min((item.at for item, _name in waiting), default=None),
        "decided": [(item, rule_name(item.rule), names.get(item.ruling.staff_id, "")) for item in over],
        "may_survey": "committee.prepare" in request.actor_permissions,
        "tab": "agenda",
    }
    return render(request, "committee/agenda.html", context)


@screen("committee.prepare")
@require_POST
def survey(request: Any) -> HttpResponse:
    """Count override rates now."""
    actions.survey(request.actor)
    return HttpResponseRedirect(reverse("committee:agenda"), status=303)


@screen("committee.read")
@require_http_methods(["GET", "POST"])
def item(request: Any, pk: int) -> HttpResponse:
    """One item with its counts; who prepares the committee records the decision."""
    held = queries.item(pk)
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.rule(request.actor, pk, form.cleaned_data["verdict"], form.cleaned_data["reason"])
            return HttpResponseRedirect(reverse("committee:item", args=[pk]), status=303)
    ruling = getattr(held, "ruling", None)
    context = {
        "item": held,
        "name": rule_name(held.rule),
        "ruling": ruling,
        "who": people.name(ruling.staff_id) if ruling else "",
        "form": form,
        "may_rule": ruling is None and "committee.prepare" in request.actor_permissions,
    }
    return render(request, "committee/item.html", context, status=422 if request.method == "POST" else 200)
