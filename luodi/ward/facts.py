"""Facts of the bedside for measures, as of a sealed head. Plain rows, no patient."""

from datetime import datetime
from typing import Any, NamedTuple

from .models import Administration, Outcome


class Given(NamedTuple):
    """One dose given: in which unit, whether wristband and package were both scanned, why not."""

    unit: int
    both_scanned: bool
    unscanned_reason: str
    at: datetime
    pk: int = 0


def given(head: int, window: Any) -> list[Given]:
    """Doses given in the window whose entry is sealed at a position <= head. `window`: start included, end excluded."""
    rows = Administration.objects.as_of(head).filter(outcome=Outcome.GIVEN, at__gte=window.start, at__lt=window.end)
    return [
        Given(unit, wristband and package, reason, at, pk)
        for unit, wristband, package, reason, at, pk in rows.values_list(
            "unit", "wristband_scanned", "package_scanned", "unscanned_reason", "at", "pk"
        ).order_by("pk")
    ]
