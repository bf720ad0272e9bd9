"""审方 worklist, worst first, and the reviews that a prescription has had."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from luodi.advice.types import Grade
from luodi.orders import queries as prescriptions
from luodi.patients import queries as patients
from luodi.pharmacy import changes as versions
from luodi.pharmacy import reasons as coded
from luodi.pharmacy.models import Review
from luodi.trust import people

TEXT_FIELD = "pharmacy.review"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A prescription awaiting review. `grade`: the worst signed finding, "" for none; `again`: returned before."""

    pk: int
    number: str
    since: datetime
    patient: int
    name: str = field(repr=False)
    sex: str
    birth_date: date | None = field(repr=False)
    unit: str
    visit_class: str
    kind: str
    drugs: int
    high_alert: bool
    controlled: bool
    grade: str
    asks: int
    again: bool


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A verdict on one version; `reasons` are `reasons.Reason`."""

    pk: int
    prescription: int
    version: int
    verdict: str
    reasons: tuple[coded.Reason, ...]
    text: str = field(repr=False)
    reviewer: str
    at: datetime


def queue() -> list[QueueRow]:
    """Everything awaiting review, the worst finding first; within a grade the longest wait first."""
    waiting = prescriptions.awaiting_review()
    cards = patients.cards({w.patient for w in waiting})
    units = people.unit_names({w.unit for w in waiting})
    back = _returned_before([w.pk for w in waiting])
    grades = prescriptions.signed_grades(w.pk for w in waiting)
    rows = [_queued(w, cards[w.patient], units.get(w.unit, ""), grades.get(w.pk, []), w.pk in back) for w in waiting]
    return sorted(rows, key=lambda row: (rank(row.grade), row.since, row.pk))


def _returned_before(prescriptions: list[int]) -> set[int]:
    rows = Review.objects.filter(prescription__in=prescriptions, verdict=Review.Verdict.RETURN)
    return set(rows.values_list("prescription", flat=True))


def _queued(found: Any, card: Any, unit: str, grades: list[Grade], again: bool) -> QueueRow:
    return QueueRow(
        found.pk, found.number, found.since, found.patient, card.name, card.sex, card.birth_date, unit,
        found.visit_class, found.kind, found.drugs, found.high_alert, found.controlled,
        worst(grades), grades.count(Grade.ASK), again,
    )  # fmt: skip


def worst(grades: Iterable[Grade]) -> str:
    """The highest of some grades, "" for none."""
    return str(min(grades, key=lambda grade: grade.rank, default=""))


def rank(grade: str) -> int:
    """0 for the worst; no finding comes last."""
    return Grade(grade).rank if grade else len(Grade)


def reviews(prescription: int) -> list[ReviewCard]:
    """Reviews of a prescription, the first one first."""
    rows = list(Review.objects.filter(prescription=prescription).prefetch_related("reasons").order_by("pk"))
    if not rows:
        return []
    patient = prescriptions.header(prescription).patient
    sealed = [(patient, bytes(row.text), TEXT_FIELD) for row in rows if row.text]
    texts = iter(patients.open_many(sealed) if sealed else ())
    names = people.names({row.reviewer_id for row in rows})
    return [
        ReviewCard(
            row.pk, prescription, row.version, row.verdict, tuple(coded.named(r.code for r in row.reasons.all())),
            next(texts) if row.text else "", names.get(row.reviewer_id, ""), row.at,
        )
        for row in rows
    ]  # fmt: skip


def returned(prescription: int) -> ReviewCard | None:
    """The last return of a prescription, with reasons and text, for the doctor who must answer; None without one."""
    return next((r for r in reversed(reviews(prescription)) if r.verdict == Review.Verdict.RETURN), None)


def changes(prescription: int) -> list[versions.Change]:
    """Lines of the present version against the one last returned; empty where it was never returned."""
    last = returned(prescription)
    card = prescriptions.prescription(prescription)
    if last is None or last.version == card.version:
        return []
    return versions.between(prescriptions.prescription(prescription, version=last.version).lines, card.lines)
