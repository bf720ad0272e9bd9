"""Private tables of vigilance, by noun. State is a row: nothing is moved in place."""

from luodi.vigilance.models.reactions import (
    Assessment,
    Dismissal,
    End,
    FollowUp,
    Group,
    Reaction,
    Report,
    Submission,
    Suspect,
    Version,
)
from luodi.vigilance.models.recalls import Contact, RecallCase, RecallEnd, RecallLot, Recovery

__all__ = [
    "Assessment",
    "Contact",
    "Dismissal",
    "End",
    "FollowUp",
    "Group",
    "Reaction",
    "RecallCase",
    "RecallEnd",
    "RecallLot",
    "Recovery",
    "Report",
    "Submission",
    "Suspect",
    "Version",
]
