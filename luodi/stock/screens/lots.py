"""药库: what is there against what is wanted, lots, receiving, blind counts, quarantine and recall."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from luodi.stock import actions as store
from luodi.stock import gs1, queries
from luodi.stock import refusals as no
from luodi.stock.forms import BoxForm, ChangeForm, CountForm, MinimumForm, ReceiptForm
from luodi.stock.screens import buying, notes
from luodi.terms import queries as terms
from luodi.trust.clock import today
from luodi.trust.screen import refusals, screen

SHOWN = {
    "": gettext_lazy("全部"),
    "below": gettext_lazy("低于最低库存"),
    "expiring": gettext_lazy("90 天内到期"),
    "blocked": gettext_lazy("隔离 · 召回 · 过期"),
}
TURNS = {"quarantine": store.quarantine, "release": store.release, "recall": store.recall}
MOVED = {
    "opening": gettext_lazy("期初"),
    "receipt": gettext_lazy("入库"),
    "dispense": gettext_lazy("调配"),
    "return": gettext_lazy("退回调配"),
    "adjust": gettext_lazy("盘点调整"),
    "waste": gettext_lazy("报损"),
    "send": gettext_lazy("调拨出库"),
    "arrive": gettext_lazy("调拨入库"),
    "back": gettext_lazy("调拨退回"),
    "use": gettext_lazy("急用取药"),
    "unuse": gettext_lazy("急用退回"),
    "takeback": gettext_lazy("退药入库"),
}
PAGE = 60
BOX = ("product", "lot_no", "expiry")  # what a scanned box says, carried until the drug is chosen


@screen("stock.read")
def overview(request: Any) -> HttpResponse:
    """Medicines of the unit; `show` narrows, a search goes by POST as every search does."""
    show = request.GET.get("show", "")
    text = request.POST.get("text", "").strip()[:80]
    unit = request.actor.unit
    everything = queries.stock(unit)
    counts = {
        "": len(everything),
        "below": sum(row.below for row in everything),
        "expiring": sum(row.expiring > 0 for row in everything),
        "blocked": sum(row.blocked > 0 or row.expired > 0 for row in everything),
    }
    rows = queries.stock(unit, text, show=show if show in SHOWN else "")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "tabs": [(code, label, counts[code]) for code, label in SHOWN.items()],
        "show": show,
        "text": text,
        "done": notes.of(request),
    }
    return render(request, "stock/overview.html", context | buying.tabs("stock:overview"))


@screen("stock.read")
@require_GET
def medicine(request: Any, code: str) -> HttpResponse:
    """Lots of one medicine, and its minimum."""
    return _medicine(request, code)


def _medicine(request: Any, code: str, form: MinimumForm | None = None, status: int = 200) -> HttpResponse:
    drug = terms.medicine(code)
    if drug is None:
        raise no.NotFound(message=_("药品目录中没有这个药品。"))
    unit = request.actor.unit
    row = next((row for row in queries.stock(unit) if row.medicine == code), None)
    context = {
        "drug": drug,
        "row": row,
        "lots": queries.lots(unit, code),
        "form": form or MinimumForm(initial={"least": row.least if row else None}),
        "done": notes.of(request),
    }
    return render(request, "stock/medicine.html", context, status=status)


@screen("stock.adjust")
@require_POST
def minimum(request: Any, code: str) -> HttpResponse:
    """Set the least stock wanted."""
    form = MinimumForm(request.POST)
    if form.is_valid():
        with refusals(form):
            store.set_minimum(request.actor, code, form.cleaned_data["least"])
            return notes.go("minimum", "stock:medicine", code)
    return _medicine(request, code, form, 422)


@screen("stock.receive")
def receiving(request: Any) -> HttpResponse:
    """入库: scan a box or search for a drug (POST `code`), then lot, expiry and quantity."""
    form = BoxForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _looked_up(request, form)
    status = 422 if form.errors else 200
    return render(request, "stock/receive.html", {"form": form, "done": notes.of(request)}, status=status)


def _looked_up(request: Any, form: BoxForm) -> HttpResponse:
    """A box fills the receipt, or waits in hidden fields until its drug was found by name."""
    code = form.cleaned_data["code"]
    box = {name: request.POST.get(name, "")[:40] for name in BOX}
    try:
        read = gs1.read(code)
    except gs1.UnreadableError:
        context = {"form": form, "found": terms.find_medicines(code), "asked": True, "box": box}
        return render(request, "stock/receive.html", context)
    box = {"product": read.product, "lot_no": read.lot_no, "expiry": read.expiry.isoformat() if read.expiry else ""}
    drug = terms.medicine(queries.product(read.product)) if read.product else None
    expired = read.expiry is not None and read.expiry < today()
    context = {"form": BoxForm(), "box": box, "drug": drug, "expired": expired}
    if drug is not None:
        context["receipt"] = ReceiptForm(initial=box | {"medicine": drug.code})
    return render(request, "stock/receive.html", context)


@screen("stock.receive")
@require_POST
def receipt(request: Any) -> HttpResponse:
    """Choose the drug (only `medicine` posted), or receive the goods."""
    drug = terms.medicine(request.POST.get("medicine", ""))
    if drug is None:
        raise no.NotFound(message=_("药品目录中没有这个药品。"), next=_("请从目录中搜索并选择。"))
    if "qty" not in request.POST:
        start = {name: request.POST.get(name, "")[:40] for name in BOX}
        context = {"form": BoxForm(), "receipt": ReceiptForm(initial=start | {"medicine": drug.code}), "drug": drug}
        return render(request, "stock/receive.html", context)
    form = ReceiptForm(request.POST)
    if form.is_valid():
        with refusals(form):
            store.receive(request.actor, **form.cleaned_data, idempotency=request.POST.get("idempotency", ""))
            return notes.go("received", "stock:receiving")
    return render(request, "stock/receive.html", {"form": BoxForm(), "receipt": form, "drug": drug}, status=422)


@screen("stock.read")
@require_GET
def lot(request: Any, pk: int) -> HttpResponse:
    """One lot: state and movements."""
    return _lot(request, pk)


def _lot(request: Any, pk: int, *, count: Any = None, change: Any = None, status: int = 200) -> HttpResponse:
    card = queries.lot(request.actor.unit, pk)
    if card is None:
        raise no.NotFound(message=_("本药房没有这一批药。"))
    moved = queries.movements(pk)
    context = {
        "lot": card,
        "moved": [(row, MOVED[row.kind]) for row in moved],
        "count": count or CountForm(initial={"rev": card.rev}),
        "change": change or ChangeForm(initial={"rev": card.rev}),
        "done": notes.of(request),
    }
    return render(request, "stock/lot.html", context, status=status)


@screen("stock.adjust")
def counting(request: Any, pk: int) -> HttpResponse:
    """盘点 of one lot on a page that does not show what the book says."""
    card = queries.lot(request.actor.unit, pk)
    if card is None:
        raise no.NotFound(message=_("本药房没有这一批药。"))
    form = CountForm(request.POST if request.method == "POST" else None, initial={"rev": card.rev})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            difference = store.adjust(request.actor, pk, **form.cleaned_data)
            return notes.go("corrected" if difference else "counted", "stock:lot", pk)
    status = 422 if form.errors else 200
    return render(request, "stock/count.html", {"lot": card, "form": form}, status=status)


@screen("stock.adjust")
@require_POST
def turning(request: Any, pk: int) -> HttpResponse:
    """Quarantine, release or recall: `turn` is the button pressed."""
    form = ChangeForm(request.POST)
    turn = TURNS.get(request.POST.get("turn", ""))
    if turn is not None and form.is_valid():
        with refusals(form):
            turn(request.actor, pk, form.cleaned_data["reason"], rev=form.cleaned_data["rev"])
            return notes.go("changed", "stock:lot", pk)
    return _lot(request, pk, change=form, status=422)
