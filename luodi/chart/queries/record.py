"""What the record holds now, and what it held before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from luodi.patients import queries as patients
from luodi.trust.question import NUMBER, NUMBERS, TEXTS, Question

from ..codes import SEVERITIES
from ..models import Allergy, AllergyStatement, Closing, Diagnosis, Encounter, Note, Observation, Opening
from ..types import AllergyItem, AllergyView, DiagnosisLine, NoteCard, Reading

_NOTES = Question(
    lambda encounter: (
        Note.objects.filter(encounter=encounter, amendment=None).select_related("encounter").order_by("at", "pk")
    ),
    NUMBER,
)
_DIAGNOSES = Question(
    lambda encounter: Diagnosis.objects.filter(encounter=encounter, withdrawal=None).order_by("at", "pk"), NUMBER
)
_STATEMENT = Question(lambda patient: AllergyStatement.objects.filter(patient=patient).order_by("-version")[:1], NUMBER)
_STATEMENTS = Question(
    lambda patients: AllergyStatement.objects.filter(patient__in=patients).order_by("patient", "version"), NUMBERS
)
_ALLERGIES = Question(lambda statement: Allergy.objects.filter(statement=statement).order_by("pk"), NUMBER)
_OBSERVED = Question(
    lambda patient, codes: Observation.objects.filter(patient=patient, code__in=codes).order_by("at", "pk"),
    NUMBER, TEXTS,
)  # fmt: skip
# an emergency states "cannot be asked" after a clinic has listed: of two records the more careful word holds
_CAREFUL = ("not_asked", "denied", "unconfirmed", "listed")


def notes(encounter: int) -> list[NoteCard]:
    """The versions in force of an encounter's notes, the oldest first."""
    return _note_cards(_NOTES.all(encounter))


def note_versions(note: int) -> list[NoteCard]:
    """All versions of the note that this version belongs to, the first one first; empty for an unknown pk."""
    row = Note.objects.filter(pk=note).select_related("encounter").first()
    chain: list[Note] = []
    while row is not None:
        chain.insert(0, row)
        row = row.supersedes
    following = chain[-1] if chain else None
    while following is not None:
        following = Note.objects.filter(supersedes=following).select_related("encounter").first()
        chain += [following] if following else []
    return _note_cards(chain)


def previous_notes(patient: int, encounter: int) -> tuple[int, list[NoteCard]] | None:
    """The last earlier encounter of the person that has notes, and those notes; None where there is none."""
    here = Encounter.objects.get(pk=encounter)
    before = Encounter.objects.filter(
        patient__in=patients.person(patient), registered_at__lt=here.registered_at, notes__isnull=False
    )
    last = before.order_by("-registered_at").values_list("pk", flat=True).first()
    return (last, notes(last)) if last else None


def diagnoses(encounter: int) -> list[DiagnosisLine]:
    """Diagnoses in force, the main one first, then in the order they were made."""
    rows = _DIAGNOSES.all(encounter)
    main = max((row.pk for row in rows if row.main), default=None)
    lines = [
        DiagnosisLine(row.pk, row.encounter_id, row.code, row.name, row.pk == main, row.staff_id, row.at)
        for row in rows
    ]
    return sorted(lines, key=lambda line: not line.main)


def problems(patient: int, limit: int = 30) -> list[DiagnosisLine]:
    """What the person was diagnosed with, each code once with its latest date, the latest first."""
    mine = patients.person(patient)
    rows = Diagnosis.objects.filter(encounter__patient__in=mine, withdrawal=None).order_by("-at", "-pk")
    seen: dict[str, DiagnosisLine] = {}
    for row in rows[:500]:
        line = DiagnosisLine(row.pk, row.encounter_id, row.code, row.name, row.main, row.staff_id, row.at)
        seen.setdefault(row.code, line)
    return list(seen.values())[:limit]


def allergies(patient: int, whole: patients.Person | None = None) -> AllergyView:
    """The statement in force; state not_asked and rev 0 where nobody has stated anything.

    Of a person with several records: what was stated last in view of all of them, else everything that any of them
    lists, and the most careful state. `whole` where the caller knows the person of this record already.
    """
    whole = whole or patients.whole(patient)
    if len(whole.records) > 1:
        return _together(whole)
    row = _STATEMENT.first(patient)
    if row is None:
        return AllergyView("not_asked")
    return AllergyView(row.state, _items(row), row.version, row.staff_id, row.at)


def allergies_stated_since(moment: datetime) -> list[tuple[int, int, datetime]]:
    """(statement, record, when) of the lists of allergies that were written since a moment, by time."""
    rows = AllergyStatement.objects.filter(state="listed", at__gte=moment).order_by("at")
    return list(rows.values_list("pk", "patient", "at"))


