"""Merges as people see them."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from luodi.trust import people, vault

from .. import identity
from ..models import Merge
from ..refusals import NoMerge, NoPatient
from ..types import STATED, Identity, NewPatient, PatientCard
from .records import identity_of, own_cards


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


class Compared(NamedTuple):
    """Two identities as each names itself, numbers masked. differing: fields that disagree, by their full values."""

    one: Identity
    other: Identity
    differing: frozenset[str]


def compared(one: int, other: int) -> Compared:
    """Two records side by side. Raises NoPatient; vault.Destroyed where one of them was erased."""
    rows = [identity.latest(patient) for patient in (one, other)]
    if rows[0] is None or rows[1] is None:
        raise NoPatient
    known = [identity.opened(row) for row in rows if row is not None]
    fields = [
        field for field in NewPatient.__slots__
        if getattr(known[0], field) != getattr(known[1], field) and _said(known[0], field) and _said(known[1], field)
    ]  # fmt: skip
    return Compared(identity_of(one), identity_of(other), frozenset(fields))


def _said(known: NewPatient, field: str) -> bool:
    """What is unknown disagrees with nothing."""
    value = getattr(known, field)
    return value in STATED if field == "sex" else value not in (None, "", "none")


def _cards(rows: "QuerySet[Merge]") -> list[MergeCard]:
    held = list(rows.select_related("end", "merged__key"))
    cards = own_cards({pk for row in held for pk in (row.survivor_id, row.merged_id)})
    ends: dict[int, Any] = {row.pk: row.end for row in held if hasattr(row, "end")}
    names = people.names({row.staff_id for row in held} | {end.staff_id for end in ends.values()})
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
