"""What hangs on the walls of a unit: its calls and, room by room, who is in and who comes next. No full name."""

from datetime import datetime
from typing import Any, NamedTuple

from luodi.chart import queries as chart
from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import HOSPITAL_ZONE, now, today

from .. import policy, voice
from ..models import Session, Ticket
from .queue import BoardRow, tickets
from .sessions import PARTS

NEXT = 2  # of a room
State = Ticket.State


class Shown(NamedTuple):
    """A patient as the public sees them."""

    number: int
    masked: str


class Call(NamedTuple):
    """A call that stands: the patient has not come in and was not passed over.

    key: the same as long as it is the same call, another after a recall. at: seconds since 1970. said: what a voice
    says, with no more of the name than the board shows.
    """

    key: str
    at: int
    number: int
    masked: str
    room: str
    said: str


class Room(NamedTuple):
    """A room at work. over: its sessions of today have ended and nobody waits."""

    room: str
    doctor_name: str
    title: str
    stopped: bool
    over: bool
    within: Shown | None
    calls: tuple[Call, ...]
    next: tuple[Shown, ...]
    waiting: int


class Hall(NamedTuple):
    """All that the public screens of a unit show: calls, the latest first, who is next, rooms by name."""

    calls: tuple[Call, ...]
    next: tuple[BoardRow, ...]
    rooms: tuple[Room, ...]

    def room(self, name: str) -> Room:
        """The room of this name; one without a session today is over."""
        found = (room for room in self.rooms if room.room == name)
        return next(found, Room(name, "", "", False, True, None, (), (), 0))


def hall(unit: int) -> Hall:
    """The walls of a unit as they are now."""
    card = people.unit(unit)
    rules = policy.of_unit(card.kind) if card else None
    most = rules.board_rows if rules else 0
    rows = list(tickets(unit).filter(state__in=(State.WAITING, State.CALLED, State.SERVING)))
    waiting = [row for row in rows if row.state == State.WAITING]
    called = [row for row in rows if row.state == State.CALLED]
    called.sort(key=lambda row: (row.called_at or row.checked_in_at, row.pk), reverse=True)
    still_open = {each.id for each in chart.open_encounters(unit, opened=True)}
    within = [row for row in rows if row.state == State.SERVING and row.registration.encounter_id in still_open]
    by_room = {row.room: [one for one in waiting if one.room == row.room] for row in waiting}
    seen = called + within + waiting[:most] + [row for of in by_room.values() for row in of[:NEXT]]
    known = patients.cards(row.registration.patient_id for row in seen)
    doctors = people.names(row.doctor_id for row in seen if row.doctor_id)
    calls = [_call(row, known[row.registration.patient_id]) for row in called]
    return Hall(
        tuple(calls[:most]),
        tuple(_line(row, known, doctors) for row in waiting[:most]),
        tuple(_rooms(unit, calls, within, by_room, known)),
    )


def call_key(at: datetime, number: int) -> str:
    """What tells a call from every other of its unit, a recall from the call before."""
    return f"{int(at.timestamp() * 1_000_000):x}-{number}"


def _call(row: Ticket, who: Any) -> Call:
    assert row.called_at is not None
    number = row.number
    said = voice.call(number, who.masked, who.pinyin, row.room)
    return Call(call_key(row.called_at, number), int(row.called_at.timestamp()), number, who.masked, row.room, said)


def _line(row: Ticket, known: Any, doctors: dict[int, str]) -> BoardRow:
    masked = known[row.registration.patient_id].masked
    return BoardRow(row.number, masked, doctors.get(row.doctor_id or 0, ""), row.room, row.called_at)


def _shown(row: Ticket, known: Any) -> Shown:
    return Shown(row.number, known[row.registration.patient_id].masked)


def _rooms(
    unit: int, calls: list[Call], within: list[Ticket], by_room: dict[str, list[Ticket]], known: Any
) -> list[Room]:
    """Every room with a session today or with a patient, each with the session that is on or comes next."""
    sessions = Session.objects.filter(unit=unit, date=today()).select_related("stop")
    held: dict[str, list[Session]] = {}
    for session in sorted(sessions, key=lambda row: PARTS[row.part]):
        held.setdefault(session.room, []).append(session)
    names = people.names(session.doctor_id for of in held.values() for session in of if session.doctor_id)
    inside = {row.room: row for row in sorted(within, key=lambda row: row.rev)}
    busy = {call.room for call in calls} | inside.keys() | by_room.keys()
    rooms = []
    for name in sorted((held.keys() | busy) - {""}):
        of = held.get(name, [])
        at = next((session for session in of if not _ended(session)), of[-1] if of else None)
        doctor = at.doctor_id if at and at.doctor_id else 0
        waiting = by_room.get(name, [])
        rooms.append(Room(
            name, names.get(doctor, ""), people.title(doctor) if doctor else "",
            stopped=name not in busy and at is not None and hasattr(at, "stop"),
            over=name not in busy and (at is None or _ended(at)),
            within=_shown(inside[name], known) if name in inside else None,
            calls=tuple(call for call in calls if call.room == name),
            next=tuple(_shown(row, known) for row in waiting[:NEXT]), waiting=len(waiting),
        ))  # fmt: skip
    return rooms


def _ended(session: Session) -> bool:
    _begin, end = policy.part_times(session.part, session.date)
    return datetime.combine(session.date, end, HOSPITAL_ZONE) < now()
