"""One prescription: its lines, what the check says, what was signed and whether the signature holds."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from luodi.advice.types import Finding, Grade, Snapshot
from luodi.orders import checking, paper, reading, seconding, wording
from luodi.orders.actions.ending import EXTENSION_FIELD, STOP_FIELD
from luodi.orders.actions.signing import ANSWER_FIELD, REPLY_FIELD
from luodi.orders.actions.stepping import STEP_FIELD
from luodi.orders.cards import AnswerCard, LineCard, PrescriptionCard, SignatureCard, SignedFinding
from luodi.orders.checking import Checked
from luodi.orders.loop import Step
from luodi.orders.models import Answer, Extension, LoopStep, Prescription, Reply, SecondSignature, Signature, Stop
from luodi.patients import queries as patients
from luodi.trust import clock, vault
from luodi.trust.question import NUMBERS, Question

_FINDINGS = Question(
    lambda pks: (
        Signature.objects.filter(prescription__in=pks).order_by("version").values_list("prescription", "findings")
    ),
    NUMBERS,
)


def prescription(pk: int, version: int | None = None) -> PrescriptionCard:
    """The prescription with the lines of its working version, or of an earlier one. Raises NotFound."""
    return reading.card(reading.load(pk), version)


def header(pk: int) -> PrescriptionCard:
    """The prescription without its lines: where it stands, whose it is. Raises NotFound."""
    return reading.prescription_card(reading.load(pk), ())


def headers(pks: Iterable[int]) -> dict[int, PrescriptionCard]:
    """Prescriptions without their lines, by number; unknown ones are left out."""
    held = Prescription.objects.in_bulk(list(pks))
    return {pk: reading.prescription_card(row, ()) for pk, row in held.items()}


def prescriptions(pks: Sequence[int]) -> list[PrescriptionCard]:
    """Many prescriptions with the lines of their working versions, in this order; unknown ones are left out."""
    held = Prescription.objects.in_bulk(list(pks))
    return reading.cards([held[pk] for pk in pks if pk in held])


def findings(prescription: int | PrescriptionCard, staff: int | None = None) -> list[Finding]:
    """What the check says now, worst first. staff: whose rights count, the prescriber's unless named."""
    card = prescription if isinstance(prescription, PrescriptionCard) else reading.card(reading.load(prescription))
    return Checked(card, staff or card.prescriber).findings if card.lines else []


def snapshot(card: PrescriptionCard) -> Snapshot:
    """The patient as the check reads them now, with the drugs of other prescriptions."""
    return checking.snapshot(card, clock.today())


def try_line(card: PrescriptionCard, tried: list[LineCard], seq: int | None, staff: int) -> tuple[list[Finding], int]:
    """What the check would say with this line added, or put in the place of line `seq`; and the line's index.

    tried: the line, and that of its solvent where it names one.
    """
    lines = list(card.lines)
    place = next((n for n, held in enumerate(lines) if held.seq == seq), len(lines))
    lines[place : place + 1] = tried
    return Checked(replace(card, lines=tuple(lines)), staff).findings, place


def signed_findings(prescription: int, version: int | None = None) -> list[SignedFinding]:
    """The findings as they stood at the last signature (or that of a version), each with its answer."""
    signature = _signature(prescription, version)
    if signature is None:
        return []
    answers = {answer.finding: answer.text for answer in _answers(signature)}
    return [
        SignedFinding(
            rule=row["rule"],
            grade=row["grade"],
            why=row["why"],
            source=row["source"],
            instead=row["instead"],
            line=row["line"],
            key=row["key"],
            answer=answers.get(row["key"], ""),
        )
        for row in json.loads(signature.findings)
    ]


class SecondCard(NamedTuple):
    """双签 of a version: when, over which findings, and whether the signature holds."""

    at: datetime
    findings: frozenset[str]
    valid: bool


def second_signature(prescription: int, version: int | None = None) -> SecondCard | None:
    """The second signature at the last signature (or that of a version); None where there is none."""
    signature = _signature(prescription, version)
    row = SecondSignature.objects.filter(signature=signature).first() if signature else None
    if row is None:
        return None
    valid = vault.verify_signature(row.key_id, bytes(row.message), bytes(row.value))
    return SecondCard(row.at, frozenset(row.findings), valid and seconding.covers(bytes(row.message), row.findings))


def unseconded(prescription: int) -> list[SignedFinding]:
    """Findings of the last signature that ask for a second one and have none that holds."""
    asking = seconding.needed(signed_findings(prescription))
    held = second_signature(prescription) if asking else None
    return [each for each in asking if held is None or not held.valid or each.key not in held.findings]


