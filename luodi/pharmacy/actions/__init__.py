"""Public writers of the pharmacy."""

from luodi.pharmacy.actions.dispensing import check, hand_over, mismatch, prepare, unprepare
from luodi.pharmacy.actions.reviewing import review, send_back

__all__ = ["check", "hand_over", "mismatch", "prepare", "review", "send_back", "unprepare"]
