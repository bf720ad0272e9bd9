"""调拨: asked for, sent, received, settled."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from luodi.stock import actions as store
from luodi.stock import papers, refusals
from luodi.stock.queries import documents, supply
from luodi.stock.screens import notes, words
from luodi.stock.screens.buying import tabs
from luodi.stock.screens.typed import drug, number, pk_of, rev_of
from luodi.terms import queries as terms
from luodi.trust.screen import refusals as onto
from luodi.trust.screen import screen

BLANK = 5  # free rows of a request


@screen("stock.read")
@require_GET
def transfers(request: Any) -> HttpResponse:
    """What comes to and leaves from the places that the person keeps."""
    mine = papers.places_of(request.actor)
    rows = [(row, *words.state(row.state), row.unit in mine) for row in documents.transfers(mine)]
    return render(request, "stock/transfers.html", {"rows": rows, "done": notes.of(request)} | tabs("stock:transfers"))


@screen("stock.transfer")
def asking(request: Any) -> HttpResponse:
    """请领: what the own unit lacks is filled in; more rows are free."""
    unit, form = request.actor.unit, forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            wants: dict[str, Decimal] = {}
            for name, text in request.POST.items():
                qty = number(text) if name.startswith("qty-") else None
                if qty:
                    row = name.removeprefix("qty-")
                    wants[drug(request.POST.get(f"drug-{row}", ""))] = qty
            pk = store.ask(
                request.actor,
                pk_of(request, "source"),
                list(wants.items()),
                idempotency=request.POST.get("idempotency", ""),
            )
            return notes.go("asked", "stock:transfer", pk)
    typed = [(request.POST.get(f"drug-{n}", ""), request.POST.get(f"qty-{n}", "")) for n in range(500)]
    rows = [(code, qty) for code, qty in typed if code or qty] if request.method == "POST" else []
    if not rows:
        rows = [(row.medicine, f"{row.qty.normalize():f}") for row in supply.suggestions(unit)]
    rows += [("", "")] * BLANK
    context = {
        "form": form,
        "rows": [(n, code, qty, terms.medicine(code)) for n, (code, qty) in enumerate(rows)],
        "sources": [card for card in supply.places() if card.unit != unit and card.ward is None],
        "source": pk_of(request, "source"),
    }
    status = 422 if form.errors else 200
    return render(request, "stock/asking.html", context | tabs("stock:transfers"), status=status)


@screen("stock.read")
@require_GET
def transfer(request: Any, pk: int) -> HttpResponse:
    """One transfer, with what the person may do now."""
    return _transfer(request, pk)


def _transfer(request: Any, pk: int, form: Any = None, status: int = 200) -> HttpResponse:
    mine = papers.places_of(request.actor)
    found = documents.transfers(mine, open_only=False, pk=pk)
    every = found or (
        documents.transfers([card.unit for card in supply.places()], open_only=False, pk=pk)
        if "stock.approve" in request.actor_permissions
        else []
    )
    if not every:
        raise refusals.NotFound
    card, may = every[0], "stock.transfer" in request.actor_permissions
    context = {
        "transfer": card,
        "state": words.state(card.state),
        "wanted": documents.wanted(pk),
        "cargo": documents.cargo(pk),
        "turns": [(turn, words.STATES.get(turn.state, turn.state)) for turn in documents.turns("transfer", pk)],
        "sends": may and card.state == "asked" and card.other_pk in mine,
        "receives": may and card.state == "sent" and card.unit in mine,
        "cancels": may and (card.state == "asked" or (card.state == "sent" and card.other_pk in mine)),
        "settles": card.state == "differs" and "stock.approve" in request.actor_permissions,
        "form": form or forms.Form(),
        "done": notes.of(request),
    }
    return render(request, "stock/transfer.html", context | tabs("stock:transfers"), status=status)


@screen("stock.read")
@require_POST
def transfer_turn(request: Any, pk: int) -> HttpResponse:
    """`turn`: send, receive, cancel, or settle with the outcome as `turn`."""
    form = forms.Form(request.POST)
    if form.is_valid():
        with onto(form):
            _moved(request, pk, request.POST.get("turn", ""), request.POST.get("reason", ""))
            return notes.go("moved", "stock:transfer", pk)
    return _transfer(request, pk, form, 422)


def _moved(request: Any, pk: int, turn: str, reason: str) -> None:
    by, rev = request.actor, rev_of(request)
    typed = {name[4:]: number(text) or Decimal(0) for name, text in request.POST.items() if name.startswith("qty-")}
    if turn == "send":
        store.send(by, pk, typed, rev=rev)
    elif turn == "receive":
        arrived = {int(cargo): qty for cargo, qty in typed.items() if cargo.isdigit()}
        store.receive_transfer(by, pk, arrived, rev=rev, reason=reason)
    elif turn == "cancel":
        store.cancel_transfer(by, pk, reason, rev=rev)
    else:
        store.settle(by, pk, turn, reason, rev=rev)
