"""Formulary and rules, to read: what is loaded, where it comes from, and who has looked at it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.terms import actions, knowledge, queries, versions
from luodi.terms.cards import MedicineCard
from luodi.terms.models import Status
from luodi.trust.clock import today
from luodi.trust.screen import screen
from luodi.trust.spoken import spoken

PAGE = 50
SHOWN = 200

TIERS = {1: _("非限制使用级"), 2: _("限制使用级"), 3: _("特殊使用级")}
CONTROLS = {
    "narcotic": _("麻醉药品"),
    "psych1": _("第一类精神药品"),
    "psych2": _("第二类精神药品"),
    "toxic": _("毒性药品"),
}
PREGNANCY = {"contraindicated": _("禁用"), "avoid": _("避免使用"), "caution": _("慎用")}
GRADES = {
    "refuse": (_("拒绝"), "critical"),
    "ask": (_("询问"), "caution"),
    "tell": (_("提示"), "info"),
}
STATUS_KIND = {Status.COMPILED: "caution", Status.REVIEWED: "info", Status.APPROVED: "done"}


@screen("terms.read")
def medicines(request: HttpRequest) -> HttpResponse:
    """The formulary in force today, whole by pages, or what the search found."""
    return render(request, "terms/medicines.html", _list(request))


@screen("terms.read")
def medicine(request: Any, code: str) -> HttpResponse:
    """One medicine: a fragment in the side panel, or the list with the panel open."""
    card = queries.medicine(code)
    if card is None:
        raise Http404
    context = {**_detail(card), "query": request.GET.get("q", "")}
    if request.htmx:
        return render(request, "terms/_medicine.html", context)
    return render(request, "terms/medicines.html", {**_list(request), **context})


@screen("terms.read")
def rules(request: Any) -> HttpResponse:
    """The rule set in force today, each rule with its source, article and grade; where none is loaded, the way to."""
    may = request.actor_permissions
    context = {
        "provenance": queries.provenance(),
        "may_load": "terms.load" in may,
        "waiting": [each for each in versions.versions() if not each.live and not each.was_live],
        "may_see": "committee.read" in may,
    }
    try:
        held = queries.ruleset(today())
    except knowledge.NoRules:
        return render(request, "terms/rules.html", context)
    rows = [
        {"rule": rule, "grade": GRADES[rule.grade][0], "kind": GRADES[rule.grade][1]}
        for kind in sorted(held.rules)
        for rule in held.of(kind)
    ]
    return render(request, "terms/rules.html", {**context, "ruleset": held, "rows": rows})


@require_POST
@screen("terms.load")
def load(request: Any) -> HttpResponse:
    """Keep the tables that came with this program as a version; the same ones again change nothing."""
    actions.load(request.actor)
    response = HttpResponseRedirect(reverse("terms:rules"))
    response.status_code = 303
    return response


def _list(request: HttpRequest) -> dict[str, Any]:
    text = request.GET.get("q", "")[:80]
    found = queries.find_medicines(text, SHOWN) if text.strip() else queries.medicines()
    page = Paginator(found, SHOWN if text.strip() else PAGE).get_page(request.GET.get("page"))
    return {"query": text, "page": page, "count": len(found), "provenance": queries.provenance()}


def _detail(card: MedicineCard) -> dict[str, Any]:
    return {
        "medicine": card,
        "route": _route(card.route),
        "tier": TIERS.get(card.tier, ""),
        "control": CONTROLS.get(card.control, ""),
        "pregnancy": PREGNANCY.get(card.pregnancy, ""),
        "status": Status(card.status).label,
        "status_kind": STATUS_KIND[Status(card.status)],
        "contraindications": _contraindications(card),
    }


def _route(code: str) -> str:
    known = queries.route(code) if queries.provenance().loaded else None
    return spoken(known.name, known.name_en) if known else code


def _contraindications(card: MedicineCard) -> list[Any]:
    try:
        held = queries.ruleset(today())
    except knowledge.NoRules:
        return []
    return [fact for fact in held.contraindications if card.atc and card.atc.startswith(fact.prefixes)]
