"""What a simulation did."""

from datetime import datetime
from typing import NamedTuple

from luodi.insight import queries as insight
from luodi.insight.measure import Window

MEASURES = ("closed_loop_rate", "minutes_to_doctor", "returned_per_100")


class Summary(NamedTuple):
    """Counts of a run. refusals: by code, besides the mistakes; head: the ledger's last sealed position.

    measures: by code, the reading of the simulated days as of that head.
    """

    visits: int
    classes: dict[str, int]
    no_shows: int
    prescriptions: int
    returned: int
    dispensed: int
    doses_given: int
    doses_not_given: int
    mistakes: dict[str, int]
    refusals: dict[str, int]
    head: int
    measures: dict[str, "Figure"]


class Figure(NamedTuple):
    """A reading: value is top ÷ bottom in the measure's unit, as decimal text; None where nothing was counted."""

    zh: str
    en: str
    unit: str
    value: str | None
    top: str
    bottom: int


def told(since: datetime, end: datetime) -> dict[str, Figure]:
    """The readings of a stretch of work."""
    found = {reading["measure"]: reading for reading in insight.as_json(Window(since, end))}
    return {code: Figure(**{name: found[code][name] for name in Figure._fields}) for code in MEASURES}
