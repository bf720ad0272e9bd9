"""Where a patient can be registered today or booked ahead: sessions with free slots, and emergency without limit."""

from datetime import date, timedelta
from typing import NamedTuple

from luodi.trust import clock, people

from . import booking, policy, queries
from .queries import SessionCard
from .refusals import NoSession


class Offer(NamedTuple):
    """A line of the desk; `open` False cannot be chosen.

    value: s<session> or u<unit> to register today, a<session> to book ahead, w<session> to wait for a slot, as the
    form posts it. waiting: how many wait already.
    """

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
    waiting: int = 0


class Place(NamedTuple):
    """What a value means: a session or a unit to register in, or a session to book (`ahead`) or to `wait` for."""

    session: int | None
    unit: int | None
    ahead: bool = False
    wait: bool = False


def today(first: int = 0) -> list[Offer]:
    """Every offer of the day; those of the unit `first` (where the clerk works) come first."""
    emergencies = {unit.pk: unit for unit in people.units("emergency")}
    offers = [
        (unit.pk != first, 1, Offer(f"u{unit.pk}", unit.name, "", "", "day", "", taken, None, None, True, False))
        for unit, taken in ((unit, _taken(unit.pk)) for unit in emergencies.values())
    ]
    offers += [(card.unit != first, 0, _offer(card)) for card in queries.sessions() if card.unit not in emergencies]
    return [offer for _rank, _kind, offer in sorted(offers, key=lambda each: each[:2])]


def days() -> list[date]:
    """Today and the days that can be booked."""
    first = clock.today()
    return [first + timedelta(days=ahead) for ahead in range(policy.booking().ahead_days + 1)]


def day_of(text: str) -> date:
    """The day that a page was asked for; today where it is none that can be booked."""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return wanted if wanted in days() else clock.today()


def on(day: date, first: int = 0) -> list[Offer]:
    """Every session of a coming day that is released, for the window; those of the unit `first` come first."""
    released = {row.pk for row in queries.bookable() if row.date == day}
    free = queries.free_for(released, booking.ON_THE_DAY)
    cards = [card for card in queries.sessions(day) if card.pk in released or card.stopped]
    waits = queries.waits()
    offers = [
        _ahead(card, free.get(card.pk, card.free or 0), waits.get(card.pk, 0))
        for card in cards
        if card.capacity is not None
    ]
    home = {card.pk for card in cards if card.unit == first}
    return sorted(offers, key=lambda offer: int(offer.value[1:]) not in home)


def usual(unit: int) -> dict[str, str]:
    """What the form begins with: ordinary, and the emergency unit for those who work there."""
    here = people.unit(unit)
    return {"priority": "ordinary", "place": f"u{unit}" if here and here.kind == "emergency" else ""}


def place(value: str) -> Place:
    """The session or unit behind a posted value. Raises NoSession."""
    kind, number = value[:1], value[1:]
    if kind not in ("s", "u", "a", "w") or not (number.isascii() and number.isdigit()) or len(number) > 18:
        raise NoSession
    return Place(None, int(number)) if kind == "u" else Place(int(number), None, kind == "a", kind == "w")


def registers(kind: str) -> bool:
    """True for a kind of unit that has a queue."""
    return policy.of_unit(kind) is not None


def _taken(unit: int) -> int:
    return sum(card.taken for card in queries.sessions(unit=unit))


def _ahead(card: SessionCard, free: int, waiting: int) -> Offer:
    # slots that come back are for those who wait: who comes now joins the list
    kind = "a" if free > 0 and not waiting else "w"
    return _offer(card)._replace(value=f"{kind}{card.pk}", free=free, open=not card.stopped, waiting=waiting)


def _offer(card: SessionCard) -> Offer:
    free = card.free is None or card.free > 0
    return Offer(
        f"s{card.pk}", card.unit_name, card.doctor_name, card.title, card.part, card.room, card.taken, card.capacity,
        card.free, free and not card.stopped, card.stopped,
    )  # fmt: skip
