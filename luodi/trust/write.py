"""The one way into a write transaction.

On SQLite it takes the fair turn and BEGIN IMMEDIATE; on PostgreSQL it is a transaction. It is reentrant per thread: an
inner block is a savepoint. Hashing, signing and rendering belong before it, never inside.
"""

import errno
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from luodi.trust.lock import turn
from luodi.trust.refusal import StorageFull

_local = threading.local()
_FULL = ("database or disk is full", "no space left on device", "disk i/o error", "could not extend file")


def in_write() -> bool:
    """True inside a `write()` block of this thread."""
    return bool(getattr(_local, "depth", 0))


def _lock_file() -> Path | None:
    return _beside(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None


@cache
def _beside(name: str) -> Path | None:
    """The file of turns beside a SQLite database; None for one in memory."""
    if ":memory:" in name or "mode=memory" in name:
        return None
    return Path(name.removeprefix("file:").partition("?")[0] + ".turn")


def storage_full(fault: BaseException) -> bool:
    """True where a fault of database or files says that the disk takes no more."""
    if isinstance(fault, OSError):
        return fault.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(fault, DatabaseError) and any(word in str(fault).lower() for word in _FULL)


@contextmanager
def write() -> Iterator[None]:
    """Run the block in a durable write transaction. Raises StorageFull where the disk holds no more."""
    depth = getattr(_local, "depth", 0)
    try:
        with ExitStack() as stack:
            lock = _lock_file()
            if depth == 0 and lock is not None:
                stack.enter_context(turn(lock))
            stack.enter_context(transaction.atomic())
            _local.depth = depth + 1
            try:
                yield
            finally:
                _local.depth = depth
    except (DatabaseError, OSError) as fault:
        if storage_full(fault):
            raise StorageFull from fault
        raise


@contextmanager
def one_moment() -> Iterator[None]:
    """A read transaction that sees one moment throughout (repeatable read), for figures that must agree."""
    if in_write() or connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        # Django would begin every SQLite transaction as a writer here; a reader needs only its snapshot.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
