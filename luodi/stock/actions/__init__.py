"""Public writers of the store."""

from luodi.stock.actions.lots import Receipt, adjust, open_stock, quarantine, recall, receive, release, set_minimum
from luodi.stock.actions.recalling import recall_everywhere

__all__ = [
    "Receipt",
    "adjust",
    "open_stock",
    "quarantine",
    "recall",
    "recall_everywhere",
    "receive",
    "release",
    "set_minimum",
]
