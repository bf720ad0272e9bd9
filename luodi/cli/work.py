"""What the worker does, round after round: end what is over, review by rule, keep slots and index, tell, seal."""

import logging
import signal
import threading
from collections.abc import Iterable

from django.db import DatabaseError, close_old_connections

from luodi.trust import ledger, spool
from luodi.trust.actor import system
from luodi.trust.refusal import Refusal

log = logging.getLogger("luodi.worker")
_LONGEST = 60.0
AT_ONCE = 50  # closed in one round, so that the ledger is not kept waiting for its seal


def turn() -> None:
    """One round."""
    from luodi.orders import queries as prescriptions

    spool.fold()
    close_lapsed(prescriptions.beyond_extension(AT_ONCE))
    pass_by_rule()
    keep_slots()
    keep_index()
    tell_patients()
    serve_committee()
    ledger.seal()


def close_lapsed(found: Iterable[int]) -> None:
    """Close prescriptions that lapsed for good, each by an act of its own; one that somebody moved first is left."""
    from luodi.orders import actions as orders

    for prescription in found:
        try:
            orders.expire(system("worker"), prescription)
        except Refusal as refusal:
            log.info("a lapsed prescription stays: %s", refusal.code)


def pass_by_rule() -> None:
    """Review what the rule of the house lets the program pass, each by an act of its own."""
    from luodi.pharmacy import actions as pharmacy
    from luodi.pharmacy import queries as reviews

    for prescription in reviews.passable(AT_ONCE):
        try:
            pharmacy.pass_alone(system("worker"), prescription)
        except Refusal as refusal:
            log.info("a prescription waits for a pharmacist: %s", refusal.code)


def keep_slots() -> None:
    """What the clock brings to the roster: sessions of coming days, kept slots freed, holds and bookings ended."""
    from luodi.reception import actions as reception
    from luodi.reception import queries as desks

    by = system("worker")
    if desks.unpublished():
        reception.publish(by)
    for session in desks.to_return(AT_ONCE):
        reception.return_quota(by, session)
    for what, pks in ((reception.end, desks.over(AT_ONCE)), (reception.offer, desks.to_offer(AT_ONCE))):
        for pk in pks:
            try:
                what(by, pk)
            except Refusal as refusal:
                log.info("a slot stays as it is: %s", refusal.code)


def keep_index() -> None:
    """After a rotation of the key `blind` patients are found by the version of before, until a batch a round moves."""
    from luodi.patients import actions as patients
    from luodi.patients.finding import behind

    if behind(1):
        patients.reindex(system("worker"))


def tell_patients() -> None:
    """Hand what is to be told about appointments to the sender, each once; where it fails the desk's list has it."""
    from luodi.portal import sender, telling

    try:
        telling.tell_all(system("worker"), AT_ONCE)
    except sender.NoSender as refusal:
        log.info("nobody is told by text message: %s", refusal.code)


def serve_committee() -> None:
    """Go on with replays, put arranged versions in force, count override rates once a day."""
    from luodi.committee import working

    working.turn(system("worker"))


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
