"""Private tables of the trust room: people, access, vault, ledger."""

from luodi.trust.models.access import (
    Bond,
    BreakGlass,
    BreakGlassReview,
    CareRelation,
    SamePerson,
    WatchedPatient,
    WatchedReading,
    WatchedReview,
)
from luodi.trust.models.ledger import Block, Entry, Pending, Seat
from luodi.trust.models.people import Grant, Holding, Permission, Policy, Post, Staff, Unit
from luodi.trust.models.sessions import LoginAttempt, PasswordHistory, Session
from luodi.trust.models.vault import DataKey, PurposeKey, SigningKey

__all__ = [
    "Block",
    "Bond",
    "BreakGlass",
    "BreakGlassReview",
    "CareRelation",
    "DataKey",
    "Entry",
    "Grant",
    "Holding",
    "LoginAttempt",
    "PasswordHistory",
    "Pending",
    "Permission",
    "Policy",
    "Post",
    "PurposeKey",
    "SamePerson",
    "Seat",
    "Session",
    "SigningKey",
    "Staff",
    "Unit",
    "WatchedPatient",
    "WatchedReading",
    "WatchedReview",
]
