"""点评: the commentator's list, and one case on a sheet without names."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from luodi.commentary import actions, queries, tables
from luodi.commentary.forms import CommentForm
from luodi.commentary.refusals import NotFound
from luodi.trust import clock
from luodi.trust.screen import refusals, screen


@screen("commentary.comment")
@require_GET
def mine(request: Any) -> HttpResponse:
    """What is assigned to this person and not judged yet."""
    rows = [(row, tables.kinds()[row.case.sample.kind]) for row in queries.mine(request.actor.staff)]
    return render(request, "commentary/mine.html", {"rows": rows})


@screen("commentary.comment")
@require_http_methods(["GET", "POST"])
def case(request: Any, pk: int) -> HttpResponse:
    """One case; when it is judged the next one opens."""
    open_ = queries.mine(request.actor.staff)
    assignment = next((row for row in open_ if row.pk == pk), None)
    if assignment is None:
        raise NotFound
    request.saw(assignment.case.patient_id)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.comment(request.actor, pk, form.given, form.cleaned_data["text"])
            return HttpResponseRedirect(_next(open_, pk), status=303)
    context = {
        "assignment": assignment,
        "sheet": queries.sheet(assignment.case),
        "kind": tables.kinds()[assignment.case.sample.kind],
        "form": form,
        "groups": groups(form),
        "left": len(open_),
    }
    return render(request, "commentary/case.html", context, status=422 if form.errors else 200)


def _next(open_: list[Any], done: int) -> str:
    """The case after this one in the list, the first one that is left, or the empty list."""
    left = [row.pk for row in open_ if row.pk != done]
    after = [pk for pk in left if pk > done] or left
    return reverse("commentary:case", args=[after[0]]) if after else reverse("commentary:mine")


def groups(form: CommentForm) -> list[tuple[Any, list[tuple[Any, bool]]]]:
    """The codes in force under their kinds, each with whether it is ticked."""
    ticked = set(form.data.getlist("ticked")) if form.is_bound else set()  # type: ignore[attr-defined]
    items = tables.items(clock.today())
    return [
        (tables.verdict_name(kind), [(item, item.code in ticked) for item in items if item.kind == kind])
        for kind in tables.VERDICTS[1:]
    ]
