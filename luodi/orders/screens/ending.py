"""Stopping, extending, closing what has lapsed: each a noun of its own, posted from the page of the prescription."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from luodi.orders import actions
from luodi.orders.cards import PrescriptionCard
from luodi.orders.forms import ExtendForm, StopForm
from luodi.orders.screens.frame import posted_rev, seen
from luodi.orders.screens.sheet import page
from luodi.trust.screen import refusals, screen


def _do(request: Any, card: PrescriptionCard, form: Any, name: str, act: Callable[[], Any]) -> HttpResponse:
    if form.is_valid():
        with refusals(form):
            act()
        if not form.errors:
            return HttpResponseRedirect(reverse("orders:prescription", args=[card.pk]), status=303)
    return render(request, "orders/prescription.html", page(request, card, **{name: form}), status=422)


@screen("prescription.stop")
@require_POST
def stop(request: Any, pk: int) -> HttpResponse:
    """Stop with a reason."""
    card, form = seen(request, pk), StopForm(request.POST)
    return _do(
        request,
        card,
        form,
        "stop_form",
        lambda: actions.stop(request.actor, pk, form.chosen(), rev=posted_rev(request)),
    )


@screen("prescription.sign")
@require_POST
def extension(request: Any, pk: int) -> HttpResponse:
    """Extend the validity with a reason."""
    card, form = seen(request, pk), ExtendForm(request.POST)

    def extend() -> None:
        given = form.cleaned_data
        actions.extend(request.actor, pk, given["days"], given["reason"], rev=posted_rev(request))

    return _do(request, card, form, "extend_form", extend)


@screen(None)
@require_POST
def expiry(request: Any, pk: int) -> HttpResponse:
    """Close a prescription whose validity is over."""
    seen(request, pk)
    actions.expire(request.actor, pk, rev=posted_rev(request))
    return HttpResponseRedirect(reverse("orders:prescription", args=[pk]), status=303)
