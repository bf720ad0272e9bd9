"""Public readers of the pharmacy: the review queue, the bench, packages, and where a lot went."""

from luodi.pharmacy.queries.baskets import Bench, Row, bench, dispensing, plan, strays
from luodi.pharmacy.queries.packed import PackageCard, is_torn, package, packages
from luodi.pharmacy.queries.tracing import Traced, traced
from luodi.pharmacy.queries.verdicts import QueueRow, ReviewCard, changes, queue, returned, reviews

__all__ = [
    "Bench",
    "PackageCard",
    "QueueRow",
    "ReviewCard",
    "Row",
    "Traced",
    "bench",
    "changes",
    "dispensing",
    "is_torn",
    "package",
    "packages",
    "plan",
    "queue",
    "returned",
    "reviews",
    "strays",
    "traced",
]
