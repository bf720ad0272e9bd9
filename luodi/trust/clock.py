"""The one clock. Aware UTC; a simulated time can be set for a block (simulator, tests)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HOSPITAL_ZONE = ZoneInfo("Asia/Shanghai")

_at: ContextVar[datetime | None] = ContextVar("clock_at", default=None)


def now() -> datetime:
    """The present moment, aware UTC."""
    return _at.get() or datetime.now(UTC)


def today() -> date:
    """The hospital's calendar day (Asia/Shanghai): a prescription is valid on it, a queue number counts in it."""
    return now().astimezone(HOSPITAL_ZONE).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware time")
    token = _at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _at.reset(token)
