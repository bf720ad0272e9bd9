"""Merges as people see them."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from luodi.trust import people, vault

from ..models import Merge
from ..refusals import NoMerge
from ..types import PatientCard
from .records import own_cards


class MergeCard(NamedTuple):
    """Two records that are one person. `survivor`, `merged`: each as it names itself. `ended` None: in force."""

    pk: int
    survivor: PatientCard
    merged: PatientCard
    reason: str
    words: str
    staff_name: str
    at: datetime
    ended: datetime | None
    ended_by: str
    end_reason: str
    end_words: str


def merge_of(pk: int) -> MergeCard:
    """One merge. Raises NoMerge."""
    found = _cards(Merge.objects.filter(pk=pk))
    if not found:
        raise NoMerge
    return found[0]


def merges(limit: int = 100) -> list[MergeCard]:
    """The last merges, those taken back included, the latest first."""
    return _cards(Merge.objects.order_by("-pk")[:limit])


def merges_of(patient: int) -> list[MergeCard]:
    """Merges that a record took part in, the latest first."""
    return _cards(Merge.objects.filter(Q(survivor=patient) | Q(merged=patient)).order_by("-pk"))


def _cards(rows: "QuerySet[Merge]") -> list[MergeCard]:
    held = list(rows.select_related("end", "merged__key"))
    cards = own_cards({pk for row in held for pk in (row.survivor_id, row.merged_id)})
    ends = {row.pk: row.end for row in held if hasattr(row, "end")}
    names = people.names({row.staff_id for row in (*held, *ends.values())})
    return [_card(row, ends.get(row.pk), cards, names) for row in held]


def _card(row: Merge, end: Any, cards: dict[int, PatientCard], names: dict[int, str]) -> MergeCard:
    return MergeCard(
        row.pk, cards[row.survivor_id], cards[row.merged_id], row.reason, _opened(row, row.words, "merge"),
        names.get(row.staff_id, ""), row.at, end.at if end else None, names.get(end.staff_id, "") if end else "",
        end.reason if end else "", _opened(row, end.words, "unmerge") if end else "",
    )  # fmt: skip


def _opened(row: Merge, words: Any, field: str) -> str:
    try:
        return vault.unseal(words, row.merged.key, field=field) if words else ""
    except vault.Destroyed:
        return ""
