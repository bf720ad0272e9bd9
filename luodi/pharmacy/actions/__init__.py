"""Public writers of the pharmacy."""

from luodi.pharmacy.actions.dispensing import check, hand_over, mismatch, prepare, unprepare
from luodi.pharmacy.actions.owing import end_debt
from luodi.pharmacy.actions.passing import RuleWish, pass_alone, set_rule
from luodi.pharmacy.actions.reviewing import call, claim, review, send_back

__all__ = [
    "RuleWish", "call", "check", "claim", "end_debt", "hand_over", "mismatch", "pass_alone", "prepare", "review",
    "send_back", "set_rule", "unprepare",
]  # fmt: skip
