"""Public writers of the ward."""

from .administer import administer
from .beds import furnish, place, release
from .receiving import receive, send_back, verify
from .returning import give_back

__all__ = ["administer", "furnish", "give_back", "place", "receive", "release", "send_back", "verify"]
