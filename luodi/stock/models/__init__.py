"""Private tables of the store, by noun.

Moved in place, by conditional updates alone: `Lot.on_hand` (the sum of the lot's movements, never below zero),
`Lot.state`, `Account` (the same sum by unit and medicine, with its value), `Cargo.on_way` and the state of a document,
each with a `rev` that counts. Everything else is a row that stays.
"""

from luodi.stock.models.buying import Delivery, DeliveryLine, Order, OrderLine, SentBack, Supplier
from luodi.stock.models.counting import Count, Minimum
from luodi.stock.models.lots import Lot, LotChange, LotNumber, ProductCode
from luodi.stock.models.moving import Account, Movement
from luodi.stock.models.papers import Paper, Turn
from luodi.stock.models.places import Permit, Place, Use, UseEnd
from luodi.stock.models.stocktakes import Closing, ClosingLine, Sheet, Stocktake, Tally
from luodi.stock.models.transfers import Cargo, Transfer, TransferLine

__all__ = [
    "Account",
    "Cargo",
    "Closing",
    "ClosingLine",
    "Count",
    "Delivery",
    "DeliveryLine",
    "Lot",
    "LotChange",
    "LotNumber",
    "Minimum",
    "Movement",
    "Order",
    "OrderLine",
    "Paper",
    "Permit",
    "Place",
    "ProductCode",
    "SentBack",
    "Sheet",
    "Stocktake",
    "Supplier",
    "Tally",
    "Transfer",
    "TransferLine",
    "Turn",
    "Use",
    "UseEnd",
]
