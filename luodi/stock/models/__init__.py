"""Private tables of the store: lots with their movements, counts, minimums, and the codes on boxes.

Two columns are moved in place, by conditional updates alone: `Lot.on_hand` (the sum of the lot's movements, never below
zero) and `Lot.state`, with `Lot.rev` counting. Everything else is a row that stays.
"""

from luodi.stock.models.counting import Count, Minimum
from luodi.stock.models.lots import Lot, LotChange, ProductCode
from luodi.stock.models.moving import Movement

__all__ = ["Count", "Lot", "LotChange", "Minimum", "Movement", "ProductCode"]
