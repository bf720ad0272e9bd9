"""调拨 and 盘点, and what a place holds: places, near expiry, months."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luodi.patients import queries as patients
from luodi.stock import actions as store
from luodi.stock import papers, refusals
from luodi.stock.queries import supply
from luodi.stock.screens import notes, words
from luodi.stock.screens.buying import tabs
from luodi.terms import queries as terms
from luodi.trust import ledger, people
from luodi.trust.clock import today
from luodi.trust.screen import refusals as onto
from luodi.trust.screen import screen

BLANK = 5  # free rows of a request


def number(text: str) -> Decimal | None:
    """What was typed; None for nothing. Raises BadStock for what is no number."""
    try:
        return Decimal(text.strip()) if text.strip() else None
    except InvalidOperation:
        raise refusals.BadStock(message=_("请填写数字。")) from None


def _rev(request: Any) -> int:
    text = request.POST.get("rev", "")
    if not text.isdigit():
        raise refusals.PaperMoved
    return int(text)


def _pk(request: Any, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() else 0


def drug(text: str) -> str:
    """The code of a medicine by code, or by a name that only one has. Raises BadStock."""
    text = text.strip()
    if terms.medicine(text.upper()):
        return text.upper()
    found = terms.find_medicines(text, 3)
    if len(found) == 1:
        return found[0].code
    names = "、".join(f"{card.code} {card.generic} {card.strength}" for card in found)
    raise refusals.BadStock(message=_("「%(text)s」不能确定是哪一种药品。") % {"text": text[:40]}, next=names)


# ── transfers ──


@screen("stock.read")
@require_GET
def transfers(request: Any) -> HttpResponse:
    """What comes to and leaves from the places that the person keeps."""
    mine = papers.places_of(request.actor)
    rows = [(row, *words.state(row.state), row.unit in mine) for row in supply.transfers(mine)]
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
                _pk(request, "source"),
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
        "source": _pk(request, "source"),
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
    found = supply.transfers(mine, open_only=False, pk=pk)
    every = found or (
        supply.transfers([card.unit for card in supply.places()], open_only=False, pk=pk)
        if "stock.approve" in request.actor_permissions
        else []
    )
    if not every:
        raise refusals.NotFound
    card, may = every[0], "stock.transfer" in request.actor_permissions
    context = {
        "transfer": card,
        "state": words.state(card.state),
        "wanted": supply.wanted(pk),
        "cargo": supply.cargo(pk),
        "turns": [(turn, words.STATES.get(turn.state, turn.state)) for turn in supply.turns("transfer", pk)],
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
    by, rev = request.actor, _rev(request)
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


# ── stocktakes ──


@screen("stock.read")
def stocktakes(request: Any) -> HttpResponse:
    """Stocktakes of what the person keeps, or of every place for an approver; POST begins one."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            pk = store.open_stocktake(request.actor, request.POST.get("shelf", ""))
            return notes.go("moved", "stock:stocktake", pk)
    rows = [(row, *words.state(row.state)) for row in supply.stocktakes(_seen(request))]
    context = {"rows": rows, "form": form, "done": notes.of(request)}
    status = 422 if form.errors else 200
    return render(request, "stock/stocktakes.html", context | tabs("stock:stocktakes"), status=status)


def _seen(request: Any) -> list[int]:
    every = "stock.approve" in request.actor_permissions
    return [card.unit for card in supply.places()] if every else papers.places_of(request.actor)


@screen("stock.read")
def stocktake(request: Any, pk: int) -> HttpResponse:
    """The blind sheet while it is counted, the differences with their value once it is put before an approver."""
    found = supply.stocktakes(_seen(request), pk)
    if not found:
        raise refusals.NotFound
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            _counted(request, pk)
            return notes.go("moved", "stock:stocktake", pk)
    card, sheets = supply.stocktakes(_seen(request), pk)[0], supply.sheets(pk)  # some rows may be saved
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
        "turns": [(told, words.STATES.get(told.state, told.state)) for told in supply.turns("stocktake", pk)],
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
            store.tally(by, int(sheet), counted, seen=_pk(request, f"s-{sheet}"))
    if turn == "submit":
        store.submit_stocktake(by, pk, rev=_rev(request))
    elif turn == "approve":
        store.approve_stocktake(by, pk, rev=_rev(request))
    elif turn == "cancel":
        store.cancel_stocktake(by, pk, request.POST.get("reason", ""), rev=_rev(request))


# ── places, expiry, months ──


