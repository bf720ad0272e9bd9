"""A simulated outpatient day of 1,000 visits, beside the same number of bare ledgered acts.

The day commits every act by itself, with the durability of a real one. --quick runs 60 visits and scales by 1,000/60.
`prescriptions` says how far the demo's staff came: three clinic doctors and one reviewer leave a part of 1,000 waiting.
"""

import time
from typing import Any

VISITS, FEW = 1000, 60


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """Seconds of the day, wall clock and processor."""
    from luodi.simulator import seed, simulate
    from luodi.trust import ledger
    from luodi.trust.models import Entry

    visits = FEW if quick else VISITS
    seed.hospital()
    before = Entry.objects.filter(cause=None).count()
    wall, processor = time.monotonic(), time.process_time()
    summary = simulate(visits=visits, days=1, seed=20261123)
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
