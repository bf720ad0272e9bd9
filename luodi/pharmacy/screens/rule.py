"""自动通过: the rule of the house, set and switched off by the head of the pharmacy."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from luodi.pharmacy import actions, queries
from luodi.pharmacy.actions import RuleWish
from luodi.pharmacy.forms import RuleForm
from luodi.pharmacy.screens import notes
from luodi.trust.screen import refusals, screen


@screen("review.rule")
def rule(request: Any) -> HttpResponse:
    """The rule in force and those before it; POST sets another, or stops it at once."""
    current = queries.rule()
    if request.method == "POST" and "stop" in request.POST:
        actions.set_rule(request.actor, RuleWish(on=False), _("立即停用"))
        return notes.go("ruled", "pharmacy:rule")
    form = RuleForm(request.POST if request.method == "POST" else None, initial=_initial(current))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        reason = given.pop("reason")
        with refusals(form):
            actions.set_rule(request.actor, RuleWish(**given | {"classes": tuple(given["classes"])}), reason)
            return notes.go("ruled", "pharmacy:rule")
    context = {"form": form, "rule": current, "rules": queries.rules(), "done": notes.of(request)}
    context["paused"] = queries.knowledge() if current is not None and current.on else ""
    return render(request, "pharmacy/rule.html", context, status=422 if form.errors else 200)


def _initial(current: Any) -> dict[str, Any] | None:
    if current is None:
        return None
    names = ("on", "told", "antibiotics", "high_alert", "youngest", "oldest", "most_drugs")
    return {name: getattr(current, name) for name in names} | {"classes": current.classes.split()}
