"""Rows for measures, as they stood at a ledger head: only what is sealed at a position up to `head`."""

from datetime import datetime
from typing import NamedTuple

from luodi.pharmacy.models import Call, Dispense, Mismatch, Review


class ReviewFact(NamedTuple):
    """One verdict on one version; `codes` of `reasons`. automatic: by the program, under a rule of the house.

    since: when that version was signed; due: when its review was to be made, None where no limit was set.
    """

    review: int
    prescription: int
    version: int
    verdict: str
    codes: tuple[str, ...]
    at: datetime
    automatic: bool
    since: datetime | None
    due: datetime | None


class DispenseFact(NamedTuple):
    """One preparation; `undone` where it was undone by that head."""

    dispense: int
    prescription: int
    attempt: int
    undone: bool
    at: datetime


def reviews(head: int, start: datetime, end: datetime) -> list[ReviewFact]:
    """Reviews made in [start, end)."""
    rows = Review.objects.as_of(head).filter(at__gte=start, at__lt=end).prefetch_related("reasons").order_by("pk")
    return [
        ReviewFact(
            r.pk, r.prescription_id, r.version, r.verdict, tuple(sorted(x.code for x in r.reasons.all())), r.at,
            r.reviewer_id is None, r.since, r.due,
        )
        for r in rows
    ]  # fmt: skip


def calls(head: int, start: datetime, end: datetime) -> list[tuple[int, str, datetime]]:
    """Calls to prescribers in [start, end): (prescription, outcome, at)."""
    rows = Call.objects.as_of(head).filter(at__gte=start, at__lt=end).order_by("pk")
    return list(rows.values_list("prescription", "outcome", "at"))


def dispenses(head: int, start: datetime, end: datetime) -> list[DispenseFact]:
    """Preparations made in [start, end)."""
    rows = Dispense.objects.as_of(head).filter(at__gte=start, at__lt=end).order_by("pk")
    undone = set(
        Dispense.objects.filter(pk__in=rows.values("pk"), undone__entry__seat__position__lte=head).values_list(
            "pk", flat=True
        )
    )
    return [DispenseFact(r.pk, r.prescription_id, r.attempt, r.pk in undone, r.at) for r in rows]


def mismatches(head: int, start: datetime, end: datetime) -> list[tuple[int, str, datetime]]:
    """Wrong scans at the second check in [start, end): (dispense, kind, at)."""
    rows = Mismatch.objects.as_of(head).filter(at__gte=start, at__lt=end).order_by("pk")
    return list(rows.values_list("dispense", "kind", "at"))
