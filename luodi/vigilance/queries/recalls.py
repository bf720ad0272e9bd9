"""Recall cases as they stand, with the list of patients to tell."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import people
from luodi.trust.clock import now
from luodi.vigilance import codes, refusals
from luodi.vigilance.models import Contact, RecallCase
from luodi.vigilance.queries.tracing import Piece, Trace, trace

SETTLED = ("told", "brought_back", "used_up", "refused")


class Tried(NamedTuple):
    """One try to tell a patient."""

    state: str
    how: str
    words: str
    staff: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the contact list. `state` "": nobody tried yet."""

    patient: int
    card: Any = field(repr=False)
    phone: str = field(repr=False)
    pieces: tuple[Piece, ...]
    tries: tuple[Tried, ...]

    @property
    def state(self) -> str:
        return self.tries[-1].state if self.tries else ""

    @property
    def settled(self) -> bool:
        return self.state in SETTLED

    @property
    def open_pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.left > 0)


@dataclass(frozen=True, slots=True)
class RecallCard:
    """A case. `due`: by when everybody concerned must have stopped; `late` where somebody was not told by then."""

    pk: int
    medicine: str
    drug: Any
    lot_nos: tuple[str, ...]
    level: str
    source: str
    notice: str
    reason: str
    noticed_at: datetime
    opened_at: datetime
    opened_by: str
    limit: Any
    due: datetime
    late: bool
    ended_at: datetime | None
    figures: dict[str, Any]
    words: str
    trace: Trace | None = None
    people: tuple[Person, ...] = ()

    @property
    def to_tell(self) -> int:
        return sum(not one.settled for one in self.people)


def recalls(*, ended: bool = False) -> list[RecallCard]:
    """Cases, the newest first, without their traces."""
    rows = RecallCase.objects.filter(end__isnull=not ended).select_related("end").prefetch_related("lots")
    return [_card(row) for row in rows.order_by("-pk")]


def recall(pk: int) -> RecallCard:
    """One case with its trace and the list of patients. Raises NotFound."""
    row = RecallCase.objects.filter(pk=pk).select_related("end").first()
    if row is None:
        raise refusals.NotFound
    found = trace(row.medicine, [lot.lot_no for lot in row.lots.all()])
    return _card(row, found, people_of(row, found))


def people_of(row: RecallCase, found: Trace) -> tuple[Person, ...]:
    """A line for each person, the records of a merged one together."""
    heads = patients.survivors(found.patients)
    pieces: dict[int, tuple[Piece, ...]] = {}
    for record, held in found.patients.items():
        pieces[heads[record]] = pieces.get(heads[record], ()) + held
    tried = list(Contact.objects.filter(case=row).order_by("pk"))
    words = patients.open_many([(each.patient_id, each.words, "recall") for each in tried if each.words])
    said = iter(words)
    names = people.names({each.staff_id for each in tried})
    tries: dict[int, list[Tried]] = {}
    heads_of = patients.survivors({each.patient_id for each in tried})
    for each in tried:
        told = Tried(each.state, each.how, next(said) if each.words else "", names.get(each.staff_id, ""), each.at)
        tries.setdefault(heads_of[each.patient_id], []).append(told)
    cards = patients.cards(pieces)
    return tuple(
        Person(head, cards[head], patients.identity_of(head).phone, held, tuple(tries.get(head, ())))
        for head, held in pieces.items()
    )


def _card(row: RecallCase, found: Trace | None = None, listed: tuple[Person, ...] = ()) -> RecallCard:
    limit = codes.limit(f"recall.{row.level}", row.noticed_at)
    due = limit.due(row.noticed_at)
    end: Any = getattr(row, "end", None)
    untold = any(not one.settled for one in listed)
    return RecallCard(
        pk=row.pk, medicine=row.medicine, drug=terms.medicine(row.medicine),
        lot_nos=tuple(lot.lot_no for lot in row.lots.all()), level=row.level, source=row.source, notice=row.notice,
        reason=row.reason, noticed_at=row.noticed_at, opened_at=row.at, opened_by=people.name(row.staff_id),
        limit=limit, due=due, late=row.at > due or (now() > due and untold and end is None),
        ended_at=end.at if end else None, figures=end.figures if end else {}, words=end.words if end else "",
        trace=found, people=listed,
    )  # fmt: skip