def signed_grades(prescriptions: Iterable[int]) -> dict[int, list[Grade]]:
    """Grades of the findings at the last signature of each, for lists: nothing sealed is opened."""
    grades: dict[int, list[Grade]] = {}
    for pk, findings in _FINDINGS.all(list(prescriptions)):
        grades[pk] = [Grade(row["grade"]) for row in json.loads(findings)]
    return grades


def signed_answers(prescription: int, version: int | None = None) -> list[AnswerCard]:
    """The answers kept with the last signature, or that of a version."""
    signature = _signature(prescription, version)
    return _answers(signature) if signature else []


def _signature(prescription: int, version: int | None) -> Signature | None:
    rows = Signature.objects.filter(prescription=prescription).order_by("-version").select_related("prescription")
    return (rows.filter(version=version) if version else rows).first()


def _answers(signature: Signature) -> list[AnswerCard]:
    rows = list(Answer.objects.filter(signature=signature).order_by("pk"))
    patient = signature.prescription.patient_id
    opened = iter(patients.open_many([(patient, bytes(row.words), ANSWER_FIELD) for row in rows if row.words]))
    return [
        AnswerCard(row.finding, row.rule, row.code, next(opened) if row.words else wording.words("answers", row.code))
        for row in rows
    ]


def signatures(prescription: int) -> list[SignatureCard]:
    """Every signature with its verification, the first version first.

    valid: the SM2 signature holds over the kept bytes. matches: those bytes say what the rows of that version say now.
    """
    rows = (
        Signature.objects.filter(prescription=prescription).order_by("version").select_related("prescription", "entry")
    )
    return [
        SignatureCard(
            version=row.version,
            staff=row.staff_id,
            at=row.at,
            key_id=row.key_id,
            value=bytes(row.value),
            ruleset=row.ruleset,
            valid=vault.verify_signature(row.key_id, bytes(row.message), bytes(row.value)),
            matches=_matches(row),
            entry=row.entry.pk,
        )
        for row in rows
    ]


def _matches(row: Signature) -> bool:
    rx: Prescription = row.prescription
    try:
        kept: dict[str, Any] = json.loads(bytes(row.message))
    except ValueError:
        return False
    said = {
        "prescription": rx.pk,
        "patient": rx.patient_id,
        "encounter": rx.encounter_id,
        "version": row.version,
        "prescriber": row.staff_id,
        "ruleset": row.ruleset,
        "issued": row.at.isoformat(),
        "lines": paper.lines_part(reading.line_rows(rx, row.version)),
        "answers": paper.answers_part({a.finding: (a.code, bytes(a.words)) for a in row.answers.all()}),
    }
    return all(kept.get(name) == value for name, value in said.items())


class Word(NamedTuple):
    """Something written about a prescription: by whom, when, for which version."""

    staff: int
    at: Any
    version: int
    text: str
    changed: bool = False


def returns(prescription: int) -> list[Word]:
    """Returns with what was written to the doctor, the first one first; "" where only a code was given."""
    rows = list(
        LoopStep.objects.filter(prescription=prescription, step=Step.RETURNED)
        .order_by("seq")
        .select_related("prescription")
    )
    held = [(row.prescription.patient_id, bytes(row.words), STEP_FIELD) for row in rows if row.words]
    texts = iter(patients.open_many(held) if held else ())
    return [Word(r.staff_id or 0, r.at, r.version, next(texts) if r.words else "") for r in rows]


def replies(prescription: int) -> list[Word]:
    """The doctor's replies to returns, the first one first."""
    rows = list(Reply.objects.filter(prescription=prescription).order_by("pk").select_related("prescription"))
    texts = patients.open_many([(row.prescription.patient_id, bytes(row.words), REPLY_FIELD) for row in rows])
    return [Word(r.staff_id, r.at, r.version, text, r.changed) for r, text in zip(rows, texts, strict=True)]


def extensions(prescription: int) -> list[Word]:
    """Extensions of the validity with their reasons."""
    rows = list(Extension.objects.filter(prescription=prescription).order_by("pk").select_related("prescription"))
    texts = patients.open_many([(row.prescription.patient_id, bytes(row.words), EXTENSION_FIELD) for row in rows])
    return [Word(r.staff_id, r.at, r.prescription.version, text) for r, text in zip(rows, texts, strict=True)]


def stop_words(prescription: int) -> Word | None:
    """Who stopped it, when and why; None where it was not stopped."""
    row = Stop.objects.filter(prescription=prescription).select_related("prescription").first()
    if row is None:
        return None
    patient = row.prescription.patient_id
    text = (
        patients.open_for(patient, bytes(row.words), STOP_FIELD)
        if row.words
        else wording.words("stop_reasons", row.code)
    )
    return Word(row.staff_id, row.at, row.prescription.version, text)
