"""Arithmetic of booking ahead: when slots are released, which part of the session a slot is, who may not book."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from luodi.trust.clock import HOSPITAL_ZONE

from . import policy

ON_THE_DAY = "window"  # the channel of who registers at the desk


class Segment(NamedTuple):
    """A part of a session in which a patient is asked to come; aware datetimes."""

    starts: datetime
    ends: datetime


def at(day: date, moment: time) -> datetime:
    """A time of a day on the hospital's clock."""
    return datetime.combine(day, moment, HOSPITAL_ZONE)


def span(day: date, part: str) -> Segment:
    """Begin and end of a part of the day."""
    opens, closes = policy.part_times(part, day)
    return Segment(at(day, opens), at(day, closes))


def segment(day: date, part: str, seq: int, capacity: int, minutes: int) -> Segment:
    """When slot `seq` (1…) of `capacity` is: the slots are spread evenly over segments of `minutes` (分时段)."""
    whole = span(day, part)
    parts = max(1, -(-int((whole.ends - whole.starts).total_seconds()) // (60 * minutes)))
    place = min(parts - 1, (seq - 1) * parts // max(1, capacity))
    starts = whole.starts + timedelta(minutes=place * minutes)
    return Segment(starts, min(whole.ends, starts + timedelta(minutes=minutes)))


def released_at(day: date) -> datetime:
    """When the slots of a day are released (放号)."""
    rules = policy.booking(day)
    first = day - timedelta(days=rules.ahead_days)
    return at(first, time(*divmod(rules.release_minute, 60)))


def banned_until(missed: Iterable[datetime], lifted: datetime | None, now: datetime) -> datetime | None:
    """The end of a ban from booking ahead; None for nobody banned.

    missed: ends of the segments to which the patient did not come. A ban begins with the no-show that made the count
    full within the window, and what lies before a lift counts no more (爽约阶梯 of `data/booking.csv`).
    """
    rules = policy.booking(now.astimezone(HOSPITAL_ZONE).date())
    held = sorted(each for each in missed if lifted is None or each > lifted)
    ends = [last + timedelta(days=rules.missed_ban_days) for last in _full(held, rules)]
    return max((end for end in ends if end > now), default=None)


def _full(missed: Sequence[datetime], rules: policy.Booking) -> list[datetime]:
    window = timedelta(days=rules.missed_window_days)
    return [
        last
        for place, last in enumerate(missed)
        if sum(last - window < each <= last for each in missed[: place + 1]) >= rules.missed_count
    ]
