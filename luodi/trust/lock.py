"""A fair lock between the processes of one machine, for SQLite's single writer.

SQLite lets one process write at a time, and a plain file lock lets whoever is quickest take it, so that a busy worker
can starve the others. Here each writer draws a ticket and waits for the ticket before its own; the kernel drops the
locks of a process that dies, so that a crash never leaves the queue standing. A waiter that dies opens the way for the
next one early, so the turn alone does not exclude: the writer byte does.
"""

import fcntl
import os
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Byte offsets in the lock file. They are places to lock, the file itself holds only the ticket counter (8 bytes).
_MUTEX, _WRITER, _TICKETS = 0, 1, 16
_FAIR = sys.platform == "linux" and hasattr(fcntl, "F_OFD_SETLKW")
_local = threading.local()


def _ofd(fd: int, kind: int, offset: int) -> None:
    # Open-file-description locks, unlike POSIX ones, also exclude the threads of one process from each other.
    fcntl.fcntl(fd, fcntl.F_OFD_SETLKW, struct.pack("hhqqi0q", kind, os.SEEK_SET, offset, 1, 0))


def _descriptor(path: Path) -> int:
    """One descriptor per thread, process and file: a descriptor inherited by fork would share its locks."""
    held: dict[tuple[str, int], int] = _local.__dict__.setdefault("descriptors", {})
    key = (str(path), os.getpid())
    if key not in held:
        held[key] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return held[key]


def _draw(fd: int) -> int:
    _ofd(fd, fcntl.F_WRLCK, _MUTEX)
    try:
        ticket = int.from_bytes(os.pread(fd, 8, 0), "little")
        os.pwrite(fd, (ticket + 1).to_bytes(8, "little"), 0)
        _ofd(fd, fcntl.F_WRLCK, _TICKETS + ticket)
    finally:
        _ofd(fd, fcntl.F_UNLCK, _MUTEX)
    return ticket


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Hold the one write turn of the database beside which `path` lies; waiters are served in order of arrival."""
    fd = _descriptor(path)
    if not _FAIR:
        fcntl.flock(fd, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(fd, fcntl.LOCK_UN)
        return
    ticket = _draw(fd)
    try:
        if ticket:
            _ofd(fd, fcntl.F_WRLCK, _TICKETS + ticket - 1)
            _ofd(fd, fcntl.F_UNLCK, _TICKETS + ticket - 1)
        _ofd(fd, fcntl.F_WRLCK, _WRITER)
        yield
    finally:
        _ofd(fd, fcntl.F_UNLCK, _WRITER)
        _ofd(fd, fcntl.F_UNLCK, _TICKETS + ticket)
