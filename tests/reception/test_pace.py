"""The expected wait: a range that is kept, or none."""

import random
from datetime import timedelta

import pytest
from django.urls import reverse

from luodi.reception import actions, pace, queries
from luodi.trust import clock
from luodi.trust.clock import now
from tests.reception.test_screens import log_in, shown


def test_too_few_say_nothing_and_pauses_are_no_pace():
    assert pace.expected([8.0] * 4, 3) is None
    assert pace.expected([8.0] * 4 + [120.0], 3) is None
    assert pace.expected([8.0] * 5, 3, desks=0) is None
    assert pace.expected([10.0] * 6, 2) == pace.Expected(25, 30, 6)
    assert pace.expected([10.0] * 6, 0) == pace.Expected(5, 10, 6)


def test_more_before_one_take_longer_and_more_desks_less():
    gaps = [6, 9, 12, 7, 10, 15, 8, 11]
    few, many, shared = (pace.expected(gaps, ahead, desks) for ahead, desks in ((2, 1), (9, 1), (9, 3)))
    assert few.low < many.low
    assert few.high < many.high
    assert shared.high < many.high
    assert many.high - many.low > few.high - few.low, "farther ahead is less sure"


@pytest.mark.parametrize("kind", ["even", "long tail"])
def test_four_of_five_waits_lie_in_the_range(kind):
    """Learned from one half of a day, held against the other half, of doctors whose visits vary as people do."""
    rng, kept, days = random.Random(11), 0, 600
    for _day in range(days):
        draw = (lambda: rng.gauss(9, 2)) if kind == "even" else (lambda: 3 + rng.expovariate(1 / 6))
        gaps = [max(1.0, draw()) for _patient in range(20)]
        ahead = rng.randrange(1, 8)
        said = pace.expected(gaps, ahead)
        assert said
        real = max(1.0, draw()) * rng.random() + sum(max(1.0, draw()) for _patient in range(ahead))
        kept += said.low <= real <= said.high
    assert 0.75 <= kept / days <= 0.97


def test_the_desk_tells_the_range(noon, house, enrol):
    made = enrol(9, house.session(capacity=20))
    begin = now()
    clerk = log_in(house.clerk)
    there = reverse("reception:registration", args=[made[8].registration])
    assert "暂时估不出" in shown(clerk.get(there))
    for turn, one in enumerate(made[:6]):
        with clock.at(begin + timedelta(minutes=10 * turn)):
            actions.call(house.doctor, one.ticket)
            actions.start(house.doctor, one.ticket)
    with clock.at(begin + timedelta(minutes=52)):
        assert queries.expected_wait(house.unit["GIM"], house.doctor.staff, 2) == pace.Expected(25, 30, 5)
        assert "约等 25–30 分钟" in shown(log_in(house.clerk).get(there))
