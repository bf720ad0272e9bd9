"""Which lots a prescription is filled from: first expired, first out (FEFO), as pure functions.

No database and no clock: the caller gives the shelves and the day, so the same rule serves the picking list on screen,
the act that takes the stock and the property tests.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

USABLE = "usable"


@dataclass(frozen=True)
class Need:
    """One package to fill: `qty` pack units of a medicine, for a line or for one planned task of it."""

    line: int
    medicine: str
    qty: Decimal
    task: int | None = None


@dataclass(frozen=True)
class Shelf:
    """What one lot has to give now."""

    lot: int
    medicine: str
    lot_no: str
    expiry: date
    on_hand: Decimal
    state: str = USABLE
    place: str = ""


class Pick(NamedTuple):
    """`qty` of a lot for the need at position `need`."""

    need: int
    lot: int
    qty: Decimal


class Short(NamedTuple):
    """A medicine of which the usable lots hold less than wanted."""

    medicine: str
    wanted: Decimal
    on_hand: Decimal


class Plan(NamedTuple):
    """The picks, ordered by medicine and expiry; `shorts` is empty when every need is met."""

    picks: tuple[Pick, ...]
    shorts: tuple[Short, ...]


def usable(shelf: Shelf, on: date) -> bool:
    """A lot may be picked through the end of its expiry day, unless it is quarantined or recalled."""
    return shelf.state == USABLE and shelf.expiry >= on and shelf.on_hand > 0


def plan(needs: Sequence[Need], shelves: Iterable[Shelf], on: date) -> Plan:
    """FEFO picks for all needs on the local day `on`.

    Medicines are taken in code order and lots in (expiry, pk) order: every writer locks lot rows in this one order,
    so two preparations never wait for each other in a circle.
    """
    by_medicine: dict[str, list[Shelf]] = defaultdict(list)
    for shelf in shelves:
        if usable(shelf, on):
            by_medicine[shelf.medicine].append(shelf)
    wanted: dict[str, list[int]] = defaultdict(list)
    for position, need in enumerate(needs):
        wanted[need.medicine].append(position)

    picks: list[Pick] = []
    shorts: list[Short] = []
    for medicine in sorted(wanted):
        lots = sorted(by_medicine[medicine], key=lambda s: (s.expiry, s.lot))
        total = sum((needs[p].qty for p in wanted[medicine]), Decimal(0))
        held = sum((s.on_hand for s in lots), Decimal(0))
        if held < total:
            shorts.append(Short(medicine, total, held))
        else:
            picks += _fill([(p, needs[p].qty) for p in wanted[medicine]], lots)
    return Plan(tuple(picks), tuple(shorts))


def _fill(wanted: list[tuple[int, Decimal]], lots: list[Shelf]) -> list[Pick]:
    """Pour the lots, in order, into the needs; the caller has checked that there is enough."""
    picks = []
    rest = iter(lots)
    shelf = next(rest)
    left = shelf.on_hand
    for position, qty in wanted:
        while qty > 0:
            if left == 0:
                shelf = next(rest)
                left = shelf.on_hand
            taken = min(qty, left)
            picks.append(Pick(position, shelf.lot, taken))
            qty -= taken
            left -= taken
    return picks


def shares(qty: Decimal, parts: int, step: Decimal = Decimal("0.001")) -> list[Decimal]:
    """`qty` in `parts` nearly equal shares whose sum is `qty` exactly; the first share takes what does not divide."""
    share = (qty / parts).quantize(step, rounding="ROUND_DOWN")
    return [qty - share * (parts - 1)] + [share] * (parts - 1)
