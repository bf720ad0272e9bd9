"""One state of the database for several readings."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BEGIN = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    # a deferred transaction takes no writer lock and sees one snapshot of the write-ahead log
    "sqlite": "BEGIN DEFERRED",
}


@contextmanager
def one_moment() -> Iterator[None]:
    """Read as of one moment: a repeatable-read, read-only transaction that never waits for a writer.

    Inside a transaction of the caller (an act within an act) it is that transaction: rows sealed at or below a head are
    never changed, so two reads at one head agree there as well.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
