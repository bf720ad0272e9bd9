"""Emergency patients by triage: what is known, what is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import now

from .. import policy
from ..models import Ticket, Triage
from .mass import without_breath


class TriageCard(NamedTuple):
    """One assessment. because: pairs of indicator and level it called for, worst first."""

    pk: int
    encounter: int
    version: int
    level: int
    suggested: int | None
    because: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    chart: str
    complaint_code: str
    complaint: str
    reason: str
    at: datetime
    nurse: int
    nurse_name: str


class TriageRow(NamedTuple):
    """A patient of the emergency unit who waits. due: when the doctor must be there; retriage_at: when to assess again.

    left, retriage_left: minutes until then, negative when passed; None where there is no limit or no triage yet.
    """

    encounter: int
    ticket: int
    patient: int
    name: str
    sex: str
    birth_date: Any
    number: int
    state: str
    level: int | None
    level_name: str
    zone: str
    version: int
    arrived_at: datetime
    triaged_at: datetime | None
    due: datetime | None
    left: int | None
    retriage_at: datetime | None
    retriage_left: int | None


WAITING = (Ticket.State.WAITING, Ticket.State.CALLED, Ticket.State.MISSED)


def latest_triages(encounters: Iterable[int]) -> dict[int, int]:
    """The level in force by encounter; an encounter without one is left out."""
    wanted = set(encounters)
    rows = Triage.objects.filter(encounter__in=wanted).order_by("version")
    levels = dict(rows.values_list("encounter", "level"))
    for encounter in without_breath(levels):
        del levels[encounter]
    return levels


def latest_triage(encounter: int) -> TriageCard | None:
    """The assessment in force; None before the first."""
    versions = triage_versions(encounter)
    return versions[-1] if versions else None


def triage_versions(encounter: int) -> list[TriageCard]:
    """Every assessment of an encounter, the first one first."""
    rows = list(Triage.objects.filter(encounter=encounter).order_by("version"))
    names = people.names(row.nurse_id for row in rows)
    return [_card(row, names) for row in rows]


def triage_list(unit: int) -> list[TriageRow]:
    """Emergency patients not yet with a doctor: untriaged first by arrival, then by level and time left.

    Victims of an event whose colour has no level (black) are on the event's list.
    """
    from .queue import tickets

    waiting = list(tickets(unit).filter(state__in=WAITING))
    black = without_breath(row.registration.encounter_id for row in waiting)
    rows = [row for row in waiting if row.registration.encounter_id not in black]
    latest: dict[int, Triage] = {}
    for found in Triage.objects.filter(encounter__in=[row.registration.encounter_id for row in rows]).order_by(
        "version"
    ):
        latest[found.encounter_id] = found
    names = patients.cards(row.registration.patient_id for row in rows)
    scheme = policy.levels()
    shown = [
        _row(row, names[row.registration.patient_id], latest.get(row.registration.encounter_id), scheme) for row in rows
    ]
    return sorted(shown, key=lambda row: (row.level or 0, row.due or row.arrived_at, row.ticket))


def retriage_due(unit: int) -> tuple[int, datetime | None]:
    """How many need the triage nurse now (untriaged, or past the re-triage limit), and since when the first."""
    since = [
        row.retriage_at or row.arrived_at
        for row in triage_list(unit)
        if row.level is None or (row.retriage_left is not None and row.retriage_left <= 0)
    ]
    return len(since), min(since, default=None)


def _row(ticket: Ticket, who: Any, known: Triage | None, scheme: dict[int, policy.Level]) -> TriageRow:
    level = scheme[known.level] if known else None
    due = known.at + timedelta(minutes=level.respond) if known and level else None
    again = known.at + timedelta(minutes=level.retriage) if known and level and level.retriage is not None else None
    return TriageRow(
        encounter=ticket.registration.encounter_id,
        ticket=ticket.pk,
        patient=who.id,
        name=who.name,
        sex=who.sex,
        birth_date=who.birth_date,
        number=ticket.registration.number,
        state=ticket.state,
        level=known.level if known else None,
        level_name=level.name if level else "",
        zone=level.zone if level else "",
        version=known.version if known else 0,
        arrived_at=ticket.checked_in_at,
        triaged_at=known.at if known else None,
        due=due,
        left=_left(due),
        retriage_at=again,
        retriage_left=_left(again),
    )


def _left(moment: datetime | None) -> int | None:
    """Minutes until a moment, rounded towards the earlier one."""
    return None if moment is None else (moment - now()) // timedelta(minutes=1)


def _card(row: Triage, names: dict[int, str]) -> TriageCard:
    sealed = [
        (row.patient_id, bytes(blob), field)
        for blob, field in ((row.complaint, "complaint"), (row.reason, "reason"))
        if blob
    ]
    texts = dict(zip([field for _patient, _blob, field in sealed], patients.open_many(sealed), strict=True))
    pairs = [pair.rpartition(":") for pair in row.because.split()]
    return TriageCard(
        pk=row.pk,
        encounter=row.encounter_id,
        version=row.version,
        level=row.level,
        suggested=row.suggested,
        because=tuple((name, int(level)) for name, _colon, level in pairs),
        missing=tuple(row.missing.split()),
        chart=row.chart,
        complaint_code=row.complaint_code,
        complaint=texts.get("complaint", ""),
        reason=texts.get("reason", ""),
        at=row.at,
        nurse=row.nurse_id,
        nurse_name=names.get(row.nurse_id, ""),
    )
