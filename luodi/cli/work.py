"""What the worker does, round after round: seal the ledger, fold the spool in."""

import logging
import signal
import threading

from django.db import DatabaseError, close_old_connections

from luodi.trust import ledger, spool
from luodi.trust.refusal import Refusal

log = logging.getLogger("luodi.worker")
_LONGEST = 60.0


def turn() -> None:
    """One round."""
    spool.fold()
    ledger.seal()


def run(every: float) -> None:
    """Rounds until told to stop. A fault is logged and waited out, ever longer; nothing is skipped by it."""
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopped.set())
    pause = every
    while not stopped.wait(pause):
        try:
            turn()
            pause = every
        except (DatabaseError, OSError, Refusal) as fault:
            log.warning("sealing waits: %s", type(fault).__name__)
            pause = min(_LONGEST, pause * 2)
            close_old_connections()
