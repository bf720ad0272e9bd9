"""Public writers of the room."""

from .identities import BAND_REASONS, band, correct, register, reindex, reveal
from .merging import MERGE, merge, set_apart, unmerge

__all__ = [
    "BAND_REASONS",
    "MERGE",
    "band",
    "correct",
    "merge",
    "register",
    "reindex",
    "reveal",
    "set_apart",
    "unmerge",
]
