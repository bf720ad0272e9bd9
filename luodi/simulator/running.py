"""Days of work: every visit is a small script that acts, then says when it goes on; one clock orders them all.

Everything is decided by one seeded random source, and the scripts run strictly in the order of simulated time, so that
the same seed gives the same facts. Work that would happen after `until` is left open: that is the day's backlog.
"""

import heapq
from collections.abc import Callable, Collection, Iterable
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

# What may be said no to where somebody else works in the same hospital, or its one reviewer falls days behind: the
# visit ends there and is counted. Anything else is a fault and stops the simulation.
EXPECTED = {"bed_taken", "extension_too_long", "session_stopped", "slot_taken", "stock_short"}
_SEAL_EVERY = 400


def simulate(
    *,
    visits: int,
    days: int,
    seed: int,
    until: datetime | None = None,
    quiet: timedelta = timedelta(0),
    progress: Callable[[], object] | None = None,
) -> Summary:
    """Let `visits` patients come in the `days` days before `until` (default now). Returns what happened.

    quiet: nobody comes in this last span, in which the work is done that is waiting.

    Raises any Refusal that is not in EXPECTED.
    """
    rng = Random(seed)  # noqa: S311 - a simulation wants to be repeatable
    end = until or clock.now()
    first = arrivals.times(rng, visits, days, end - quiet)
    with clock.at(first[0] if first else end):
        hospital = Hospital(rng, Crew(), end, per_day=-(-visits // days))
    begun = [(moment, _told(script_for(hospital, number), progress)) for number, moment in enumerate(first)]
    carry_out(hospital, begun)
    return hospital.summary(end - quiet - timedelta(days=days))


def carry_out(
    hospital: Hospital, begun: Iterable[tuple[datetime, Script]], *, expected: Collection[str] = EXPECTED
) -> None:
    """Run scripts, each from its moment on, until the hospital's end; then seal.

    Raises any Refusal whose code is not in `expected`.
    """
    order = count()
    queue = [(moment, next(order), script) for moment, script in begun]
    heapq.heapify(queue)
    _run(hospital, queue, order, expected)
    ledger.seal()


def _told(script: Script, progress: Callable[[], object] | None) -> Script:
    try:
        yield from script
    finally:
        if progress is not None:
            progress()


def _run(
    hospital: Hospital, queue: list[tuple[datetime, int, Script]], order: "count[int]", expected: Collection[str]
) -> None:
    while queue:
        moment, _number, script = heapq.heappop(queue)
        if moment > hospital.end:
            script.close()
            continue
        with clock.at(moment):
            then = _step(hospital, script, expected)
        if isinstance(then, timedelta):
            heapq.heappush(queue, (moment + max(then, timedelta(0)), next(order), script))
        elif isinstance(then, datetime):
            heapq.heappush(queue, (max(then, moment), next(order), script))
        for spawned in hospital.take_spawned():
            heapq.heappush(queue, (max(spawned[0], moment), next(order), spawned[1]))
        hospital.steps += 1
        if hospital.steps % _SEAL_EVERY == 0:
            ledger.seal()


def _step(hospital: Hospital, script: Script, expected: Collection[str] = EXPECTED) -> object:
    """Let a script act until it waits; None at its end. A refusal ends the visit and is counted."""
    try:
        return next(script)
    except StopIteration:
        return None
    except Refusal as refusal:
        if refusal.code not in expected:
            raise
        hospital.refused[refusal.code] += 1
        return None
