"""A public screen drawn from what hangs on the walls of its unit: the same fragment for a page and for the stream."""

import hashlib
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import translation

from luodi.trust import people

from . import offers
from .queries.hall import Hall, hall

PAGE = 8  # rooms on a page of the hall's screen
LONGEST = 40  # characters of the name of a room


class Screen(NamedTuple):
    """A screen on a wall: the hall of a unit (room ""), or the door of one of its rooms."""

    code: str
    room: str
    language: str


class Frame(NamedTuple):
    """A drawn screen. version: the same for the same content, in whatever process it was drawn."""

    version: str
    html: str


def unit_of(code: str) -> people.UnitCard | None:
    """The unit whose screens may be asked for without a login; None for one that calls nobody."""
    unit = people.unit_by_code(code)
    return unit if unit is not None and offers.registers(unit.kind) else None


def frames(code: str, screens: set[Screen]) -> dict[Screen, Frame]:
    """These screens of one unit, from one reading of its walls in each language asked for."""
    drawn: dict[Screen, Frame] = {}
    unit = unit_of(code)
    if unit is None:
        return drawn
    for language in {screen.language for screen in screens}:
        with translation.override(language):
            named = people.unit(unit.pk) or unit
            read = hall(unit.pk)
            drawn |= {screen: frame(screen, named, read) for screen in screens if screen.language == language}
    return drawn


def frame(screen: Screen, unit: people.UnitCard, read: Hall) -> Frame:
    """One screen, in the language in force."""
    context = _door(read, screen.room) if screen.room else _hall(read)
    shown = repr((screen.language, unit.name, sorted(context.items())))
    version = hashlib.sha256(shown.encode()).hexdigest()[:16]
    template = "reception/_door.html" if screen.room else "reception/_board.html"
    return Frame(version, render_to_string(template, context | {"unit": unit, "version": version}))


def _hall(read: Hall) -> dict[str, Any]:
    rooms = [room for room in read.rooms if not room.over]
    pages = [rooms[first : first + PAGE] for first in range(0, len(rooms), PAGE)]
    return {"calls": read.calls, "next": read.next, "pages": pages}


def _door(read: Hall, room: str) -> dict[str, Any]:
    return {"room": read.room(room)}
