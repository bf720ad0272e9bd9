"""Public readers of the pharmacy: the review queue, the bench, packages and the store."""

from luodi.pharmacy.queries.baskets import Bench, Row, bench, dispensing, plan, strays
from luodi.pharmacy.queries.packed import PackageCard, is_torn, package, packages
from luodi.pharmacy.queries.store import (
    LotCard,
    StockRow,
    lot,
    lots,
    movements,
    product,
    stock,
    traced,
)
from luodi.pharmacy.queries.verdicts import QueueRow, ReviewCard, changes, queue, returned, reviews

__all__ = [
    "Bench",
    "LotCard",
    "PackageCard",
    "QueueRow",
    "ReviewCard",
    "Row",
    "StockRow",
    "bench",
    "changes",
    "dispensing",
    "is_torn",
    "lot",
    "lots",
    "movements",
    "package",
    "packages",
    "plan",
    "product",
    "queue",
    "returned",
    "reviews",
    "stock",
    "strays",
    "traced",
]
