"""The Today page: one tile a worklist, with its count and its oldest wait, for the posts that work it off."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from luodi.trust.actor import Actor

Waiting = tuple[int, datetime | None]
"""How many wait, and since when the oldest of them."""


class Tile(NamedTuple):
    """A worklist on the Today page: who sees it, where it leads, and the query that counts it."""

    permission: str
    label: Promise | str
    url: str
    icon: str
    waiting: Callable[[Actor], Waiting]


TILES: tuple[Tile, ...] = ()


def tiles(actor: Actor, permissions: frozenset[str]) -> list[dict[str, Any]]:
    """The tiles of this person, counted now; what waits comes before what is empty, else in the table's order."""
    shown = []
    for tile in TILES:
        if tile.permission in permissions:
            count, oldest = tile.waiting(actor)
            shown.append(
                {"label": tile.label, "url": reverse(tile.url), "icon": tile.icon, "count": count, "oldest": oldest}
            )
    return sorted(shown, key=lambda tile: tile["count"] == 0)
