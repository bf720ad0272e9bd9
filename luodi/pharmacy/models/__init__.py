"""Private tables of the pharmacy, by noun."""

from luodi.pharmacy.models.coding import TraceAbsence, TraceCode, TraceEnd
from luodi.pharmacy.models.dispensing import Check, Dispense, HandOver, Mismatch, Package, Picked, Undoing
from luodi.pharmacy.models.owing import DebtEnd
from luodi.pharmacy.models.returning import Decision, Return, ReturnedLot
from luodi.pharmacy.models.reviewing import Call, Claim, PassRule, Review, ReviewReason

__all__ = [
    "Call",
    "Check",
    "Claim",
    "DebtEnd",
    "Decision",
    "Dispense",
    "HandOver",
    "Mismatch",
    "Package",
    "PassRule",
    "Picked",
    "Return",
    "ReturnedLot",
    "Review",
    "ReviewReason",
    "TraceAbsence",
    "TraceCode",
    "TraceEnd",
    "Undoing",
]
