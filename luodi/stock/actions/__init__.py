"""Public writers of the store."""

from luodi.stock.actions.buying import (
    OrderWish,
    approve_order,
    decline_order,
    draft_order,
    end_order,
    new_supplier,
    revise_order,
    send_order,
    submit_order,
)  # fmt: skip
from luodi.stock.actions.lots import Receipt, adjust, open_stock, quarantine, recall, receive, release, set_minimum
from luodi.stock.actions.places import permit, set_levels, set_place, unuse, use
from luodi.stock.actions.recalling import recall_everywhere
from luodi.stock.actions.receiving import Arrived, inspect, send_back
from luodi.stock.actions.stocktakes import (
    approve_stocktake,
    cancel_stocktake,
    close_month,
    open_stocktake,
    submit_stocktake,
    tally,
)  # fmt: skip
from luodi.stock.actions.transfers import ask, cancel_transfer, receive_refill, receive_transfer, refill, send, settle

__all__ = [
    "Arrived", "OrderWish", "Receipt", "adjust", "approve_order", "approve_stocktake", "ask", "cancel_stocktake",
    "cancel_transfer", "close_month", "decline_order", "draft_order", "end_order", "inspect", "new_supplier",
    "open_stock", "open_stocktake", "permit", "quarantine", "recall", "recall_everywhere", "receive",
    "receive_refill", "receive_transfer",
    "refill", "release", "revise_order", "send", "send_back", "send_order", "set_levels", "set_minimum", "set_place",
    "settle", "submit_order", "submit_stocktake", "tally", "unuse", "use",
]  # fmt: skip
