"""Where a patient can be registered today: sessions with free slots, and the emergency units without limit."""

from typing import NamedTuple

from luodi.trust import people

from . import policy, queries
from .queries import SessionCard
from .refusals import NoSession


class Offer(NamedTuple):
    """A line of the desk. value: s<session> or u<unit>, as the form posts it; `open` False cannot be chosen."""

    value: str
    unit_name: str
    doctor_name: str
    title: str
    part: str
    room: str
    taken: int
    capacity: int | None
    free: int | None
    open: bool
    stopped: bool


class Place(NamedTuple):
    """What a value means to actions.register: one of the two is given."""

    session: int | None
    unit: int | None


def today(first: int = 0) -> list[Offer]:
    """Every offer of the day; those of the unit `first` (where the clerk works) come first."""
    emergencies = {unit.pk: unit for unit in people.units("emergency")}
    offers = [
        (unit.pk != first, 1, Offer(f"u{unit.pk}", unit.name, "", "", "day", "", taken, None, None, True, False))
        for unit, taken in ((unit, _taken(unit.pk)) for unit in emergencies.values())
    ]
    offers += [(card.unit != first, 0, _offer(card)) for card in queries.sessions() if card.unit not in emergencies]
    return [offer for _rank, _kind, offer in sorted(offers, key=lambda each: each[:2])]


def usual(unit: int) -> dict[str, str]:
    """What the form begins with: ordinary, and the emergency unit for those who work there."""
    here = people.unit(unit)
    return {"priority": "ordinary", "place": f"u{unit}" if here and here.kind == "emergency" else ""}


def place(value: str) -> Place:
    """The session or unit behind a posted value. Raises NoSession."""
    kind, number = value[:1], value[1:]
    if kind not in "su" or not (number.isascii() and number.isdigit()) or len(number) > 18:
        raise NoSession
    return Place(int(number), None) if kind == "s" else Place(None, int(number))


def registers(kind: str) -> bool:
    """True for a kind of unit that has a queue."""
    return policy.of_unit(kind) is not None


def _taken(unit: int) -> int:
    return sum(card.taken for card in queries.sessions(unit=unit))


def _offer(card: SessionCard) -> Offer:
    free = card.free is None or card.free > 0
    return Offer(
        f"s{card.pk}", card.unit_name, card.doctor_name, card.title, card.part, card.room, card.taken, card.capacity,
        card.free, free and not card.stopped, card.stopped,
    )  # fmt: skip
