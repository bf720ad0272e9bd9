"""Public writers of the pharmacy."""

from luodi.pharmacy.actions.coding import trace, trace_absent, untrace
from luodi.pharmacy.actions.dispensing import check, hand_over, mismatch, prepare, unprepare
from luodi.pharmacy.actions.owing import end_debt
from luodi.pharmacy.actions.passing import RuleWish, pass_alone, set_rule
from luodi.pharmacy.actions.returning import give_back, judge, take_back
from luodi.pharmacy.actions.reviewing import call, claim, review, send_back

__all__ = [
    "RuleWish", "call", "check", "claim", "end_debt", "give_back", "hand_over", "judge", "mismatch", "pass_alone",
    "prepare", "review", "send_back", "set_rule", "take_back", "trace", "trace_absent",
    "unprepare", "untrace",
]  # fmt: skip
