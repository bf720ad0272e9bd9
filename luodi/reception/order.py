"""The order of the queue, defined here and nowhere else.

A ticket's key is made of its own row: (`rank`, `level_rank`, `place_at`, turn, id). So an act on one ticket moves that
ticket and never changes which of two others is first. `turn` is the id, spread by GAP, until the ticket is put between
two others: then it lies halfway between theirs. GAP leaves room for thirty who are put behind the same one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, ExpressionWrapper, F
from django.db.models.functions import Coalesce

from luodi.trust.clock import now

from .models import Ticket

GAP = 1 << 30
Why = Ticket.Why

_TURN = Coalesce("turn", ExpressionWrapper(F("pk") * GAP, output_field=BigIntegerField()))
ORDER = ("rank", "level_rank", "place_at", _TURN, "pk")


class Place(NamedTuple):
    """Where a ticket is put: `turn` None is that of its id. why: see Ticket.Why; behind: how many it was put behind."""

    place_at: datetime
    turn: int | None
    place_why: str
    place_behind: int = 0


def turn(row: Ticket) -> int:
    """The turn of a ticket among those of the same moment."""
    return row.pk * GAP if row.turn is None else int(row.turn)


def key(row: Ticket) -> tuple[int, int, datetime, int, int]:
    """What ORDER sorts by, of one ticket."""
    return (row.rank, row.level_rank, row.place_at, turn(row), row.pk)


def missed(row: Ticket, line: Sequence[Ticket], behind: int) -> Place:
    """A missed patient is back: behind the next `behind` of the line, and never before the own place."""
    own = Place(row.place_at, row.turn, Why.MISSED)
    return max(own, _after(line, behind, Why.MISSED) or own, key=lambda place: _at(place, row.pk))


def late(line: Sequence[Ticket], behind: int, segment: datetime) -> Place:
    """Who comes late: behind the next `behind` of the line, and never before the place that punctuality had given."""
    own = Place(segment, None, Why.SEGMENT)
    return max(own, _after(line, behind, Why.LATE) or own, key=_at)


def with_results(row: Ticket, line: Sequence[Ticket], news: int) -> Place:
    """Who comes back with results: behind the next `news` new patients after the last who came back before.

    Where fewer wait, behind the last; where nobody waits, at the own place or now, whichever is earlier.
    """
    back = [place for place, each in enumerate(line) if each.returns]
    first = back[-1] + 1 if back else 0
    ahead = min(len(line), first + news)
    return _after(line, ahead, Why.RESULTS) or Place(min(row.place_at, now()), None, Why.RESULTS)


def _after(line: Sequence[Ticket], behind: int, why: str) -> Place | None:
    """Directly behind the ticket number `behind` (1…) of a line in its order, or the last; None behind nobody."""
    count = min(behind, len(line))
    if not count:
        return None
    ahead = line[count - 1]
    low = turn(ahead)
    high = (low // GAP + 1) * GAP
    if count < len(line) and line[count].place_at == ahead.place_at:
        high = min(high, turn(line[count]))
    return Place(ahead.place_at, (low + high) // 2, why, count)


def _at(place: Place, pk: int | None = None) -> tuple[datetime, float]:
    """To compare places; a ticket without id comes after all that have one."""
    known = place.turn if place.turn is not None else pk * GAP if pk else float("inf")
    return place.place_at, known
