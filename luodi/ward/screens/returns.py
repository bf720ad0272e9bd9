"""未用药退回: packages whose doses were not given, scanned back to the pharmacy."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.pharmacy import queries as pharmacy
from luodi.trust.screen import refusals, screen

from .. import actions, leftover, queries
from .. import refusals as words
from ..forms import GiveBackForm, PackageForm
from . import unit as units


@screen("ward.receive")
@require_GET
def returns(request: Any) -> HttpResponse:
    """What lies in the ward and will not be given."""
    return _returns(request, PackageForm())


def _returns(request: Any, form: PackageForm, status: int = 200) -> HttpResponse:
    unit = units.shown(request)
    beds = {found.patient: found.bed_code for found in queries.in_bed(unit)}
    rows = leftover.leftovers(request.actor, unit, beds)
    request.saw(*sorted({row.patient for row in rows}), care=False)  # kept to those cared for
    context = {
        "rows": rows, "scan": form, "sent": "sent" in request.GET,
        "oldest": min((row.planned_at for row in rows), default=None), **units.tabs(request, unit),
    }  # fmt: skip
    return render(request, "ward/returns.html", context, status=status)


@screen("ward.receive")
@require_POST
def find(request: Any) -> HttpResponse:
    """A scanned package opens its form."""
    form = PackageForm(request.POST)
    if form.is_valid():
        package = pharmacy.package(form.cleaned_data["code"])
        if package is not None:
            return HttpResponseRedirect(reverse("ward:give_back", args=[package.pk]), status=303)
        form.add_error("code", str(words.unknown_package(form.cleaned_data["code"])))
    return _returns(request, form, status=422)


@screen("ward.receive")
@require_http_methods(["GET", "POST"])
def give_back(request: Any, pk: int) -> HttpResponse:
    """One package: why it goes back, and in what state."""
    package = pharmacy.packs([pk]).get(pk)
    if package is None:
        raise words.no(words.NO_PACKAGE)
    request.saw(package.patient)
    form = GiveBackForm(request.POST if request.method == "POST" else None, initial={"intact": True})
    if form.is_valid():
        with refusals(form):
            actions.give_back(
                request.actor, pk, form.cleaned_data["reason"],
                intact=form.cleaned_data["intact"], idempotency=request.POST.get("idempotency", ""),
            )  # fmt: skip
            return HttpResponseRedirect(f"{reverse('ward:returns')}?sent=1", status=303)
    return render(
        request, "ward/give_back.html", {"package": package, "form": form}, status=422 if form.errors else 200
    )
