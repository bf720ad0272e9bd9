"""拆分: when the doses of a line are due. Pure.

Times of day come from the frequency table (common frequency codes; the hospital sets them). A frequency of less than
once a day spreads its doses evenly over the days (biw: day 0, 4, 7, 11 …).
"""

from datetime import datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from luodi.terms.rulebook import FrequencyFact
from luodi.trust.clock import HOSPITAL_ZONE


def doses(frequency: FrequencyFact, days: Decimal) -> int | None:
    """Number of doses in `days`; None where the frequency fixes none (prn, sos)."""
    if frequency.once:
        return 1
    if frequency.per_day is None:
        return None
    # Thirds and sevenths are rounded in the table: 2/7 × 7 days is two doses, not three.
    return int((frequency.per_day * days).quantize(Decimal("0.001")).to_integral_value(ROUND_CEILING))


def planned_times(frequency: FrequencyFact, days: Decimal, start: datetime) -> list[datetime]:
    """Moments (aware) of all doses, the first at or after `start`; a single dose is due at `start`.

    Empty for a frequency without fixed times. Raises ValueError for a naive start.
    """
    if start.tzinfo is None:
        raise ValueError("a start needs an aware time")
    count = doses(frequency, days)
    if frequency.once:
        return [start]
    if not count or not frequency.times:
        return []
    clocks = sorted(time.fromisoformat(text) for text in frequency.times)
    local = start.astimezone(HOSPITAL_ZONE)
    if frequency.per_day is not None and frequency.per_day < 1:
        first = _first(local, clocks[:1])
        step = 1 / frequency.per_day
        return [first + timedelta(days=int((step * n).to_integral_value(ROUND_HALF_UP))) for n in range(count)]
    moments: list[datetime] = []
    day = 0
    while len(moments) < count:
        on = local.date() + timedelta(days=day)
        moments += [at for at in (datetime.combine(on, clock, HOSPITAL_ZONE) for clock in clocks) if at >= local]
        day += 1
    return moments[:count]


def _first(local: datetime, clocks: list[time]) -> datetime:
    today = datetime.combine(local.date(), clocks[0], HOSPITAL_ZONE)
    return today if today >= local else today + timedelta(days=1)
