"""Reports of reactions as they stand, and the worklists."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from luodi.patients import queries as patients
from luodi.pharmacy import queries as pharmacy
from luodi.trust import people
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.vigilance import codes, refusals
from luodi.vigilance.models import Group, Reaction, Version
from luodi.vigilance.queries.stages import stage_of
from luodi.vigilance.types import Assessed, Drug, Form, ReactionCard, Told
from luodi.ward import queries as wards


def reaction(pk: int) -> ReactionCard:
    """One report with its drugs and follow-ups. Raises NotFound."""
    row = _rows().filter(pk=pk).first()
    if row is None:
        raise refusals.NotFound
    return _card(row, whole=True)


def reactions(by: Actor, *, officer: bool, ended: bool = False) -> list[ReactionCard]:
    """Reports that have not ended (or have), what is due first: all that were reported for the officer, else one's own.

    A draft is its reporter's alone.
    """
    rows = _rows().filter(end__isnull=not ended)
    rows = rows.filter(report__isnull=False) if officer else rows.filter(reporter=by.staff)
    return sorted((_card(row) for row in rows), key=lambda card: (card.submitted_at is not None, card.due))


def reactions_of(patient: int) -> list[ReactionCard]:
    """Reports of the whole person that were reported, the newest first."""
    rows = _rows().filter(patient__in=patients.person(patient), report__isnull=False).order_by("-pk")
    return [_card(row) for row in rows]


def waiting() -> tuple[int, datetime | None]:
    """How many reports wait for the officer until they are with the national system, and since when the oldest."""
    rows = Reaction.objects.filter(report__isnull=False, end=None, submission=None)
    found = list(rows.order_by("report__at").values_list("report__at", flat=True))
    return len(found), found[0] if found else None


def groups() -> list[tuple[int, str]]:
    """Group events, the newest first."""
    return list(Group.objects.order_by("-pk").values_list("pk", "title")[:50])


def _rows() -> "QuerySet[Any]":
    return Reaction.objects.select_related("report", "submission", "end").prefetch_related("assessments")


def _card(row: Reaction, whole: bool = False) -> ReactionCard:
    last = Version.objects.filter(reaction=row).order_by("-number")[0]
    limit = codes.limit_of(
        death="death" in last.seriousness, serious=bool(last.seriousness), new=last.new,
        group=last.group_id is not None, known_at=last.known_at,
    )  # fmt: skip
    sent: Any = getattr(row, "submission", None)
    due = sent.due if sent else limit.due(last.known_at)
    stage = stage_of(row, last.number)
    return ReactionCard(
        pk=row.pk, patient=row.patient_id, unit=row.unit_id, reporter=row.reporter_id, stage=stage,
        version=last.number, form=_form(row, last), drafted_at=row.at,
        reported_at=row.report.at if getattr(row, "report", None) else None,
        submitted_at=sent.at if sent else None, reference=sent.reference if sent else "", limit=limit, due=due,
        late=stage != "withdrawn" and (sent.at if sent else now()) > due,
        assessed=_assessed(row), drugs=_drugs(last) if whole else (), follow_ups=_told(row) if whole else (),
    )  # fmt: skip


def _form(row: Reaction, last: Version) -> Form:
    drugs = list(last.drugs.order_by("pk").values_list("role", "package"))
    return Form(
        onset=last.onset, known_at=last.known_at, terms=tuple(last.terms), seriousness=tuple(last.seriousness),
        suspects=tuple(pk for role, pk in drugs if role == "suspect"),
        concomitants=tuple(pk for role, pk in drugs if role == "concomitant"),
        words=patients.open_for(row.patient_id, last.words, "adr"), new=last.new, outcome=last.outcome,
        action=last.action, dechallenge=last.dechallenge, rechallenge=last.rechallenge, impact=last.impact,
        causality=last.causality, group=last.group_id,
    )  # fmt: skip


def _assessed(row: Reaction) -> Assessed | None:
    made = sorted(row.assessments.all(), key=lambda each: each.version)
    if not made:
        return None
    last = made[-1]
    words = patients.open_for(row.patient_id, last.words, "adr") if last.words else ""
    staff = people.name(last.staff_id)
    return Assessed(last.version, last.causality, last.naranjo, last.score, words, staff, last.at)


def _drugs(version: Version) -> tuple[Drug, ...]:
    rows = list(version.drugs.order_by("role", "pk"))
    packs = pharmacy.packs([row.package_id for row in rows])
    doses = wards.doses_of_packages(packs)
    return tuple(
        Drug(row.role, packs[row.package_id], _given(doses.get(row.package_id)), row.administration_id is not None)
        for row in sorted(rows, key=lambda row: row.role != "suspect")
    )


def _given(dose: Any) -> datetime | None:
    return dose.at if dose else None


def _told(row: Reaction) -> tuple[Told, ...]:
    rows: Iterable[Any] = row.follow_ups.order_by("pk")
    return tuple(
        Told(
            codes.name("outcome", each.outcome), patients.open_for(row.patient_id, each.words, "adr"),
            people.name(each.staff_id), each.at,
        )
        for each in rows
    )  # fmt: skip
