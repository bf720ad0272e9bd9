"""Public writers of the store."""

from luodi.stock.actions.lots import Receipt, adjust, open_stock, quarantine, recall, receive, release, set_minimum

__all__ = ["Receipt", "adjust", "open_stock", "quarantine", "recall", "receive", "release", "set_minimum"]
