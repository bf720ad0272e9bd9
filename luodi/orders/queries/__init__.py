"""Public readers of the room: plain values, opened one page at a time."""

from luodi.orders.checking import current_drugs, rights
from luodi.orders.queries.desk import earlier, favourites, habit, of_encounter
from luodi.orders.queries.doses import due_tasks, prn_lines, task, tasks
from luodi.orders.queries.sheet import (
    extensions,
    findings,
    prescription,
    replies,
    returns,
    signatures,
    signed_answers,
    signed_findings,
    stop_words,
    try_line,
)
from luodi.orders.queries.strips import strip, strips, task_strip
from luodi.orders.queries.worklists import (
    awaiting,
    awaiting_check,
    awaiting_handing,
    awaiting_preparation,
    awaiting_receipt,
    awaiting_review,
    awaiting_verification,
    lapsed,
    returned,
    stopped_after,
)

__all__ = [
    "awaiting",
    "awaiting_check",
    "awaiting_handing",
    "awaiting_preparation",
    "awaiting_receipt",
    "awaiting_review",
    "awaiting_verification",
    "current_drugs",
    "due_tasks",
    "earlier",
    "extensions",
    "favourites",
    "findings",
    "habit",
    "lapsed",
    "of_encounter",
    "prescription",
    "prn_lines",
    "replies",
    "returned",
    "returns",
    "rights",
    "signatures",
    "signed_answers",
    "signed_findings",
    "stop_words",
    "stopped_after",
    "strip",
    "strips",
    "task",
    "task_strip",
    "tasks",
    "try_line",
]
