"""Days of work: every visit is a small script that acts, then says when it goes on; one clock orders them all.

Everything is decided by one seeded random source, and the scripts run strictly in the order of simulated time, so that
the same seed gives the same facts. Work that would happen after `until` is left open: that is the day's backlog.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from luodi.simulator import arrivals
from luodi.simulator.crew import Crew
from luodi.simulator.place import Hospital, Script
from luodi.simulator.summary import Summary
from luodi.simulator.visits import script_for
from luodi.trust import clock, ledger
from luodi.trust.refusal import Refusal

# What may be said no to in the course of a simulated day; anything else is a fault and stops the simulation.
EXPECTED = {"already_registered", "bed_taken", "prescription_expired", "session_stopped", "slot_taken", "stock_short"}
_SEAL_EVERY = 400


def simulate(
    *,
    visits: int,
    days: int,
    seed: int,
    until: datetime | None = None,
    progress: Callable[[], object] | None = None,
) -> Summary:
    """Let `visits` patients come in the `days` days before `until` (default now). Returns what happened.

    Raises any Refusal that is not in EXPECTED.
    """
    rng = Random(seed)  # noqa: S311 - a simulation wants to be repeatable
    end = until or clock.now()
    first = arrivals.times(rng, visits, days, end)
    with clock.at(first[0] if first else end):
        hospital = Hospital(rng, Crew(), end)
    queue: list[tuple[datetime, int, Script]] = []
    order = count()
    for number, moment in enumerate(first):
        heapq.heappush(queue, (moment, next(order), _told(script_for(hospital, number), progress)))
    _run(hospital, queue, order, end)
    ledger.seal()
    return hospital.summary(end)


def _told(script: Script, progress: Callable[[], object] | None) -> Script:
    try:
        yield from script
    finally:
        if progress is not None:
            progress()


def _run(hospital: Hospital, queue: list[tuple[datetime, int, Script]], order: "count[int]", end: datetime) -> None:
    while queue:
        moment, _number, script = heapq.heappop(queue)
        if moment > end:
            script.close()
            continue
        with clock.at(moment):
            then = _step(hospital, script)
        if isinstance(then, timedelta):
            heapq.heappush(queue, (moment + max(then, timedelta(0)), next(order), script))
        elif isinstance(then, datetime):
            heapq.heappush(queue, (max(then, moment), next(order), script))
        for spawned in hospital.take_spawned():
            heapq.heappush(queue, (max(spawned[0], moment), next(order), spawned[1]))
        hospital.steps += 1
        if hospital.steps % _SEAL_EVERY == 0:
            ledger.seal()


def _step(hospital: Hospital, script: Script) -> object:
    """Let a script act until it waits; None at its end. A refusal ends the visit and is counted."""
    try:
        return next(script)
    except StopIteration:
        return None
    except Refusal as refusal:
        if refusal.code not in EXPECTED:
            raise
        hospital.refused[refusal.code] += 1
        return None
