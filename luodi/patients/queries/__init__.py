"""Public readers of the room."""

from .merges import MergeCard, merge_of, merges, merges_of
from .persons import Person, person, persons, survivor, survivors, whole
from .records import (
    LIMIT,
    by_wristband,
    card,
    cards,
    duplicates,
    hold,
    identity_of,
    key_of,
    open_for,
    open_many,
    registered_by,
    seal_for,
    search,
    wristband,
)

__all__ = [
    "LIMIT",
    "MergeCard",
    "Person",
    "by_wristband",
    "card",
    "cards",
    "duplicates",
    "hold",
    "identity_of",
    "key_of",
    "merge_of",
    "merges",
    "merges_of",
    "open_for",
    "open_many",
    "person",
    "persons",
    "registered_by",
    "seal_for",
    "search",
    "survivor",
    "survivors",
    "whole",
    "wristband",
]
