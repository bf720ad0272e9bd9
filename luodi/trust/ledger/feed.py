"""Reading the ledger: the one feed, for evidence screens, live updates and later followers."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from luodi.trust.actor import Ref
from luodi.trust.models import Entry


class Line(NamedTuple):
    """One entry as it is shown. position is None while unsealed."""

    id: int
    position: int | None
    at: datetime
    verb: str
    staff: int
    post: str
    unit: int
    device: str
    breakglass: str
    ref: Ref
    cause: int | None
    facts: dict[str, Any]
    account: int | None = None


def line(entry: Entry) -> Line:
    """An entry as it is shown."""
    seat = getattr(entry, "seat", None)
    return Line(
        entry.pk,
        seat.position if seat else None,
        entry.at,
        entry.verb,
        entry.staff,
        entry.post,
        entry.unit,
        entry.device,
        entry.breakglass,
        Ref(entry.kind, entry.pk_about, entry.patient),
        entry.cause,
        json.loads(entry.facts),
        entry.account,
    )


def entries(
    *, about: Ref | None = None, patient: int | None = None, verb: str = "", after: int = 0, newest_first: bool = False
) -> Iterator[Line]:
    """Entries in sealed order, after a position, about one thing, one patient or of one verb; the unsealed tail last.

    newest_first turns the order round, by entry number.
    """
    rows = Entry.objects.select_related("seat")
    if about is not None:
        rows = rows.filter(kind=about.kind, pk_about=about.pk)
    if patient is not None:
        rows = rows.filter(patient=patient)
    if verb:
        rows = rows.filter(verb=verb)
    if newest_first:
        yield from map(line, rows.order_by("-id").iterator(chunk_size=200))
        return
    sealed = rows.filter(seat__position__gt=after).order_by("seat__position")
    yield from map(line, sealed.iterator(chunk_size=500))
    yield from map(line, rows.filter(seat=None).order_by("id").iterator(chunk_size=500))


def latest(after_id: int, limit: int = 500) -> list[tuple[int, str, int, str]]:
    """(id, verb, unit, kind) of the entries written after `after_id`: the cheap pulse that live screens follow.

    A short overlap is the caller's care: on PostgreSQL an earlier number can become visible a moment later.
    """
    rows = Entry.objects.filter(id__gt=after_id).order_by("id").values_list("id", "verb", "unit", "kind")
    return list(rows[:limit])
