"""Keep it ours: who may do what, and whose data."""

from luodi.trust.access.care import NoCare, cares, glass, relate, require_care, unrelate, unreviewed
from luodi.trust.access.permissions import may, permissions, require, require_operator

__all__ = [
    "NoCare",
    "cares",
    "glass",
    "may",
    "permissions",
    "relate",
    "require",
    "require_care",
    "require_operator",
    "unrelate",
    "unreviewed",
]
