"""What a measure is: a definition in words beside the function that counts it, and the reading that it gives.

A measure yields one `Case` for each thing that it counts. Everything else (sum, value, breakdown, median, the empty
denominator) is done here, so no two measures can round, divide or say 数据不足 in ways of their own.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from statistics import median
from typing import Any, NamedTuple

from django.utils.translation import get_language

# Six decimals: a rate out of fewer than a hundred thousand cases can not be rounded across a target of one decimal.
EXACT = Decimal("0.000001")


class Window(NamedTuple):
    """Half-open span of time, aware UTC: start <= moment < end."""

    start: datetime
    end: datetime

    @classmethod
    def last(cls, days: int, until: datetime) -> "Window":
        """The `days` whole days that end at `until`."""
        return cls(until - timedelta(days=days), until)

    def before(self, steps: int = 1) -> "Window":
        """The window of the same length, `steps` lengths earlier."""
        length = (self.end - self.start) * steps
        return Window(self.start - length, self.end - length)

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end


class Case(NamedTuple):
    """One thing counted: the group it belongs to, what it adds to the numerator, what it adds to the denominator."""

    part: str
    top: Decimal | int
    bottom: int = 1


class Part(NamedTuple):
    """The reading of one group, for drilling down."""

    code: str
    top: Decimal
    bottom: int
    value: Decimal | None


class Reading(NamedTuple):
    """The value of a measure over a window, as of a ledger head.

    `value` is None where the denominator is empty (数据不足), never zero. `version` is that of the definition: a frozen
    reading says by which definition it was made. `median` is given by measures of a spread (minutes) alone.
    """

    measure: str
    value: Decimal | None
    top: Decimal
    bottom: int
    window: Window
    head: int
    parts: tuple[Part, ...] = ()
    median: Decimal | None = None
    version: int = 1


Count = Callable[[int, Window], Iterable[Case]]


class Measure(NamedTuple):
    """A definition. Words are Chinese source strings; `per` scales a ratio (100: percent); `spread` adds a median."""

    code: str
    zh: str
    en: str
    unit: Any
    definition: Any
    formula: Any
    source: Any
    owner: Any
    per: int
    better: str
    spread: bool
    version: int
    cases: Count

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    def read(self, window: Window, head: int) -> Reading:
        """Count the cases sealed at positions <= head and make the reading, in the caller's transaction."""
        cases = list(self.cases(head, window))
        top, bottom = _sums(cases)
        middle = _exact(Decimal(median([Decimal(case.top) for case in cases]))) if self.spread and cases else None
        return Reading(
            self.code,
            self._value(top, bottom),
            top,
            bottom,
            window,
            head,
            tuple(self._parts(cases)),
            middle,
            self.version,
        )

    def _parts(self, cases: list[Case]) -> Iterator[Part]:
        for code in sorted({case.part for case in cases}):
            top, bottom = _sums([case for case in cases if case.part == code])
            yield Part(code, top, bottom, self._value(top, bottom))

    def _value(self, top: Decimal, bottom: int) -> Decimal | None:
        return _exact(top * self.per / bottom) if bottom else None


REGISTRY: dict[str, Measure] = {}


def measure(
    code: str,
    *,
    zh: str,
    en: str,
    unit: Any,
    definition: Any,
    formula: Any,
    owner: Any,
    source: Any = "",
    per: int = 1,
    better: str = "higher",
    spread: bool = False,
    version: int = 1,
) -> Callable[[Count], Measure]:
    """Register the decorated generator of cases as a measure. `better`: which way is good, "higher" or "lower"."""

    def register(count: Count) -> Measure:
        if code in REGISTRY:
            raise ValueError(f"measure {code} is defined twice")
        REGISTRY[code] = Measure(
            code, zh, en, unit, definition, formula, source, owner, per, better, spread, version, count
        )
        return REGISTRY[code]

    return register


def _sums(cases: list[Case]) -> tuple[Decimal, int]:
    # as exact as a frozen reading keeps it, so that a replay can agree to the last digit
    return _exact(sum((Decimal(case.top) for case in cases), Decimal(0))), sum(case.bottom for case in cases)


def _exact(value: Decimal) -> Decimal:
    return value.quantize(EXACT, ROUND_HALF_EVEN)
