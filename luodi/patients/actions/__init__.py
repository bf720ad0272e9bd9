"""Public writers of the room."""

from .identities import BAND_REASONS, band, correct, register, reindex, reveal, telephone
from .merging import MERGE, merge, set_apart, unmerge
from .newborns import NEWBORN, newborn
from .watching import END, WATCH, unwatch, watch

__all__ = [
    "BAND_REASONS",
    "END",
    "MERGE",
    "NEWBORN",
    "WATCH",
    "band",
    "correct",
    "merge",
    "newborn",
    "register",
    "reindex",
    "reveal",
    "set_apart",
    "telephone",
    "unmerge",
    "unwatch",
    "watch",
]
