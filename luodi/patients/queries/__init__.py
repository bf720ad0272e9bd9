"""Public readers of the room."""

from luodi.trust.access import Person

from .alike import Pair, Pairs, pairs, pairs_of
from .family import BirthCard, babies_of, birth_of
from .merging import Compared, MergeCard, compared, merge_of, merges, merges_of
from .records import (
    LIMIT,
    agrees,
    by_wristband,
    card,
    cards,
    duplicates,
    hold,
    holder,
    identity_of,
    key_of,
    open_for,
    open_many,
    own_cards,
    registered_by,
    seal_for,
    search,
    standing_there,
    wristband,
)
from .same import person, persons, survivor, survivors, whole
from .watching import WatchCard, watch_of, watches

__all__ = [
    "LIMIT",
    "BirthCard",
    "Compared",
    "MergeCard",
    "Pair",
    "Pairs",
    "Person",
    "WatchCard",
    "agrees",
    "babies_of",
    "birth_of",
    "by_wristband",
    "card",
    "cards",
    "compared",
    "duplicates",
    "hold",
    "holder",
    "identity_of",
    "key_of",
    "merge_of",
    "merges",
    "merges_of",
    "open_for",
    "open_many",
    "own_cards",
    "pairs",
    "pairs_of",
    "person",
    "persons",
    "registered_by",
    "seal_for",
    "search",
    "standing_there",
    "survivor",
    "survivors",
    "watch_of",
    "watches",
    "whole",
    "wristband",
]
