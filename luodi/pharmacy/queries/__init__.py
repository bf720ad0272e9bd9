"""Public readers of the pharmacy: the review queue, the bench, packages, and where a lot went."""

from luodi.pharmacy.queries.baskets import Bench, Row, bench, dispensing, plan, strays
from luodi.pharmacy.queries.carried import Carried, Handed, carried, handed, packs
from luodi.pharmacy.queries.packed import PackageCard, is_torn, package, packages
from luodi.pharmacy.queries.tracing import Traced, traced
from luodi.pharmacy.queries.verdicts import QueueRow, ReviewCard, changes, queue, returned, reviews

__all__ = [
    "Bench",
    "Carried",
    "Handed",
    "PackageCard",
    "QueueRow",
    "ReviewCard",
    "Row",
    "Traced",
    "bench",
    "carried",
    "changes",
    "dispensing",
    "handed",
    "is_torn",
    "package",
    "packages",
    "packs",
    "plan",
    "queue",
    "returned",
    "reviews",
    "strays",
    "traced",
]
