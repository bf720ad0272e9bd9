"""The reviews and calls that a prescription has had, and what changed since the last return."""

from dataclasses import dataclass, field
from datetime import datetime

from luodi.orders import queries as prescriptions
from luodi.patients import queries as patients
from luodi.pharmacy import changes as versions
from luodi.pharmacy import reasons as coded
from luodi.pharmacy.models import Call, Review
from luodi.trust import people

TEXT_FIELD, CALL_FIELD = "pharmacy.review", "pharmacy.call"


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A verdict on one version; `reasons` are `reasons.Reason`. `automatic`: by the program, under a rule."""

    pk: int
    prescription: int
    version: int
    verdict: str
    reasons: tuple[coded.Reason, ...]
    text: str = field(repr=False)
    reviewer: str
    automatic: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class CallCard:
    """A call to the prescriber; `outcome` is one of Call.Outcome."""

    version: int
    outcome: str
    text: str = field(repr=False)
    staff: str
    at: datetime


def reviews(prescription: int) -> list[ReviewCard]:
    """Reviews of a prescription, the first one first."""
    rows = list(Review.objects.filter(prescription=prescription).prefetch_related("reasons").order_by("pk"))
    if not rows:
        return []
    patient = prescriptions.header(prescription).patient
    sealed = [(patient, bytes(row.text), TEXT_FIELD) for row in rows if row.text]
    texts = iter(patients.open_many(sealed) if sealed else ())
    names = people.names({row.reviewer_id for row in rows if row.reviewer_id})
    return [
        ReviewCard(
            row.pk, prescription, row.version, row.verdict, tuple(coded.named(r.code for r in row.reasons.all())),
            next(texts) if row.text else "", names.get(row.reviewer_id or 0, ""), row.reviewer_id is None, row.at,
        )
        for row in rows
    ]  # fmt: skip


def calls(prescription: int) -> list[CallCard]:
    """Calls to the prescriber, the first one first."""
    rows = list(Call.objects.filter(prescription=prescription).order_by("pk"))
    if not rows:
        return []
    patient = prescriptions.header(prescription).patient
    sealed = [(patient, bytes(row.words), CALL_FIELD) for row in rows if row.words]
    texts = iter(patients.open_many(sealed) if sealed else ())
    names = people.names({row.staff_id for row in rows})
    return [
        CallCard(row.version, row.outcome, next(texts) if row.words else "", names.get(row.staff_id, ""), row.at)
        for row in rows
    ]


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
