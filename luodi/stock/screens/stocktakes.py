"""盘点: the blind sheet, the differences, the approval."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from luodi.stock import actions as store
from luodi.stock import papers, refusals, taking
from luodi.stock.queries import documents, supply
from luodi.stock.screens import notes, words
from luodi.stock.screens.buying import tabs
from luodi.stock.screens.typed import number, pk_of, rev_of
from luodi.trust.screen import refusals as onto
from luodi.trust.screen import screen


@screen("stock.read")
def stocktakes(request: Any) -> HttpResponse:
    """Stocktakes of what the person keeps, or of every place for an approver; POST begins one."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            pk = store.open_stocktake(request.actor, request.POST.get("shelf", ""))
            return notes.go("moved", "stock:stocktake", pk)
    rows = [(row, *words.state(row.state)) for row in documents.stocktakes(_seen(request))]
    context = {"rows": rows, "form": form, "done": notes.of(request)}
    status = 422 if form.errors else 200
    return render(request, "stock/stocktakes.html", context | tabs("stock:stocktakes"), status=status)


def _seen(request: Any) -> list[int]:
    every = "stock.approve" in request.actor_permissions
    return [card.unit for card in supply.places()] if every else papers.places_of(request.actor)


@screen("stock.read")
def stocktake(request: Any, pk: int) -> HttpResponse:
    """The blind sheet while it is counted, the differences with their value once it is put before an approver."""
    found = documents.stocktakes(_seen(request), pk)
    if not found:
        raise refusals.NotFound
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            _counted(request, pk)
            return notes.go("moved", "stock:stocktake", pk)
    card, sheets = documents.stocktakes(_seen(request), pk)[0], taking.sheets(pk)  # some rows may be saved
    turn = 2 if card.state == "recounting" else 1
    counting = card.state in ("counting", "recounting")
    typed = {name: value for name, value in request.POST.items() if name.startswith("c-")}
    context = {
        "stocktake": card,
        "state": words.state(card.state),
        "counting": counting and "stock.count" in request.actor_permissions and papers.keeps(request.actor, card.unit),
        "sheets": [(each, typed.get(f"c-{each.pk}", "")) for each in sheets if each.waits(turn)] if counting else [],
        "open": sum(each.waits(turn) for each in sheets),
        "differ": [] if counting else [each for each in sheets if each.difference],
        "agree": sum(each.difference == 0 for each in sheets),
        "total": len(sheets),
        "worth": sum((each.worth for each in sheets), Decimal(0)),
        "turns": [(told, words.STATES.get(told.state, told.state)) for told in documents.turns("stocktake", pk)],
        "approves": card.state == "submitted" and "stock.approve" in request.actor_permissions,
        "form": form,
        "done": notes.of(request),
    }
    status = 422 if form.errors else 200
    return render(request, "stock/stocktake.html", context | tabs("stock:stocktakes"), status=status)


def _counted(request: Any, pk: int) -> None:
    """Save what was typed, row by row; then the round ends, or is approved or cancelled, as the button says."""
    by, turn = request.actor, request.POST.get("turn", "")
    for name, text in request.POST.items():
        counted = number(text) if re.fullmatch(r"c-\d+", name) else None
        if counted is not None:
            sheet = name.removeprefix("c-")
            store.tally(by, int(sheet), counted, seen=pk_of(request, f"s-{sheet}"))
    if turn == "submit":
        store.submit_stocktake(by, pk, rev=rev_of(request))
    elif turn == "approve":
        store.approve_stocktake(by, pk, rev=rev_of(request))
    elif turn == "cancel":
        store.cancel_stocktake(by, pk, request.POST.get("reason", ""), rev=rev_of(request))
