"""Public readers of the room."""

from luodi.controlled.queries.books import AccountCard, LineCard, account, accounts, months, page
from luodi.controlled.queries.empties import OwedCard, ResidueCard, owed, owed_of, residues
from luodi.controlled.queries.entries import IssueCard, issues
from luodi.controlled.queries.resolved import ResolvedCard, resolved

__all__ = [
    "AccountCard",
    "IssueCard",
    "LineCard",
    "OwedCard",
    "ResidueCard",
    "ResolvedCard",
    "account",
    "accounts",
    "issues",
    "months",
    "owed",
    "owed_of",
    "page",
    "residues",
    "resolved",
]
