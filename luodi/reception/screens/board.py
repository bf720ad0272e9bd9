"""叫号屏, 诊室屏: public, without login; a number, a masked name, a room, a doctor, and nothing else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from luodi.trust.clock import now

from .. import wall


def board(request: HttpRequest, code: str) -> HttpResponse:
    """The hall of a unit. The same address gives the fragment to a screen that has no stream."""
    return _drawn(request, code, "")


def door(request: HttpRequest, code: str, room: str) -> HttpResponse:
    """The screen at the door of a room: it follows the sessions of the room from day to day."""
    return _drawn(request, code, room)


def _drawn(request: HttpRequest, code: str, room: str) -> HttpResponse:
    unit = wall.unit_of(code)
    if unit is None or len(room) > wall.LONGEST:
        raise Http404
    screen = wall.Screen(code, room, get_language() or "zh-hans")
    frame = wall.frames(code, {screen})[screen]
    if getattr(request, "htmx", False):
        response = HttpResponse(frame.html)
    else:
        context = {"unit": unit, "screen": screen, "frame": frame, "at": now()}
        response = render(request, "reception/board.html", context)
    response["Cache-Control"] = "no-store"
    return response
