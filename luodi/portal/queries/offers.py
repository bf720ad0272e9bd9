"""Sessions of the coming days as a telephone is shown them: a few queries whatever the number of sessions."""

from datetime import date
from typing import Any, NamedTuple

from luodi.reception import queries as reception
from luodi.reception.policy import PORTAL
from luodi.reception.refusals import NoSession
from luodi.trust import people


class Offer(NamedTuple):
    """A session. free: slots that a telephone may book; waiting: how many wait for one already."""

    session: int
    unit: int
    unit_name: str
    doctor_name: str
    title: str
    room: str
    date: date
    part: str
    free: int
    waiting: int

    @property
    def open(self) -> bool:
        """Whether it can be booked at once: slots that come back are for those who wait."""
        return self.free > 0 and not self.waiting


class Day(NamedTuple):
    date: date
    free: int


def units() -> list[people.UnitCard]:
    """Units for which anything can be booked."""
    held = set(reception.bookable_units())
    return [unit for unit in people.units() if unit.pk in held]


def days(unit: int) -> list[Day]:
    """The days for which a unit's slots are released, with what is free on each."""
    found: dict[date, int] = {}
    for row in offers(unit):
        found[row.date] = found.get(row.date, 0) + (row.free if row.open else 0)
    return [Day(day, free) for day, free in sorted(found.items())]


def offers(unit: int, on: date | None = None, *, channel: str = PORTAL) -> list[Offer]:
    """Sessions of a unit that are released, of one day or of all, with what a channel may book."""
    return [row for row in _offers(reception.bookable(unit), channel) if on is None or row.date == on]


def offer(session: int) -> Offer:
    """One released session. Raises NoSession."""
    found = _offers(reception.bookable(session=session))
    if not found:
        raise NoSession
    return found[0]


def _offers(rows: Any, channel: str = PORTAL) -> list[Offer]:
    free = reception.free_for((row.pk for row in rows), channel)
    waits = reception.waits()
    units = people.unit_names(row.unit_id for row in rows)
    doctors = people.names(row.doctor_id for row in rows if row.doctor_id)
    titles = {doctor: people.title(doctor) for doctor in doctors}
    return [
        Offer(
            row.pk, row.unit_id, units.get(row.unit_id, ""), doctors.get(row.doctor_id or 0, ""),
            titles.get(row.doctor_id or 0, ""), row.room, row.date, row.part,
            max(0, free.get(row.pk, (row.capacity or 0) - row.taken)), waits.get(row.pk, 0),
        )
        for row in sorted(rows, key=lambda row: (row.date, row.part, row.pk))
    ]  # fmt: skip
