"""Public readers of the store."""

from luodi.stock.queries.documents import cargo
from luodi.stock.queries.shelves import (
    SOON,
    STATE_WORDS,
    LotCard,
    Moved,
    StockRow,
    blocked_by,
    lot,
    lots,
    lots_by_number,
    movements,
    on_hand,
    product,
    stock,
)  # fmt: skip
from luodi.stock.queries.sources import Came, Source, sources
from luodi.stock.queries.supply import at_best, available, places, suppliers, value_at

__all__ = [
    "SOON", "STATE_WORDS", "Came", "LotCard", "Moved", "Source", "StockRow", "at_best", "available", "blocked_by",
    "cargo", "lot", "lots", "lots_by_number", "movements", "on_hand", "places", "product", "sources", "stock",
    "suppliers", "value_at",
]  # fmt: skip
