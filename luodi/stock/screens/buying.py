"""采购: what should be bought and why, orders with their states, goods inspected on arrival."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luodi.stock import actions as store
from luodi.stock import figures, refusals
from luodi.stock.forms import ArrivedForm, InspectionForm
from luodi.stock.queries import documents, supply
from luodi.stock.screens import notes, words
from luodi.trust.screen import refusals as onto
from luodi.trust.screen import screen

TURNS: dict[str, tuple[Any, str, bool]] = {
    "submit": (store.submit_order, "stock.order", False),
    "approve": (store.approve_order, "stock.approve", False),
    "decline": (store.decline_order, "stock.approve", True),
    "send": (store.send_order, "stock.order", False),
    "end": (store.end_order, "stock.order", True),
}
OFFERED = {
    "draft": ("submit", "end"),
    "submitted": ("approve", "decline", "end"),
    "approved": ("send", "end"),
    "sent": ("end",),
    "partial": ("end",),
}


class LinesForm(forms.Form):
    """Quantities and prices beside medicines: `qty-CODE`, `price-CODE`; an empty quantity leaves it out."""

    def __init__(self, data: Any, codes: list[str]) -> None:
        super().__init__(data)
        for code in codes:
            self.fields[f"qty-{code}"] = forms.DecimalField(
                min_value=0, max_digits=10, decimal_places=3, required=False, label=_("数量")
            )
            self.fields[f"price-{code}"] = forms.DecimalField(
                min_value=0, max_digits=12, decimal_places=4, required=False, label=_("单价")
            )

    def wishes(self, why: dict[str, dict[str, str]]) -> list[store.OrderWish]:
        """The lines with a quantity."""
        found = []
        for name, qty in self.cleaned_data.items():
            code = name.removeprefix("qty-")
            if name.startswith("qty-") and qty:
                price = self.cleaned_data[f"price-{code}"] or Decimal(0)
                found.append(store.OrderWish(code, qty, price, why.get(code)))
        return found


@screen("stock.read")
@require_GET
def orders(request: Any) -> HttpResponse:
    """Open orders, the newest first, and rejected goods that wait to be sent back."""
    show = "all" if request.GET.get("show") == "all" else ""
    rows = [(row, *words.state(row.state)) for row in documents.orders(show)]
    context = {
        "rows": rows,
        "show": show,
        "rejected": documents.rejected(request.actor.unit),
        "done": notes.of(request),
    }
    return render(request, "stock/orders.html", context | tabs("stock:orders"))


def tabs(here: str) -> dict[str, Any]:
    """What the tabs of the store show."""
    return {"store_tabs": words.TABS, "store_tab": here}


@screen("stock.order")
def suggestions(request: Any) -> HttpResponse:
    """What should be bought for the own unit; POST drafts an order of what was left in the list."""
    rows = supply.suggestions(request.actor.unit)
    form = LinesForm(request.POST if request.method == "POST" else None, [row.medicine for row in rows])
    if request.method == "POST" and form.is_valid():
        with onto(form):
            wishes = form.wishes({row.medicine: row.why for row in rows})
            supplier = request.POST.get("supplier", "")
            pk = store.draft_order(
                request.actor,
                int(supplier) if supplier.isdigit() else 0,
                wishes,
                idempotency=request.POST.get("idempotency", ""),
            )
            return notes.go("drafted", "stock:order", pk)
    context = {
        "rows": [(row, form[f"qty-{row.medicine}"], form[f"price-{row.medicine}"]) for row in rows],
        "form": form,
        "suppliers": supply.suppliers(),
        "window": figures.days("window_days"),
    }
    status = 422 if form.errors else 200
    return render(request, "stock/suggestions.html", context | tabs("stock:orders"), status=status)


@screen("stock.order")
@require_POST
def supplier(request: Any) -> HttpResponse:
    """A new supplier."""
    store.new_supplier(request.actor, request.POST.get("name", "")[:80])
    return notes.go("supplier", "stock:suggestions")


@screen("stock.read")
@require_GET
def order(request: Any, pk: int) -> HttpResponse:
    """One order: lines with what came, its states, what may be done next."""
    return _order(request, pk)


def _order(request: Any, pk: int, form: Any = None, status: int = 200) -> HttpResponse:
    found = documents.orders(pk=pk)
    if not found:
        raise refusals.NotFound
    card = found[0]
    mine = [code for code in OFFERED.get(card.state, ()) if TURNS[code][1] in request.actor_permissions]
    context = {
        "order": card,
        "state": words.state(card.state),
        "lines": documents.ordered(pk),
        "turns": [(turn, words.STATES.get(turn.state, turn.state)) for turn in documents.turns("order", pk)],
        "may": mine,
        "inspects": card.state in ("sent", "partial")
        and card.unit == request.actor.unit
        and "stock.receive" in request.actor_permissions,
        "form": form or forms.Form(),
        "done": notes.of(request),
    }
    return render(request, "stock/order.html", context | tabs("stock:orders"), status=status)


@screen("stock.read")
@require_POST
def order_turn(request: Any, pk: int) -> HttpResponse:
    """`turn` is the button pressed."""
    form, code, rev = forms.Form(request.POST), request.POST.get("turn", ""), request.POST.get("rev", "")
    if form.is_valid() and code in TURNS and rev.isdigit():
        turn, _may, reasoned = TURNS[code]
        with onto(form):
            turn(request.actor, pk, *([request.POST.get("reason", "")] if reasoned else []), rev=int(rev))
            return notes.go("moved", "stock:order", pk)
    return _order(request, pk, form, 422)


@screen("stock.receive")
def inspection(request: Any, pk: int) -> HttpResponse:
    """验收 against an order: one lot a row; rows without a quantity have not come."""
    found = documents.orders(pk=pk)
    if not found:
        raise refusals.NotFound
    data = request.POST if request.method == "POST" else None
    awaited = [row for row in documents.ordered(pk) if row.rest]
    form = InspectionForm(data)
    rows = [
        ArrivedForm(
            data,
            prefix=str(row.line.pk),
            initial={
                "qty": refusals.number(row.rest),
                "accepted": refusals.number(row.rest),
                "price": refusals.number(row.line.price),
                "packaging": True,
            },
        )
        for row in awaited
    ]
    if rows:
        rows[0].fields["lot_no"].widget.attrs["data-first"] = ""
    good = data is not None and all([form.is_valid(), *(row.is_valid() for row in rows)])
    if good:
        with onto(form):
            arrived = [each.arrived(row.line.medicine) for each, row in zip(rows, awaited, strict=True) if each.came()]
            store.inspect(
                request.actor, found[0].other_pk, arrived, order=pk, invoice=form.cleaned_data["invoice"],
                second=form.second(), idempotency=request.POST.get("idempotency", ""),
            )  # fmt: skip
            return notes.go("inspected", "stock:order", pk)
    context = {
        "order": found[0],
        "rows": [
            (each, row, figures.is_cold(row.line.medicine), figures.needs_two(row.line.medicine))
            for each, row in zip(rows, awaited, strict=True)
        ],
        "form": form,
        "two": any(figures.needs_two(row.line.medicine) for row in awaited),
    }
    status = 200 if data is None else 422
    return render(request, "stock/inspection.html", context | tabs("stock:orders"), status=status)


@screen("stock.receive")
@require_POST
def send_back(request: Any, pk: int) -> HttpResponse:
    """The rejected goods of a line left with the supplier."""
    store.send_back(request.actor, pk)
    return notes.go("sent_back", "stock:orders")
