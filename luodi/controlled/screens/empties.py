"""空安瓿、废贴、残余液: what is out, what came back, what was destroyed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from luodi.controlled import actions, queries, refusals
from luodi.controlled.forms import DestroyForm, EmptyForm, ResidueForm
from luodi.controlled.screens import books, notes
from luodi.controlled.two import countersigned
from luodi.trust.screen import refusals as kept
from luodi.trust.screen import screen


@screen("controlled.keep")
@require_GET
def owed(request: Any) -> HttpResponse:
    """All that is out, the longest due first."""
    rows = queries.owed(request.actor.unit)
    request.saw(*(row.patient.id for row in rows if row.patient), care=False)
    return render(request, "controlled/owed.html", {"rows": rows, "done": notes.of(request)})


@screen("controlled.keep")
def returning(request: Any, pk: int) -> HttpResponse:
    """Take empties of one issue back."""
    row = next((row for row in queries.owed(request.actor.unit) if row.pk == pk), None)
    if row is None:
        raise refusals.NotFound()
    request.saw(row.patient.id, care=False)
    form = EmptyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with kept(form), countersigned(request.actor, *form.second()):
            token = request.POST.get("idempotency", "")
            actions.take_back(request.actor, pk, given["qty"], given["lot_no"], idempotency=token)
            return notes.go("returned", "controlled:owed")
    status = 422 if form.errors else 200
    return render(request, "controlled/returning.html", {"row": row, "form": form}, status=status)


@screen("controlled.keep")
@require_POST
def destroying(request: Any, pk: int) -> HttpResponse:
    """Destroy empties."""
    books.require(request, pk)
    form = DestroyForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with kept(form), countersigned(request.actor, *form.second()):
            token = request.POST.get("idempotency", "")
            actions.destroy(request.actor, pk, given["qty"], given["how"], idempotency=token)
            return notes.go("destroyed", "controlled:account", pk)
    return books.show(request, pk, destroy=form, status=422)


@screen("controlled.waste")
@require_GET
def residues(request: Any) -> HttpResponse:
    """Doses given here that left a rest."""
    rows = queries.residues(request.actor.unit)
    request.saw(*(row.patient.id for row in rows), care=False)
    return render(request, "controlled/residues.html", {"rows": rows, "done": notes.of(request)})


@screen("controlled.waste")
def residue(request: Any, issue: int, task: int | None = None) -> HttpResponse:
    """Destroy the rest of one dose before a witness."""
    rows = queries.residues(request.actor.unit)
    row = next((row for row in rows if (row.issue, row.task) == (issue, task)), None)
    if row is None:
        raise refusals.NotFound()
    request.saw(row.patient.id)
    form = ResidueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with kept(form), countersigned(request.actor, *form.second()):
            actions.waste_residue(request.actor, issue, form.cleaned_data["how"], task=task)
            return notes.go("wasted", "controlled:residues")
    return render(request, "controlled/residue.html", {"row": row, "form": form}, status=422 if form.errors else 200)
