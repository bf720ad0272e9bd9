"""Private tables of the pharmacy, by noun."""

from luodi.pharmacy.models.dispensing import Check, Dispense, HandOver, Mismatch, Package, Picked, Undoing
from luodi.pharmacy.models.reviewing import Review, ReviewReason

__all__ = [
    "Check",
    "Dispense",
    "HandOver",
    "Mismatch",
    "Package",
    "Picked",
    "Review",
    "ReviewReason",
    "Undoing",
]
