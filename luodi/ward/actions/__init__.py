"""Public writers of the ward."""

from .administer import administer
from .beds import furnish, place, release
from .receiving import receive, send_back, verify

__all__ = ["administer", "furnish", "place", "receive", "release", "send_back", "verify"]
