"""What a reading is: sums, values, parts, medians, and the empty denominator."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.insight.measure import REGISTRY, Case, Measure, Window, measure

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = Window.last(7, NOW)


def made(cases: list[Case], *, per: int = 1, spread: bool = False) -> Measure:
    def count(head: int, window: Window) -> Iterator[Case]:
        yield from cases

    return Measure("x", "x", "x", "", "", "", "", "", per, "higher", spread, 1, count)


def test_an_empty_denominator_is_unknown_and_never_zero() -> None:
    reading = made([], per=100).read(WEEK, 5)
    assert reading.value is None
    assert (reading.top, reading.bottom, reading.parts, reading.median, reading.head) == (0, 0, (), None, 5)


def test_a_rate_of_zero_is_zero() -> None:
    assert made([Case("a", 0)], per=100).read(WEEK, 0).value == 0


def test_parts_add_up_and_have_values_of_their_own() -> None:
    cases = [Case("er", 1), Case("er", 0), Case("ward", 1)]
    reading = made(cases, per=100).read(WEEK, 0)
    assert reading.value == Decimal("66.666667")
    assert [(p.code, p.top, p.bottom, p.value) for p in reading.parts] == [("er", 1, 2, 50), ("ward", 1, 1, 100)]


def test_a_spread_has_a_median_beside_its_mean() -> None:
    reading = made([Case("", Decimal(m)) for m in (5, 7, 90)], spread=True).read(WEEK, 0)
    assert (reading.value, reading.median) == (34, 7)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 1)), max_size=60))
def test_the_parts_are_the_whole(counted: list[tuple[str, int]]) -> None:
    reading = made([Case(part, top) for part, top in counted], per=100).read(WEEK, 0)
    assert sum(p.top for p in reading.parts) == reading.top == sum(top for _part, top in counted)
    assert sum(p.bottom for p in reading.parts) == reading.bottom == len(counted)
    assert (reading.value is None) == (not counted)


@given(st.integers(1, 99_999), st.integers(0, 99_999))
def test_rounding_never_crosses_a_target_of_one_decimal(bottom: int, top: int) -> None:
    top = min(top, bottom)
    value = made([Case("", top, bottom)], per=100).read(WEEK, 0).value
    assert value is not None
    for target in (Decimal(95), Decimal("99.9")):
        assert (value >= target) == (top * 100 >= target * bottom)


def test_windows_are_half_open_and_walk_back() -> None:
    assert WEEK.holds(WEEK.start)
    assert not WEEK.holds(WEEK.end)
    assert WEEK.before().end == WEEK.start
    assert WEEK.before(2).start == NOW - timedelta(days=21)


def test_a_code_is_registered_once() -> None:
    code = next(iter(REGISTRY))
    with pytest.raises(ValueError, match=code):
        measure(code, zh="", en="", unit="", definition="", formula="", owner="")(lambda head, window: [])


def test_every_measure_is_explained() -> None:
    assert {"closed_loop_rate", "minutes_to_doctor", "returned_per_100"} <= set(REGISTRY)
    for one in REGISTRY.values():
        assert all((one.zh, one.en, str(one.unit), str(one.definition), str(one.formula), str(one.owner)))