@screen("stock.read")
def places(request: Any) -> HttpResponse:
    """Every place with the value of its stock; POST sets the bounds of a medicine there."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            least, most = (number(request.POST.get(name, "")) or Decimal(0) for name in ("least", "most"))
            medicine = drug(request.POST.get("drug", ""))
            store.set_levels(request.actor, _pk(request, "unit"), medicine, least, most)
            return notes.go("levels", "stock:places")
    cards = supply.places()
    context = {
        "rows": [(card, words.KINDS[card.kind]) for card in cards],
        "total": sum((card.value for card in cards), Decimal(0)),
        "form": form,
        "typed": request.POST,
        "done": notes.of(request),
    }
    return render(request, "stock/places.html", context | tabs("stock:places"), status=422 if form.errors else 200)


SPANS = {"90": 90, "180": 180}


@screen("stock.read")
@require_GET
def expiry(request: Any) -> HttpResponse:
    """What expires within 3 or 6 months, what is out of stock, what lies unused."""
    show, unit = request.GET.get("show", "90"), request.actor.unit
    rows = supply.slow(unit) if show == "slow" else supply.near_expiry(unit, SPANS.get(show, 90))
    context = {
        "rows": [] if show == "out" else rows,
        "out": supply.out_of_stock(unit) if show == "out" else [],
        "show": show,
        "shown": [
            ("90", _("3 个月内到期")),
            ("180", _("6 个月内到期")),
            ("slow", _("90 天无消耗")),
            ("out", _("缺货")),
        ],
        "value": sum((row.value for row in rows), Decimal(0)),
    }
    return render(request, "stock/expiry.html", context | tabs("stock:expiry"))


def _month(text: str) -> date:
    """The month that was asked for as 2026-11; the last one that is over otherwise."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return (today().replace(day=1) - timedelta(days=1)).replace(day=1)


@screen("stock.read")
def months(request: Any) -> HttpResponse:
    """期初 + 入 − 出 ± 调整 = 期末 of a month, in quantity and value; `csv` gives it as a table; POST closes it."""
    month = _month(request.POST.get("month", "") or request.GET.get("month", ""))
    unit = request.actor.unit
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            store.close_month(request.actor, unit, month)
            return notes.go("closed", "stock:months")
    head = ledger.head()
    rows = supply.month(unit, month, head)
    if request.GET.get("csv"):
        return _table(rows, month)
    context = {
        "rows": [(row, terms.medicine(row.medicine)) for row in rows],
        "month": f"{month:%Y-%m}",
        "unit": people.unit_name(unit),
        "head": head,
        "sums": [
            sum((getattr(row, name) for row in rows), Decimal(0))
            for name in ("opening_value", "came_value", "went_value", "adjusted_value", "closing_value")
        ],
        "balances": all(row.balances for row in rows),
        "form": form,
        "done": notes.of(request),
    }
    status = 422 if form.errors else 200
    return render(request, "stock/months.html", context | tabs("stock:months"), status=status)


def _table(rows: list[Any], month: date) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="stock-{month:%Y-%m}.csv"'
    answer.write("\ufeff")
    table = csv.writer(answer)
    if rows:
        table.writerow(rows[0]._fields)
    table.writerows(rows)
    return answer


# ── ward cabinets ──


@screen("cabinet.use")
def cabinets(request: Any) -> HttpResponse:
    """The cabinets of the ward against their par; POST takes a dose, asks for a refill, receives it, or takes back."""
    form, by = forms.Form(request.POST if request.method == "POST" else None), request.actor
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            _served(request, by)
            return notes.go("moved", "stock:cabinets")
    mine = supply.cabinets(by.unit)
    context = {
        "cabinets": [(card, words.KINDS[card.kind], supply.pars(card.unit), supply.uses(card.unit)) for card in mine],
        "coming": [
            (row, supply.cargo(row.pk)) for row in supply.transfers([c.unit for c in mine]) if row.state == "sent"
        ],
        "sources": [card for card in supply.places() if card.ward is None],
        "form": form,
        "typed": request.POST,
        "done": notes.of(request),
    }
    return render(request, "stock/cabinets.html", context, status=422 if form.errors else 200)


def _served(request: Any, by: Any) -> None:
    turn, unit, token = request.POST.get("turn", ""), _pk(request, "unit"), request.POST.get("idempotency", "")
    if turn == "use":
        patient = patients.by_wristband(request.POST.get("wristband", ""))
        if patient is None:
            raise refusals.BadStock(message=_("没有认出这条腕带。"), next=_("请重新扫描患者的腕带。"))
        qty = number(request.POST.get("qty", "")) or Decimal(0)
        rx = _pk(request, "prescription") or None
        store.use(by, unit, request.POST.get("medicine", ""), qty, patient, prescription=rx, idempotency=token)
    elif turn == "refill":
        lacks = [(par.medicine, par.lacks) for par in supply.pars(unit) if par.lacks]
        store.refill(by, unit, _pk(request, "source"), lacks, idempotency=token)
    elif turn == "receive":
        arrived = {int(n[4:]): number(v) or Decimal(0) for n, v in request.POST.items() if re.fullmatch(r"qty-\d+", n)}
        store.receive_refill(
            by, _pk(request, "transfer"), arrived, rev=_rev(request), reason=request.POST.get("reason", "")
        )
    else:
        store.unuse(by, _pk(request, "use"), request.POST.get("reason", ""))
