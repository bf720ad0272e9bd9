"""Public readers: a reading as of a ledger head, all measures as JSON, a trend."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.trust import clock, ledger
from luodi.trust.refusal import Refusal
from luodi.trust.write import one_moment

from .measure import REGISTRY, Measure, Reading, Window

DAYS = 7
TREND = 7


class UnknownMeasure(Refusal):
    """A code that names no measure."""


def measure(code: str) -> Measure:
    """The definition behind a code. Raises UnknownMeasure (404)."""
    if code not in REGISTRY:
        raise UnknownMeasure("unknown_measure", _("没有这个指标"), _("请从指标目录中选择"), status=404)
    return REGISTRY[code]


def measures() -> list[Measure]:
    """Every registered measure in the order of definition."""
    return list(REGISTRY.values())


def read(code: str, window: Window, head: int | None = None) -> Reading:
    """One reading; head defaults to the last sealed position. Raises UnknownMeasure."""
    return read_all([(code, window)], head)[0]


def read_all(wanted: Iterable[tuple[str, Window]], head: int | None = None) -> list[Reading]:
    """Several readings that see one state of the database and one head, in the order asked. Raises UnknownMeasure."""
    definitions = [(measure(code), window) for code, window in wanted]
    with one_moment():
        at = ledger.head() if head is None else head
        return [definition.read(window, at) for definition, window in definitions]


def trend(code: str, window: Window, head: int | None = None, steps: int = TREND) -> list[Reading]:
    """The reading of `steps` consecutive windows of the same length, oldest first; the last one is `window` itself."""
    return read_all([(code, window.before(back)) for back in range(steps - 1, -1, -1)], head)


def latest_window(days: int = DAYS) -> Window:
    """The last `days` days up to now."""
    return Window.last(days, clock.now())


def as_json(window: Window | None = None, head: int | None = None) -> list[dict[str, Any]]:
    """Every measure with definition and reading, ready for json.dumps: numbers as decimal strings, times ISO 8601."""
    window = window or latest_window()
    readings = read_all([(code, window) for code in REGISTRY], head)
    return [_json(REGISTRY[reading.measure], reading) for reading in readings]


def _json(definition: Measure, reading: Reading) -> dict[str, Any]:
    return {
        "measure": definition.code,
        "zh": definition.zh,
        "en": definition.en,
        "unit": str(definition.unit),
        "definition": str(definition.definition),
        "formula": str(definition.formula),
        "owner": str(definition.owner),
        "version": definition.version,
        "value": _text(reading.value),
        "top": _text(reading.top),
        "bottom": reading.bottom,
        "median": _text(reading.median),
        "start": reading.window.start.isoformat(),
        "end": reading.window.end.isoformat(),
        "head": reading.head,
        "parts": [
            {"part": part.code, "value": _text(part.value), "top": _text(part.top), "bottom": part.bottom}
            for part in reading.parts
        ],
    }


def _text(number: Any) -> str | None:
    return None if number is None else format(number, "f")
