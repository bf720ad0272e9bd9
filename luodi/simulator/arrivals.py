"""When patients come: hours weighted as a week of Chinese emergency departments, days back from the end."""

from datetime import datetime, timedelta
from random import Random

from luodi.simulator.tables import weights
from luodi.trust.clock import HOSPITAL_ZONE

# Part of the last day's patients come in its last hours, so that there is work to see when the simulation ends.
_LATE, _LATE_HOURS = 0.35, 1.5


def times(rng: Random, visits: int, days: int, end: datetime) -> list[datetime]:
    """`visits` moments in the `days` days before `end`, in order."""
    found: list[datetime] = []
    for back in range(days, 0, -1):
        share = visits // days + (1 if back <= visits % days else 0)
        late = int(share * _LATE) if back == 1 else 0
        start = end - timedelta(days=back)
        found += [_weighted(rng, start) for _ in range(share - late)]
        found += [end - timedelta(hours=_LATE_HOURS * rng.random()) for _ in range(late)]
    return sorted(found)


def _weighted(rng: Random, start: datetime) -> datetime:
    hours = [start + timedelta(hours=hour) for hour in range(24)]
    local = [moment.astimezone(HOSPITAL_ZONE) for moment in hours]
    table = weights()
    chosen = rng.choices(hours, [table[moment.weekday() * 24 + moment.hour] for moment in local])[0]
    return chosen + timedelta(seconds=rng.randrange(3600))
