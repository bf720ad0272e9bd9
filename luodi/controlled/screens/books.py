"""麻精药品: balances at a glance, goods in, the blind count, one account with its month, and what ends a mismatch."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from luodi.controlled import actions, book, duties, queries, refusals
from luodi.controlled.actions.reckoning import REASONS, Correction, Tally
from luodi.controlled.forms import DestroyForm, ReceiveForm, ReconcileForm, ResolveForm
from luodi.controlled.screens import notes
from luodi.controlled.two import countersigned
from luodi.stock import actions as stock
from luodi.stock import queries as store
from luodi.terms import queries as terms
from luodi.trust.clock import today
from luodi.trust.screen import refusals as kept
from luodi.trust.screen import screen

KINDS = {
    "carried": _("承前结存"),
    "opening": _("期初"),
    "receipt": _("入库"),
    "dispense": _("发出"),
    "return": _("退回"),
    "adjust": _("更正"),
    "waste": _("报损"),
    "split": _("拆零"),
}


@screen("controlled.read")
@require_GET
def overview(request: Any) -> HttpResponse:
    """Every account of the unit: balance, empties, what is stopped."""
    cards = queries.accounts(request.actor.unit)
    return render(request, "controlled/books.html", {"accounts": cards, "done": notes.of(request)})


@screen("controlled.keep")
def receiving(request: Any) -> HttpResponse:
    """Goods in, by two."""
    form = ReceiveForm(request.POST if request.method == "POST" else None)
    form.fields["medicine"].choices = [("", "—"), *_choices()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        papers = {"document": given["document"], "other": given["supplier"]}
        with kept(form), countersigned(request.actor, *form.second(), **papers):
            stock.receive(
                request.actor, given["medicine"], given["lot_no"], given["expiry"], given["qty"],
                place=given["place"], idempotency=request.POST.get("idempotency", ""),
            )  # fmt: skip
            return notes.go("received", "controlled:books")
    return render(request, "controlled/receive.html", {"form": form}, status=422 if form.errors else 200)


def _choices() -> list[tuple[str, str]]:
    cards = [card for card in terms.medicines() if card.control and duties.kept(card.code)]
    return [(card.code, f"{card.generic} {card.strength} {card.form}") for card in cards]


@screen("controlled.keep")
def reconciling(request: Any) -> HttpResponse:
    """日清日结, 交接班: the page shows no balance."""
    cards = queries.accounts(request.actor.unit)
    form = ReconcileForm.asking(request.POST if request.method == "POST" else None, cards, initial={"kind": "daily"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        tallies = [
            Tally(card.pk, *(given[f"{name}-{card.pk}"] for name in ("counted", "empties", "seen"))) for card in cards
        ]
        with kept(form), countersigned(request.actor, *form.second()):
            token = request.POST.get("idempotency", "")
            wrong = actions.reconcile(request.actor, given["kind"], tallies, idempotency=token)
            return notes.go("mismatch" if wrong else "matched", "controlled:books")
    return render(request, "controlled/reconcile.html", {"form": form}, status=422 if form.errors else 200)


@screen("controlled.read")
@require_GET
def account(request: Any, pk: int) -> HttpResponse:
    """One account: a month of its lines, the open mismatch, the empties."""
    return show(request, pk)


def show(request: Any, pk: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of an account, with forms that could not be kept."""
    card = require(request, pk)
    month = month_of(request)
    context = {
        "account": card,
        "page": queries.page(pk, month),
        "kinds": KINDS,
        "month": month,
        "months": queries.months(today()),
        "intact": book.intact(pk),
        "resolve": _resolve_form(card, None),
        "destroy": DestroyForm(),
        "resolved": [(row, REASONS.get(row.reason, row.reason)) for row in queries.resolved(pk)],
        "done": notes.of(request),
        **forms,
    }
    return render(request, "controlled/account.html", context, status=status)


def require(request: Any, pk: int) -> queries.AccountCard:
    """The account of the unit worked in. Raises NotFound."""
    card = queries.account(request.actor.unit, pk)
    if card is None:
        raise refusals.NotFound()
    return card


def month_of(request: Any) -> date:
    """The month asked for as ?month=2026-11, this one by default."""
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today().replace(day=1)


def _resolve_form(card: queries.AccountCard, data: Any) -> ResolveForm:
    form = ResolveForm(data, initial={"counted": card.mismatch.pk if card.mismatch else 0})
    lots = store.lots(card.mismatch.account.unit_id, card.medicine) if card.mismatch else []
    form.fields["lot"].choices = [("", "—"), *((lot.pk, lot.lot_no) for lot in lots)]  # type: ignore[attr-defined]
    return form


@screen("controlled.resolve")
@require_POST
def resolving(request: Any, pk: int) -> HttpResponse:
    """The head's word."""
    form = _resolve_form(require(request, pk), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if bool(given["lot"]) != (given["corrected"] is not None):
            form.add_error("corrected", _("更正时须同时选择批号并填写数量"))
            return show(request, pk, resolve=form, status=422)
        correct = Correction(int(given["lot"]), given["corrected"]) if given["lot"] else None
        with kept(form), countersigned(request.actor, *form.second()):
            actions.resolve(
                request.actor, pk, given["reason"], given["text"], given["reported_to"], given["reported_at"],
                counted=given["counted"], correct=correct, empties=given["empties"],
            )  # fmt: skip
            return notes.go("resolved", "controlled:account", pk)
    return show(request, pk, resolve=form, status=422)
