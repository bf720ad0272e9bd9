"""不良反应: the worklist, a report being written, one report with what may be done next, its paper and its export."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luodi.chart import queries as charts
from luodi.patients import queries as patients
from luodi.trust import access, people
from luodi.trust.screen import refusals, screen
from luodi.vigilance import actions, exporting, queries
from luodi.vigilance import refusals as no
from luodi.vigilance.forms import (
    AllergyForm,
    AssessForm,
    FindForm,
    FollowForm,
    ReactionForm,
    ReasonForm,
    SubmitForm,
    exposed,
)
from luodi.vigilance.screens import notes
from luodi.vigilance.shown import Shown, shown


@screen("adr.report")
def worklist(request: Any) -> HttpResponse:
    """Reports that are not ended, what is due first; a search (POST) begins a new one."""
    form = FindForm(request.POST if request.method == "POST" else None)
    hits: list[Any] | None = None
    if request.method == "POST" and form.is_valid():
        hits = patients.search(form.cleaned_data["text"])
    officer = "adr.assess" in request.actor_permissions
    ended = request.GET.get("show") == "ended"
    cards = queries.reactions(request.actor, officer=officer, ended=ended)
    named = patients.cards({card.patient for card in cards})
    request.saw(*named, *(hit.patient for hit in hits or ()), care=False)
    context = {
        "rows": [(card, named[card.patient], shown(card)) for card in cards],
        "form": form, "hits": hits, "officer": officer, "ended": ended, "done": notes.of(request),
        "candidates": len(queries.candidates()) if officer else 0,
    }  # fmt: skip
    return render(request, "vigilance/reactions.html", context, status=422 if form.errors else 200)


def _written(request: Any, patient: int, card: Any = None) -> ReactionForm:
    """The form with the person's exposures; those that the report names already stay, however old they are."""
    offered = {each.package: exposed(each) for each in queries.exposures(patient)}
    for drug in card.drugs if card else ():
        offered.setdefault(drug.pack.pk, f"{drug.pack.drug.generic} {drug.pack.drug.strength} · {drug.pack.lot_no}")
    data = request.POST if request.method == "POST" else None
    return ReactionForm(
        data, exposures=list(offered.items()), groups=queries.groups(), form=card.form if card else None
    )


@screen("adr.report")
def new(request: Any, patient: int) -> HttpResponse:
    """A report for this person, saved as a draft or reported at once."""
    access.require_care(request.actor, patient)
    request.saw(patient)
    form = _written(request, patient)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            pk = actions.draft(request.actor, patient, form.form(), idempotency=request.POST.get("idempotency", ""))
            return _on(request, pk)
    return _form_page(request, patient, form)


def _on(request: Any, pk: int) -> HttpResponse:
    if "report" in request.POST:
        actions.report(request.actor, pk)
        return notes.go("reported", "vigilance:reaction", pk)
    return notes.go("saved", "vigilance:reaction", pk)


def _form_page(request: Any, patient: int, form: ReactionForm, card: Any = None) -> HttpResponse:
    before = [one for one in queries.reactions_of(patient) if card is None or one.pk != card.pk]
    context = {
        "form": form, "banner": charts.banner(patient), "patient": patient, "card": card,
        "before": [(one, shown(one)) for one in before],
    }  # fmt: skip
    return render(request, "vigilance/form.html", context, status=422 if form.errors else 200)


@screen("adr.report")
def amending(request: Any, pk: int) -> HttpResponse:
    """The form anew."""
    card = _opened(request, pk)
    form = _written(request, card.patient, card)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("version", "")
        with refusals(form):
            actions.amend(request.actor, pk, form.form(), version=int(seen) if seen.isdecimal() else 0)
            return _on(request, pk)
    return _form_page(request, card.patient, form, card)


def _opened(request: Any, pk: int) -> Any:
    """A report, for its reporter and the officer who care for the person. Raises NotFound, NoCare."""
    card = queries.reaction(pk)
    if card.reporter != request.actor.staff and "adr.assess" not in request.actor_permissions:
        raise no.NotFound
    access.require_care(request.actor, card.patient)
    request.saw(card.patient)
    return card


@screen("adr.report")
@require_GET
def reaction(request: Any, pk: int) -> HttpResponse:
    """One report."""
    return page(request, pk)


def page(request: Any, pk: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    """One report with the forms of what may be done next; `forms` replaces those that came back wrong."""
    card = _opened(request, pk)
    view = shown(card)
    officer = "adr.assess" in request.actor_permissions
    stated = charts.allergies(card.patient)
    context = {
        "card": card, "view": view, "banner": charts.banner(card.patient), "can": _can(card, officer, view),
        "stated": stated, "reporter": people.name(card.reporter), "unit": people.unit_name(card.unit),
        "assess": AssessForm(initial={"version": card.version}),
        "allergy": AllergyForm(drugs=view.suspects, initial={"rev": stated.rev}),
        "submit": SubmitForm(), "follow": FollowForm(initial={"outcome": card.form.outcome}), "why": ReasonForm(),
        "done": notes.of(request), **forms,
    }  # fmt: skip
    return render(request, "vigilance/reaction.html", context, status=status)


def _can(card: Any, officer: bool, view: Shown) -> dict[str, bool]:
    reported = card.stage not in ("drafted", "withdrawn", "closed")
    return {
        "amend": not card.ended,
        "report": card.stage == "drafted",
        "assess": officer and card.stage == "reported",
        "chart": officer and reported and view.related,
        "submit": officer and card.stage == "assessed",
        "follow": officer and reported,
        "close": officer and card.stage == "submitted",
        "withdraw": card.stage == "drafted" or (officer and card.stage in ("reported", "assessed")),
    }


@screen("adr.report")
@require_POST
def reporting(request: Any, pk: int) -> HttpResponse:
    """上报."""
    actions.report(request.actor, pk)
    return notes.go("reported", "vigilance:reaction", pk)


@screen("adr.report")
@require_POST
def withdrawing(request: Any, pk: int) -> HttpResponse:
    """撤回 with a reason."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.withdraw(request.actor, pk, form.cleaned_data["reason"])
            return notes.go("withdrawn", "vigilance:reactions")
    return page(request, pk, why=form, status=422)


@screen("adr.report")
@require_GET
def paper(request: Any, pk: int) -> HttpResponse:
    """药品不良反应/事件报告表 on paper."""
    card = _opened(request, pk)
    context = {"rows": exporting.fields(card), "drugs": exporting.drugs(card), "patient": patients.card(card.patient),
               "card": card}  # fmt: skip
    return render(request, "vigilance/paper.html", context)


@screen("adr.assess")
@require_GET
def export(request: Any, pk: int) -> HttpResponse:
    """The fields of the official form as JSON, to be typed or loaded into the national system."""
    card = _opened(request, pk)
    text = json.dumps(exporting.whole(card), ensure_ascii=False, indent=1)
    name = _("不良反应报告") + f"-{pk}.json"
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename=adr-{pk}.json; filename*=UTF-8''{_quoted(name)}"
    return answer


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name)
