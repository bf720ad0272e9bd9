"""Private tables of the pharmacy, by noun."""

from luodi.pharmacy.models.dispensing import Check, Dispense, HandOver, Mismatch, Package, Picked, Undoing
from luodi.pharmacy.models.owing import DebtEnd
from luodi.pharmacy.models.reviewing import Call, Claim, PassRule, Review, ReviewReason

__all__ = [
    "Call",
    "Check",
    "Claim",
    "DebtEnd",
    "Dispense",
    "HandOver",
    "Mismatch",
    "Package",
    "PassRule",
    "Picked",
    "Review",
    "ReviewReason",
    "Undoing",
]
