"""Public writers of the room."""

from luodi.committee.actions.agenda import rule, set_threshold, survey
from luodi.committee.actions.deciding import decide
from luodi.committee.actions.launching import launch, launched, withdraw
from luodi.committee.actions.proposing import propose
from luodi.committee.actions.replays import go_on, replay

__all__ = [
    "decide",
    "go_on",
    "launch",
    "launched",
    "propose",
    "replay",
    "rule",
    "set_threshold",
    "survey",
    "withdraw",
]
