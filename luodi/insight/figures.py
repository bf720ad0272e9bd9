"""A reading in the shape of the `reading` part (web/PARTS.md)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from .measure import REGISTRY, Measure, Reading

SHOWN = Decimal("0.1")


def rounded(value: Decimal | None) -> Decimal | None:
    """One decimal for the eye, halves up. Verdicts are never made from it."""
    return None if value is None else value.quantize(SHOWN, ROUND_HALF_UP)


def figure(reading: Reading, trend: Iterable[Reading] = (), **extra: Any) -> dict[str, Any]:
    """The keys of the reading part; `extra` adds target, test, verdict, url."""
    definition = REGISTRY[reading.measure]
    return {
        "label": definition.name,
        "value": rounded(reading.value),
        "unit": definition.unit,
        "top": rounded(reading.top),
        "bottom": Decimal(reading.bottom),
        "as_of": reading.window.end,
        "head": reading.head,
        "trend": [past.value for past in trend],
        "note": note(definition, reading),
        **extra,
    }


def note(definition: Measure, reading: Reading) -> str:
    """The median of a spread, in words; nothing for a ratio."""
    if not definition.spread or reading.median is None:
        return ""
    return _("中位数 %(median)s %(unit)s") % {"median": rounded(reading.median), "unit": definition.unit}
