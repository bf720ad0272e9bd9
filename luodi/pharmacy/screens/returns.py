"""退药: what waits to be judged, a package taken back at the window, one return and its judgement."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.pharmacy import actions, queries
from luodi.pharmacy import refusals as no
from luodi.pharmacy.forms import JudgeForm, ScanForm, TakeBackForm
from luodi.pharmacy.screens import notes
from luodi.trust.screen import refusals, screen


@screen("dispense.hand")
@require_GET
def worklist(request: Any) -> HttpResponse:
    """To be judged, and judged lately, in the unit worked in."""
    return _worklist(request, ScanForm())


def _worklist(request: Any, form: ScanForm, status: int = 200) -> HttpResponse:
    waiting, judged = queries.to_judge(request.actor.unit), queries.judged(request.actor.unit)
    request.saw(*sorted({each.patient for each in (*waiting, *judged)}), care=False)
    context = {
        "waiting": waiting, "judged": judged, "form": form, "done": notes.of(request),
        "oldest": min((each.at for each in waiting), default=None),
    }  # fmt: skip
    return render(request, "pharmacy/returns.html", context, status=status)


@screen("dispense.hand")
@require_POST
def find(request: Any) -> HttpResponse:
    """A scanned package opens its form."""
    form = ScanForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["code"]
        package = queries.package(code)
        if package is not None:
            return HttpResponseRedirect(reverse("pharmacy:take_back", args=[package.pk]), status=303)
        form.add_error("code", str(queries.read_as(code)))
    return _worklist(request, form, status=422)


@screen("dispense.hand")
@require_http_methods(["GET", "POST"])
def take(request: Any, package: int) -> HttpResponse:
    """退药 at the window: how much of which lot, why, in what state."""
    card = queries.packs([package]).get(package)
    if card is None:
        raise no.NotFound()
    request.saw(card.patient, care=False)  # the package is in hand
    left = [(lot, qty) for lot in card.lots if (qty := queries.left_in(package).get(lot.lot))]
    form = TakeBackForm(request.POST if request.method == "POST" else None, left=left)
    if form.is_valid():
        with refusals(form):
            given = form.cleaned_data
            actions.take_back(
                request.actor, package, form.goods(), given["reason"],
                intact=given["intact"], idempotency=request.POST.get("idempotency", ""),
            )  # fmt: skip
            return notes.go("taken_back", "pharmacy:returns")
    return render(
        request, "pharmacy/take_back.html", {"package": card, "form": form}, status=422 if form.errors else 200
    )


@screen("dispense.hand")
@require_http_methods(["GET", "POST"])
def one(request: Any, ret: int) -> HttpResponse:
    """One return; who may check judges it here."""
    card = queries.one_return(request.actor.unit, ret)
    if card is None:
        raise no.NotFound()
    request.saw(card.patient, care=False)
    may = "dispense.check" in request.actor_permissions and not card.outcome
    form = JudgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.judge(request.actor, ret, form.cleaned_data["outcome"], form.cleaned_data["words"])
            return notes.go("judged", "pharmacy:returns")
    context = {"ret": card, "form": form, "may": may, "own": card.asker == request.actor.staff}
    return render(request, "pharmacy/return.html", context, status=422 if form.errors else 200)
