"""医师答复 and 裁定."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from luodi.commentary import actions, queries, tables
from luodi.commentary.forms import RuleForm, StateForm
from luodi.commentary.judged import FIRST, MARKS, NAMES, SECOND, Judged, Stands
from luodi.commentary.refusals import NotFound
from luodi.commentary.screens.judging import groups
from luodi.trust import clock
from luodi.trust.screen import refusals, screen


def _row(judged: Judged) -> dict[str, Any]:
    stands = judged.stands(clock.now())
    return {
        "case": judged.case, "verdict": tables.verdict_name(judged.verdict), "codes": judged.codes,
        "stands": NAMES[stands], "mark": MARKS.get(stands, ""), "deadline": judged.deadline,
    }  # fmt: skip


@screen("commentary.state")
@require_GET
def about_me(request: Any) -> HttpResponse:
    """Comments on this doctor's prescriptions."""
    return render(request, "commentary/about_me.html", {"rows": [_row(j) for j in queries.told(request.actor.staff)]})


@screen("commentary.state")
@require_http_methods(["GET", "POST"])
def comment(request: Any, pk: int) -> HttpResponse:
    """One comment with the prescription, to be accepted or objected to: `answer` is the button pressed."""
    judged = queries.held(pk)
    if judged.case.prescriber_id != request.actor.staff or judged.stands(clock.now()) not in queries.ABOUT_ME:
        raise NotFound
    request.saw(judged.case.patient_id)
    form = StateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            objects = request.POST.get("answer") == "object"
            actions.state(request.actor, pk, objects=objects, text=form.cleaned_data["text"])
            return HttpResponseRedirect(reverse("commentary:about_me"), status=303)
    context = {
        **_row(judged), **_story(judged), "sheet": queries.sheet(judged.case), "form": form,
        "answerable": judged.stands(clock.now()) is Stands.TOLD,
    }  # fmt: skip
    return render(request, "commentary/comment.html", context, status=422 if form.errors else 200)


@screen("commentary.rule")
@require_GET
def rulings(request: Any) -> HttpResponse:
    """Cases on which commentators differ, or to which a doctor objected."""
    return render(request, "commentary/rulings.html", {"rows": [_row(j) for j in queries.waiting_for_ruling()]})


@screen("commentary.rule")
@require_http_methods(["GET", "POST"])
def ruling(request: Any, pk: int) -> HttpResponse:
    """One case to be ruled: both opinions, the doctor's reason, the final codes."""
    judged = queries.held(pk)
    request.saw(judged.case.patient_id)
    form = RuleForm(request.POST or None, initial={"codes": " ".join(judged.codes)})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            codes = list(dict.fromkeys(item.code for item in form.given))
            actions.rule(request.actor, pk, codes, form.cleaned_data["text"])
            return HttpResponseRedirect(reverse("commentary:rulings"), status=303)
    context = {
        **_row(judged), **_story(judged), "sheet": queries.sheet(judged.case), "form": form, "groups": groups(form),
        "open": judged.stands(clock.now()) in (Stands.SPLIT, Stands.OBJECTED),
    }  # fmt: skip
    return render(request, "commentary/ruling.html", context, status=422 if form.errors else 200)


def _story(judged: Judged) -> dict[str, Any]:
    """What was said of a case, by whom is not said."""
    said = [queries.about(judged, role) for role in (FIRST, SECOND)]
    opinions = [{"said": one, "verdict": tables.verdict_name(one.verdict)} for one in said if one]
    rulings = [
        {"row": row, "verdict": tables.verdict_name(row.verdict), "text": queries.ruling_words(judged, cause)}
        for cause, row in judged.rulings.items()
    ]
    statement = {"row": judged.statement, "text": queries.statement_words(judged)} if judged.statement else None
    return {"opinions": opinions, "rulings": rulings, "statement": statement}
