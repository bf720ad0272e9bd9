"""What a simulation did."""

from typing import NamedTuple


class Summary(NamedTuple):
    """Counts of a run. refusals: by code; head: the ledger's last sealed position."""

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
