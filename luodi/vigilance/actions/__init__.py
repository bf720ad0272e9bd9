"""Public writers of vigilance."""

from luodi.vigilance.actions.assessing import assess, close, dismiss, follow_up, submit, to_chart
from luodi.vigilance.actions.contacting import contact, recover
from luodi.vigilance.actions.recalling import close_recall, open_recall
from luodi.vigilance.actions.reporting import amend, draft, open_group, report, withdraw

__all__ = [
    "amend",
    "assess",
    "close",
    "close_recall",
    "contact",
    "dismiss",
    "draft",
    "follow_up",
    "open_group",
    "open_recall",
    "recover",
    "report",
    "submit",
    "to_chart",
    "withdraw",
]