def latest(patient: int, code: str) -> Reading | None:
    """The last reading of that code, None where none was ever taken."""
    return latest_of(patient, [code]).get(code)


def latest_of(patient: int, codes: Iterable[str], whole: patients.Person | None = None) -> dict[str, Reading]:
    """The last reading of each code that has one, in one query for each record of the person."""
    asked = list(codes)
    records = (whole or patients.whole(patient)).records
    rows = [row for record in records for row in _OBSERVED.all(record, asked)]
    if len(records) > 1:
        rows.sort(key=lambda row: (row.at, row.pk))
    return {row.code: row for row in _readings({row.code: row for row in rows}.values())}


def observed(encounter: int) -> list[Reading]:
    """Readings of an encounter, the latest first."""
    return _readings(Observation.objects.filter(encounter=encounter).order_by("-at", "-pk"))


def measured_codes(patient: int) -> list[str]:
    """Codes of everything that was ever measured with a value, by code."""
    rows = Observation.objects.filter(patient__in=patients.person(patient), value__isnull=False)
    return list(rows.order_by("code").values_list("code", flat=True).distinct())


def last_entry(encounter: int) -> int:
    """The ledger entry of the last row of an encounter: what a printed sheet refers to."""
    mine = {"encounter": encounter}
    rows: list[Any] = [Encounter.objects.filter(pk=encounter), Opening.objects.filter(**mine)]
    rows += [model.objects.filter(**mine) for model in (Note, Diagnosis, Observation, Closing)]
    return max(entry for held in rows for entry in held.values_list("entry", flat=True))


def trend(patient: int, code: str, limit: int = 12) -> list[Reading]:
    """The last readings with a value of one code, the oldest first."""
    mine = patients.person(patient)
    rows = Observation.objects.filter(patient__in=mine, code=code, value__isnull=False).order_by("-at", "-pk")
    return _readings(reversed(rows[:limit]))


def _together(whole: patients.Person) -> AllergyView:
    """What several records state of one person. `rev` counts the statements of all, so that none is overlooked."""
    last = {row.patient_id: row for row in _STATEMENTS.all(whole.records)}
    if not last:
        return AllergyView("not_asked")
    newest = max(last.values(), key=lambda row: (row.at, row.pk))
    rev = sum(row.version for row in last.values())
    if whole.since is not None and newest.at > whole.since:
        return AllergyView(newest.state, _items(newest), rev, newest.staff_id, newest.at)
    state = max((row.state for row in last.values()), key=_CAREFUL.index)
    listed: dict[str, AllergyItem] = {}
    for row in sorted(last.values(), key=lambda row: row.at):
        for item in _items(row):
            before = listed.get(item.code or item.label)
            if before is None or _graver(item, before):
                listed[item.code or item.label] = item
    return AllergyView(state, tuple(listed.values()), rev, newest.staff_id, newest.at)


def _graver(one: AllergyItem, other: AllergyItem) -> bool:
    order = list(SEVERITIES)
    return order.index(one.severity) >= order.index(other.severity)


def _items(statement: AllergyStatement) -> tuple[AllergyItem, ...]:
    rows = _ALLERGIES.all(statement.pk)
    patient = statement.patient_id
    sealed = [
        (patient, blob, field) for row in rows for blob, field in ((row.label, "allergy"), (row.reaction, "reaction"))
    ]
    words = patients.open_many(sealed)
    return tuple(
        AllergyItem(row.code, label, row.severity, reaction)
        for row, label, reaction in zip(rows, words[::2], words[1::2], strict=True)
    )


def _note_cards(rows: Iterable[Note]) -> list[NoteCard]:
    held = list(rows)
    texts = patients.open_many((row.encounter.patient_id, row.text, "note") for row in held)
    given = [row for row in held if row.reason is not None]
    reasons = patients.open_many((row.encounter.patient_id, row.reason, "reason") for row in given)
    why = {row.pk: reason for row, reason in zip(given, reasons, strict=True)}
    return [
        NoteCard(row.pk, row.encounter_id, row.kind, row.version, text, why.get(row.pk, ""), row.author_id, row.at)
        for row, text in zip(held, texts, strict=True)
    ]


def _readings(rows: Iterable[Observation]) -> list[Reading]:
    held = list(rows)
    with_text = [row for row in held if row.text is not None]
    texts = patients.open_many((row.patient_id, row.text, "observation") for row in with_text)
    said = {row.pk: text for row, text in zip(with_text, texts, strict=True)}
    return [
        Reading(row.code, row.value, row.unit, row.coded, said.get(row.pk, ""), row.at, row.encounter_id)
        for row in held
    ]
