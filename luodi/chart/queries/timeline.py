"""Everything that happened to a patient in the rows of this room, in one line of time."""

from collections.abc import Iterator

from luodi.patients import queries as patients
from luodi.trust import people

from ..codes import ALLERGY_STATES, ENDINGS, NOTE_KINDS, VISIT_CLASSES
from ..models import AllergyStatement, ClassChange, Closing, Diagnosis, DiagnosisWithdrawal, Encounter, Note, Opening
from ..types import Event

# of one moment: what comes first
ORDER = ("arrived", "opened", "allergy", "note", "diagnosis", "withdrawn", "changed", "closed")


def timeline(patient: int, limit: int = 100) -> list[Event]:
    """The last `limit` events of the person, the latest first; superseded notes stay in it with their version."""
    mine = patients.person(patient)
    rows = [
        *_encounters(mine), *_notes(mine, limit), *_diagnoses(mine, limit), *_allergies(mine, limit),
    ]  # fmt: skip
    return sorted(rows, key=lambda event: (event.at, ORDER.index(event.kind)), reverse=True)[:limit]


def _encounters(records: tuple[int, ...]) -> Iterator[Event]:
    mine = Encounter.objects.filter(patient__in=records)
    units = people.unit_names(
        [
            *mine.values_list("unit", flat=True),
            *ClassChange.objects.filter(encounter__in=mine).values_list("unit", flat=True),
        ]
    )
    for row in mine:
        title = str(VISIT_CLASSES[row.visit_class])
        yield Event(row.registered_at, "arrived", row.pk, title, units.get(row.unit_id, ""))
    for opening in Opening.objects.filter(encounter__in=mine):
        yield Event(opening.at, "opened", opening.encounter_id, "", staff=opening.doctor_id)
    for change in ClassChange.objects.filter(encounter__in=mine):
        title = str(VISIT_CLASSES[change.visit_class])
        yield Event(change.at, "changed", change.encounter_id, title, units.get(change.unit_id, ""))
    for closing in Closing.objects.filter(encounter__in=mine):
        title = str(ENDINGS[closing.disposition])
        yield Event(closing.at, "closed", closing.encounter_id, title, staff=closing.staff_id)


def _notes(records: tuple[int, ...], limit: int) -> Iterator[Event]:
    found = Note.objects.filter(encounter__patient__in=records).select_related("encounter")
    rows = list(found.order_by("-at")[:limit])
    texts = patients.open_many((row.encounter.patient_id, row.text, "note") for row in rows)
    for row, text in zip(rows, texts, strict=True):
        title = str(NOTE_KINDS[row.kind]) + (f" · v{row.version}" if row.version > 1 else "")
        yield Event(row.at, "note", row.encounter_id, title, text, row.author_id)


def _diagnoses(records: tuple[int, ...], limit: int) -> Iterator[Event]:
    for row in Diagnosis.objects.filter(encounter__patient__in=records).order_by("-at")[:limit]:
        yield Event(row.at, "diagnosis", row.encounter_id, row.name, row.code, row.staff_id)
    withdrawals = DiagnosisWithdrawal.objects.filter(diagnosis__encounter__patient__in=records)
    held = list(withdrawals.select_related("diagnosis__encounter").order_by("-at")[:limit])
    reasons = patients.open_many((row.diagnosis.encounter.patient_id, row.reason, "reason") for row in held)
    for withdrawal, reason in zip(held, reasons, strict=True):
        taken_back = withdrawal.diagnosis
        yield Event(withdrawal.at, "withdrawn", taken_back.encounter_id, taken_back.name, reason, withdrawal.staff_id)


def _allergies(records: tuple[int, ...], limit: int) -> Iterator[Event]:
    stated = AllergyStatement.objects.filter(patient__in=records).prefetch_related("allergies")
    held = list(stated.order_by("-at", "-pk")[:limit])
    listed = [(row, allergy) for row in held for allergy in row.allergies.all()]
    labels = patients.open_many((row.patient_id, allergy.label, "allergy") for row, allergy in listed)
    named: dict[int, list[str]] = {}
    for (row, _allergy), label in zip(listed, labels, strict=True):
        named.setdefault(row.pk, []).append(label)
    for row in held:
        state = str(ALLERGY_STATES[row.state])
        yield Event(row.at, "allergy", None, state, "、".join(named.get(row.pk, [])), row.staff_id)
