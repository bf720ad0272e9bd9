"""药品召回: the cases, opening one, one case with its quantities and its list of patients, its closing report."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from luodi.paper.answer import csv_answer, pdf_answer
from luodi.stock import queries as store
from luodi.stock import recalled
from luodi.terms import queries as terms
from luodi.trust import people
from luodi.trust.screen import refusals, screen
from luodi.vigilance import actions, codes, letter, queries
from luodi.vigilance import refusals as no
from luodi.vigilance.recall_forms import LEVELS, CloseForm, DrugForm, RecallForm
from luodi.vigilance.screens import notes


@screen("recall.manage")
@require_GET
def worklist(request: Any) -> HttpResponse:
    """Running recalls, and those that were closed."""
    context = {"running": queries.recalls(), "ended": queries.recalls(ended=True), "done": notes.of(request)}
    return render(request, "vigilance/recalls.html", context)


@screen("recall.manage")
def new(request: Any) -> HttpResponse:
    """Find the medicine, then write the notice: with `lot_nos` posted the recall begins."""
    context: dict[str, Any] = {"find": DrugForm()}
    status = 200
    if request.method == "POST" and "lot_nos" in request.POST:
        form = RecallForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            with refusals(form):
                pk = actions.open_recall(request.actor, **given, idempotency=request.POST.get("idempotency", ""))
                return notes.go("opened", "vigilance:recall", pk)
        drug = terms.medicine(request.POST.get("medicine", ""))
        context |= {"form": form, "drug": drug, "known": recalled.numbers(drug.code) if drug else []}
        status = 422
    elif request.method == "POST" and "medicine" in request.POST:
        drug = terms.medicine(request.POST["medicine"][:16])
        if drug is not None:
            context |= {
                "drug": drug, "form": RecallForm(medicine=drug.code), "known": recalled.numbers(drug.code),
            }  # fmt: skip
    elif request.method == "POST":
        find = DrugForm(request.POST)
        context["find"] = find
        if find.is_valid():
            context["found"] = terms.find_medicines(find.cleaned_data["text"])
        status = 422 if find.errors else 200
    return render(request, "vigilance/recalling.html", context, status=status)


@screen("recall.manage")
@require_GET
def recall(request: Any, pk: int) -> HttpResponse:
    """One case: reading its list is a reading of everybody on it."""
    return page(request, pk)


def page(request: Any, pk: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The case; `forms` replaces those that came back wrong."""
    context = whole(request, pk) | {"close": CloseForm(), "done": notes.of(request)} | forms
    return render(request, "vigilance/recall.html", context, status=status)


def whole(request: Any, pk: int) -> dict[str, Any]:
    """A case as screens and paper show it."""
    card = queries.recall(pk)
    assert card.trace is not None
    request.saw(*(one.patient for one in card.people), care=False)
    units = people.unit_names({lot.unit for lot in card.trace.lots})
    sources = store.sources(card.medicine, card.lot_nos)
    return {
        "card": card,
        "sums": card.trace.sums,
        "lots": [(lot, units.get(lot.unit, "")) for lot in card.trace.lots],
        "people": [(one, codes.name("contact", one.state), _how(one)) for one in card.people],
        "prepared": sum(piece.where == "prepared" for piece in card.trace.pieces),
        "level": dict(LEVELS)[card.level],
        "source": codes.name("source", card.source),
        "sources": [{"source": one, "came": [(each, letter.paper(each)) for each in one.came]} for one in sources],
        "unsourced": card.trace.sums.came_in - sum(one.accepted for one in sources),
        "states": [(codes.name("contact", state), count) for state, count in card.figures.get("states", {}).items()],
    }


def _how(one: Any) -> str:
    return codes.name("how", one.tries[-1].how) if one.tries else ""


@screen("recall.manage")
@require_POST
def closing(request: Any, pk: int) -> HttpResponse:
    """结案."""
    form = CloseForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.close_recall(request.actor, pk, form.cleaned_data["words"])
            return notes.go("closed", "vigilance:recall", pk)
    return page(request, pk, close=form, status=422)


@screen("recall.manage")
@require_GET
def paper(request: Any, pk: int) -> HttpResponse:
    """The report of the recall on paper."""
    return render(request, "vigilance/recall_paper.html", whole(request, pk))


@screen("recall.manage")
@require_GET
def supplier_letter(request: Any, pk: int, supplier: int, form: str) -> HttpResponse:
    """What a supplier delivered of the recalled numbers, as letter or table. It names no patient."""
    card = queries.recall(pk)
    source = next((one for one in store.sources(card.medicine, card.lot_nos) if one.supplier == supplier), None)
    if source is None or form not in ("pdf", "csv"):
        raise no.NotFound
    name = f"recall-{pk}-supplier-{supplier}"
    if form == "csv":
        return csv_answer(*letter.grid(source), name)
    return pdf_answer(letter.pdf(card, source, settings.LUODI.hospital), name)
