"""去向: the prescriptions that a lot went to."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luodi.pharmacy import queries
from luodi.pharmacy import refusals as no
from luodi.stock import queries as store
from luodi.trust import access
from luodi.trust.screen import screen


@screen("stock.read")
@require_GET
def trace(request: Any, lot: int) -> HttpResponse:
    """Prescriptions with packages of one lot of the unit, those on the bench first."""
    card = store.lot(request.actor.unit, lot)
    if card is None:
        raise no.NotFound(message=_("本药房没有这一批药。"))
    traced = [(row, _opens(request, row)) for row in queries.traced(lot)]
    return render(request, "pharmacy/trace.html", {"lot": card, "traced": traced})


def _opens(request: Any, row: Any) -> bool:
    """Whether the person may follow a prescription: by care, or by an emergency access that is reviewed."""
    may = request.actor_permissions
    return "prescription.read" in may and ("breakglass.use" in may or access.cares(request.actor, row.patient))
