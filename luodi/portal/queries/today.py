"""Where somebody stands in the queue today."""

from typing import NamedTuple

from luodi.reception import queries as reception
from luodi.reception.pace import Expected
from luodi.reception.queries import RegistrationCard


class Place(NamedTuple):
    """A registration of today. ahead: how many are before; None once called. wait: a range, None from too few."""

    registration: RegistrationCard
    ahead: int | None
    wait: Expected | None


def places(patient: int, *, account: int = 0) -> list[Place]:
    """The patient's registrations of today that are not over; of an account: from appointments that it made."""
    rows = reception.registrations_of(patient, account=account)
    return [place(row) for row in rows if row.state in ("waiting", "called", "missed")]


def place(row: RegistrationCard) -> Place:
    """Where a registration stands in the queue of its unit."""
    if row.state != "waiting":
        return Place(row, None, None)
    ahead, doctor = reception.ahead_of(row.ticket)
    return Place(row, ahead, reception.expected_wait(row.unit, doctor, ahead))
