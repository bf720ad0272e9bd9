"""Keep it ours: who may do what, and whose data."""

from luodi.trust.access.care import NoCare, cares, glass, relate, related, require_care, unrelate, unreviewed
from luodi.trust.access.permissions import may, permissions, require, require_operator
from luodi.trust.access.same import Person, person, persons, regroup
from luodi.trust.access.watching import unwatch, watch, watched

__all__ = [
    "NoCare",
    "Person",
    "cares",
    "glass",
    "may",
    "permissions",
    "person",
    "persons",
    "regroup",
    "relate",
    "related",
    "require",
    "require_care",
    "require_operator",
    "unrelate",
    "unreviewed",
    "unwatch",
    "watch",
    "watched",
]
