"""Records that may be one person: found by blind values that agree, the newest records first; opens nobody's identity.

A record is compared with everybody by name, document and phone. Names that only sound alike are compared when somebody
is registered (`duplicates`), not here: their blind values are shared by too many.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from luodi.trust import access

from .. import duplicates as likeness
from ..models import Apart, BlindIndex, Identity, Patient

_COMPARED = ("name", "id", "phone")
BATCH, MOST_BATCHES, SHOWN = 100, 10, 20
_AT_ONCE = 5000  # numbers in one query
_TOO_COMMON = 200  # a value that so many share says nothing


class Pair(NamedTuple):
    """Two persons, the older record first, with the score and reasons of duplicates.REASONS."""

    one: int
    other: int
    score: int
    reasons: tuple[str, ...]


class Pairs(NamedTuple):
    """The likeliest first. before: where to look on among earlier records; None at the end."""

    rows: list[Pair]
    before: int | None


def pairs(before: int | None = None) -> Pairs:
    """At most 20 likely pairs among the records made before one, a bounded number of records compared."""
    found: dict[tuple[int, int], Pair] = {}
    for _turn in range(MOST_BATCHES):
        rows = Patient.objects.filter(pk__lt=before) if before else Patient.objects.all()
        batch = list(rows.order_by("-pk").values_list("pk", flat=True)[:BATCH])
        found |= _among(batch)
        before = batch[-1] if len(batch) == BATCH else None
        if before is None or len(found) >= SHOWN:
            break
    likeliest = sorted(found.values(), key=lambda pair: (-pair.score, -pair.other))
    return Pairs(likeliest, before)


def pairs_of(patient: int) -> list[Pair]:
    """Whom one record may be the same person with, older or newer."""
    return sorted(_among([patient], newer=True).values(), key=lambda pair: (-pair.score, -pair.other))[:SHOWN]


def _among(batch: list[int], *, newer: bool = False) -> dict[tuple[int, int], Pair]:
    """Likely pairs of each record of the batch with an earlier one; with a newer one too where that is asked."""
    agreed = _agreeing(batch, newer)
    known = _plain(sorted({record for pair in agreed for record in pair}))
    weighed = {
        (low, high): likeness.scored(low, reasons, known[high], known[low]) for (low, high), reasons in agreed.items()
    }
    likely = {pair: found for pair, found in weighed.items() if found.score >= likeness.SHOWN_FROM}
    records = {record for pair in likely for record in pair}
    several = access.persons(records)
    heads = {record: several[record].head if record in several else record for record in records}
    apart = _apart(records, heads)
    made: dict[tuple[int, int], Pair] = {}
    for (low, high), found in likely.items():
        persons = (min(heads[low], heads[high]), max(heads[low], heads[high]))
        if heads[low] == heads[high] or persons in apart:
            continue
        if persons not in made or made[persons].score < found.score:
            made[persons] = Pair(*persons, found.score, found.reasons)
    return made


def _agreeing(batch: list[int], newer: bool) -> dict[tuple[int, int], set[str]]:
    """Pairs of records (lower number first) and in which indexes their values agree."""
    mine = BlindIndex.objects.filter(patient__in=batch, index__in=_COMPARED).values_list("index", "value", "patient")
    asked: dict[tuple[str, bytes], set[int]] = defaultdict(set)
    for index, value, record in mine:
        asked[index, bytes(value)].add(record)
    holders: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    held = BlindIndex.objects.filter(index__in=_COMPARED, value__in={value for _index, value in asked})
    for index, value, record in held.values_list("index", "value", "patient"):
        holders[index, bytes(value)].append(record)
    agreed: dict[tuple[int, int], set[str]] = defaultdict(set)
    for key, records in asked.items():
        for record in records if len(holders[key]) <= _TOO_COMMON else ():
            for other in holders[key]:
                if other < record or (newer and other > record):
                    agreed[min(record, other), max(record, other)].add(key[0])
    return agreed


def _plain(records: list[int]) -> dict[int, Any]:
    """Sex and birth date of the identity in force, by record."""
    known: dict[int, Any] = {}
    for start in range(0, len(records), _AT_ONCE):
        rows = Identity.objects.filter(patient__in=records[start : start + _AT_ONCE]).order_by("version")
        known |= {row["patient"]: row for row in rows.values("patient", "sex", "birth_date")}
    return known


def _apart(records: set[int], heads: dict[int, int]) -> set[tuple[int, int]]:
    """Pairs of persons whom somebody found to be two, by any of their records."""
    rows = Apart.objects.filter(one__in=records, other__in=records).values_list("one", "other")
    return {(min(heads[one], heads[other]), max(heads[one], heads[other])) for one, other in rows}
