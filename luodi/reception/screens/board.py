"""叫号屏: public, without login; a number, a masked name, a room, and nothing else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from luodi.trust import people
from luodi.trust.clock import now

from .. import offers, queries

REFRESH_SECONDS = 5


def board(request: HttpRequest, code: str) -> HttpResponse:
    """The board of a unit. The same address gives the fragment to htmx, which asks again every few seconds."""
    unit = people.unit_by_code(code)
    if unit is None or not offers.registers(unit.kind):
        raise Http404
    called, nexts = queries.board(unit.pk)
    context = {"unit": unit, "called": called, "next": nexts, "at": now(), "seconds": REFRESH_SECONDS}
    template = "reception/_board.html" if getattr(request, "htmx", False) else "reception/board.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
