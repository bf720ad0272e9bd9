"""Public readers of vigilance."""

from luodi.vigilance.queries.exposures import exposures
from luodi.vigilance.queries.reactions import groups, reaction, reactions, reactions_of, waiting
from luodi.vigilance.queries.recalls import RecallCard, recall, recalls
from luodi.vigilance.queries.tracing import Trace, trace
from luodi.vigilance.queries.triggers import Candidate, candidates

__all__ = [
    "Candidate",
    "RecallCard",
    "Trace",
    "candidates",
    "exposures",
    "groups",
    "reaction",
    "reactions",
    "reactions_of",
    "recall",
    "recalls",
    "trace",
    "waiting",
]
