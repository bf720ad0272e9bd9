"""A simulated outpatient day of 1,000 visits, beside the same number of bare ledgered acts.

The day commits every act by itself, with the durability of a real one. --quick runs 60 visits and scales by 1,000/60.
The hospital has the staff for it (`relief.csv`); nobody comes in the last hours, so that the day is worked through, and
`prescriptions` says how many of the visits came to one.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from luodi.trust import clock

VISITS, FEW = 1000, 60
QUIET = timedelta(hours=5)


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """Seconds of the day, wall clock and processor."""
    from luodi.simulator import seed, simulate
    from luodi.trust import ledger
    from luodi.trust.models import Entry

    visits = FEW if quick else VISITS
    seed.hospital()
    seed.relieve()
    before = Entry.objects.filter(cause=None).count()
    wall, processor = time.monotonic(), time.process_time()
    summary = simulate(visits=visits, days=1, seed=20261123, until=_evening(), quiet=QUIET)
    wall, processor = time.monotonic() - wall, time.process_time() - processor
    acts = Entry.objects.filter(cause=None).count() - before
    floor = _bare(acts)
    scale = VISITS / visits
    return {
        "results": [
            {
                "metric": "outpatient_day_1000", "value": round(wall * scale, 1), "unit": "s",
                "floor": round(floor * scale, 1), "ratio": round(wall / floor, 2),
                "processor": round(processor * scale, 1), "visits": visits, "scaled": quick, "acts": acts,
                "refused": sum(summary.refusals.values()), "prescriptions": summary.prescriptions,
            }
        ],
        "errors": int(not ledger.verify().ok),
    }  # fmt: skip


def _evening() -> datetime:
    """Eight in the evening of the last whole day, so that every run has the same hours."""
    day = clock.today() - timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), clock.HOSPITAL_ZONE) + timedelta(hours=20)


def _bare(acts: int) -> float:
    from luodi.trust.act import about, act
    from luodi.trust.actor import NOBODY

    @act("bench.bare", may=None)
    def bare(_by: Any, number: int) -> None:
        about("bench", number)

    begin = time.monotonic()
    for number in range(acts):
        bare(NOBODY, number)
    return time.monotonic() - begin
