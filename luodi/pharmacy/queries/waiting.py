"""审方 worklist: what waits for a pharmacist, worst first, what waits for a doctor, and what was done today."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max

from luodi.advice.types import Grade
from luodi.chart import queries as chart
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.pharmacy import limits
from luodi.pharmacy.actions.reviewing import CLAIM_HOLDS
from luodi.pharmacy.models import Call, Claim, Review
from luodi.trust import people
from luodi.trust.clock import HOSPITAL_ZONE, now


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A prescription awaiting review. `grade`: the worst signed finding, "" for none; `again`: returned before.

    `place` says why it stands where it stands: refuse | overdue | ask | urgent | tell | "". `limit` in minutes, None
    where the hospital has set none. `claimed`: the colleague who has it open, "" for nobody or oneself.
    """

    pk: int
    number: str
    since: datetime
    due: datetime | None
    patient: int
    name: str = field(repr=False)
    sex: str
    birth_date: date | None = field(repr=False)
    unit: str
    bed: str
    visit_class: str
    kind: str
    drugs: int
    high_alert: bool
    controlled: bool
    urgent: bool
    grade: str
    asks: int
    again: bool
    calls: int
    claimed: str
    place: str

    @property
    def limit(self) -> int | None:
        return int((self.due - self.since).total_seconds() // 60) if self.due else None


class BackRow(NamedTuple):
    """A returned prescription that waits for its doctor."""

    pk: int
    number: str
    since: datetime
    due: datetime | None
    patient: int
    name: str
    unit: str
    prescriber: str
    calls: int

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due <= now()

    @property
    def limit(self) -> int | None:
        return int((self.due - self.since).total_seconds() // 60) if self.due else None


class DoneRow(NamedTuple):
    """A verdict of today; `late`: after it was due; `reviewer` "" where the program passed it."""

    prescription: int
    number: str
    patient: int
    name: str
    verdict: str
    reviewer: str
    automatic: bool
    late: bool
    at: datetime


PLACES = ("refuse", "overdue", "ask", "urgent", "tell", "")


def queue(staff: int = 0) -> list[QueueRow]:
    """Everything awaiting review, the worst first (PLACES); among equals what is due first.

    What is past its limit goes before what asks, so that a quiet prescription is not passed over for ever. staff: whose
    own claims are not shown.
    """
    waiting = prescriptions.awaiting_review()
    pks = [w.pk for w in waiting]
    cards = patients.cards({w.patient for w in waiting})
    units = people.unit_names({w.unit for w in waiting})
    beds = chart.beds_of(w.encounter for w in waiting)
    back, called, open_with = _returned_before(pks), _called(pks), claims(pks, but=staff)
    grades = prescriptions.signed_grades(pks)
    rows = []
    for w in waiting:
        card, found = cards[w.patient], grades.get(w.pk, [])
        due = limits.due(limits.REVIEW, w.visit_class, w.since, urgent=w.urgent)
        rows.append(
            QueueRow(
                w.pk, w.number, w.since, due, w.patient, card.name, card.sex, card.birth_date, units.get(w.unit, ""),
                beds.get(w.encounter, ""), w.visit_class, w.kind, w.drugs, w.high_alert, w.controlled, w.urgent,
                worst(found), found.count(Grade.ASK), w.pk in back, called.get(w.pk, 0), open_with.get(w.pk, ""),
                place(worst(found), due, urgent=w.urgent or w.visit_class == "emergency"),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (PLACES.index(row.place), rank(row.grade), row.due or row.since, row.pk))


def place(grade: str, due: datetime | None, *, urgent: bool) -> str:
    """Why a prescription stands where it stands, one of PLACES."""
    if grade == Grade.REFUSE:
        return "refuse"
    if due is not None and due <= now():
        return "overdue"
    if grade == Grade.ASK:
        return "ask"
    return "urgent" if urgent else grade


def worst(grades: Iterable[Grade]) -> str:
    """The highest of some grades, "" for none."""
    return str(min(grades, key=lambda grade: grade.rank, default=""))


def rank(grade: str) -> int:
    """0 for the worst; no finding comes last."""
    return Grade(grade).rank if grade else len(Grade)


def following(staff: int, but: int = 0) -> int | None:
    """The prescription to open next: the first of the queue that no colleague has open; None where none waits."""
    return next((row.pk for row in queue(staff) if not row.claimed and row.pk != but), None)


def claims(found: Iterable[int], *, but: int = 0) -> dict[int, str]:
    """Prescription → name of who has it open, without those of one person."""
    held = Claim.objects.filter(prescription__in=list(found), at__gt=now() - CLAIM_HOLDS)
    last = held.values("prescription").annotate(last=Max("pk")).values_list("last", flat=True)
    rows = dict(Claim.objects.filter(pk__in=list(last)).exclude(staff=but).values_list("prescription", "staff"))
    names = people.names(set(rows.values()))
    return {pk: names.get(staff, "") for pk, staff in rows.items()}


def _returned_before(found: list[int]) -> set[int]:
    rows = Review.objects.filter(prescription__in=found, verdict=Review.Verdict.RETURN)
    return set(rows.values_list("prescription", flat=True))


def _called(found: list[int]) -> dict[int, int]:
    rows = Call.objects.filter(prescription__in=found).values("prescription").annotate(n=Count("pk"))
    return dict(rows.values_list("prescription", "n"))


def waiting_for_doctor() -> list[BackRow]:
    """Returned prescriptions that nobody has answered, those past their limit first."""
    rows = prescriptions.standing_at(Step.RETURNED)
    cards = patients.cards({w.patient for w in rows})
    units, names = people.unit_names({w.unit for w in rows}), people.names({w.prescriber for w in rows})
    called = _called([w.pk for w in rows])
    back = [
        BackRow(
            w.pk, w.number, w.since, limits.due(limits.REPLY, w.visit_class, w.since, urgent=w.urgent), w.patient,
            cards[w.patient].name, units.get(w.unit, ""), names.get(w.prescriber, ""), called.get(w.pk, 0),
        )
        for w in rows
    ]  # fmt: skip
    return sorted(back, key=lambda row: (not row.overdue, row.due or row.since, row.pk))


def done_today(limit: int = 200) -> list[DoneRow]:
    """The verdicts of today, the latest first."""
    day = now().astimezone(HOSPITAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = list(Review.objects.filter(at__gte=day, at__lt=day + timedelta(days=1)).order_by("-pk")[:limit])
    heads = prescriptions.headers({row.prescription_id for row in rows})
    cards = patients.cards({head.patient for head in heads.values()})
    names = people.names({row.reviewer_id for row in rows if row.reviewer_id})
    return [_done(row, heads[row.prescription_id], cards, names) for row in rows]


def _done(row: Review, head: Any, cards: Any, names: dict[int, str]) -> DoneRow:
    late = row.due is not None and row.at > row.due
    return DoneRow(
        head.pk, head.number, head.patient, cards[head.patient].name, row.verdict, names.get(row.reviewer_id or 0, ""),
        row.reviewer_id is None, late, row.at,
    )  # fmt: skip
