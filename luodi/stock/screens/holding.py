"""What places hold: values, levels, expiry, months, ward cabinets."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luodi.patients import queries as patients
from luodi.stock import actions as store
from luodi.stock import refusals, taking
from luodi.stock.queries import documents, supply
from luodi.stock.screens import notes, words
from luodi.stock.screens.buying import tabs
from luodi.stock.screens.typed import drug, number, pk_of, rev_of
from luodi.terms import queries as terms
from luodi.trust import ledger, people
from luodi.trust.clock import today
from luodi.trust.screen import refusals as onto
from luodi.trust.screen import screen


@screen("stock.read")
def places(request: Any) -> HttpResponse:
    """Every place with the value of its stock; POST sets the bounds of a medicine there."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with onto(form):
            least, most = (number(request.POST.get(name, "")) or Decimal(0) for name in ("least", "most"))
            medicine = drug(request.POST.get("drug", ""))
            store.set_levels(request.actor, pk_of(request, "unit"), medicine, least, most)
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
    rows = taking.month(unit, month, head)
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
        "over": taking.after(month) <= today(),
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
            (row, documents.cargo(row.pk)) for row in documents.transfers([c.unit for c in mine]) if row.state == "sent"
        ],
        "sources": [card for card in supply.places() if card.ward is None],
        "form": form,
        "typed": request.POST,
        "done": notes.of(request),
    }
    return render(request, "stock/cabinets.html", context, status=422 if form.errors else 200)


def _served(request: Any, by: Any) -> None:
    turn, unit, token = request.POST.get("turn", ""), pk_of(request, "unit"), request.POST.get("idempotency", "")
    if turn == "use":
        patient = patients.by_wristband(request.POST.get("wristband", ""))
        if patient is None:
            raise refusals.BadStock(message=_("没有认出这条腕带。"), next=_("请重新扫描患者的腕带。"))
        qty = number(request.POST.get("qty", "")) or Decimal(0)
        rx = pk_of(request, "prescription") or None
        store.use(by, unit, request.POST.get("medicine", ""), qty, patient, prescription=rx, idempotency=token)
    elif turn == "refill":
        lacks = [(par.medicine, par.lacks) for par in supply.pars(unit) if par.lacks]
        store.refill(by, unit, pk_of(request, "source"), lacks, idempotency=token)
    elif turn == "receive":
        arrived = {int(n[4:]): number(v) or Decimal(0) for n, v in request.POST.items() if re.fullmatch(r"qty-\d+", n)}
        store.receive_refill(
            by, pk_of(request, "transfer"), arrived, rev=rev_of(request), reason=request.POST.get("reason", "")
        )
    else:
        store.unuse(by, pk_of(request, "use"), request.POST.get("reason", ""))
