"""越级使用补办: what is open, and how each one ended."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from luodi.orders.checking import rights
from luodi.orders.models import Formality, FormalityEnd
from luodi.patients import queries as patients
from luodi.trust import clock

FIELD = "orders.formality"


class FormalityCard(NamedTuple):
    """One debt. `since`: when it was signed; `overdue`: its hours have passed."""

    pk: int
    prescription: int
    patient: int
    number: str
    generic: str
    strength: str
    staff: int
    tier: int
    since: datetime
    due_at: datetime
    overdue: bool


class EndCard(NamedTuple):
    generic: str
    staff: int
    at: datetime
    agreed: bool
    late: bool
    text: str


def owed_formalities(staff: int) -> list[FormalityCard]:
    """What this doctor signed above the own tier and nobody has looked at, the soonest due first."""
    return _cards(Formality.objects.filter(staff=staff))


def formalities_to_end(staff: int) -> list[FormalityCard]:
    """What this doctor may look at: others' debts within the tier that the hospital granted, the soonest due first."""
    tier = rights(staff).antibiotic_tier
    return _cards(Formality.objects.filter(tier__lte=tier).exclude(staff=staff)) if tier else []


def formality_ends(prescription: int) -> tuple[list[FormalityCard], list[EndCard]]:
    """Of one prescription: what is open, and what was ended by whom in which words."""
    rows = list(
        FormalityEnd.objects.filter(formality__prescription=prescription)
        .select_related("formality__line", "formality__prescription")
        .order_by("at", "pk")
    )
    words = patients.open_many([(row.formality.prescription.patient_id, bytes(row.words), FIELD) for row in rows])
    ended = [
        EndCard(row.formality.line.generic, row.staff_id, row.at, row.agreed, row.at > row.formality.due_at, text)
        for row, text in zip(rows, words, strict=True)
    ]
    return _cards(Formality.objects.filter(prescription=prescription)), ended


def _cards(rows: "QuerySet[Any]") -> list[FormalityCard]:
    now = clock.now()
    return [
        FormalityCard(
            pk=row.pk,
            prescription=row.prescription_id,
            patient=row.prescription.patient_id,
            number=row.prescription.number,
            generic=row.line.generic,
            strength=row.line.strength,
            staff=row.staff_id,
            tier=row.tier,
            since=row.at,
            due_at=row.due_at,
            overdue=row.due_at < now,
        )
        for row in rows.filter(end__isnull=True).select_related("prescription", "line").order_by("due_at", "pk")
    ]
