"""Reads of patient data are evidence too: one entry a request, naming all patients shown, before the answer leaves."""

from luodi.trust import ledger, spool
from luodi.trust.access import watching
from luodi.trust.actor import Actor, Ref
from luodi.trust.refusal import ClockBackwards, StorageFull
from luodi.trust.write import write


def record(by: Actor, patients: set[int], screen: str) -> bool:
    """Write the reading. Where the ledger cannot take it, keep it in the spool and answer False: care goes on.

    Raises spool.SpoolFull where nothing can be kept any more.
    """
    named = sorted(patients)
    try:
        only = named[0] if len(named) == 1 else None
        facts = {"screen": screen} if only else {"screen": screen, "patients": named}
        watched = watching.watched(named) if by.staff else {}
        about = Ref("reading", 0, only)
        if not watched:
            ledger.record("read", by=by, about=about, facts=facts)
            return True
        with write():
            watching.note(ledger.record("read", by=by, about=about, facts=facts), by, watched, screen)
    except (StorageFull, ClockBackwards):
        spool.keep(by, named, screen)
        return False
    return True
