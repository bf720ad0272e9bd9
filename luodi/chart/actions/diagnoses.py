"""Diagnose, withdraw a diagnosis."""

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as patients
from luodi.patients import written
from luodi.terms import queries as terms
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from ..models import Diagnosis, DiagnosisWithdrawal
from ..queries.encounters import standing
from ..refusals import DiagnosisHeld, EncounterClosed, Invalid, NotOpened, Withdrawn


@act("diagnosis.make", may="record.write")
def diagnose(by: Actor, encounter: int, code: str, main: bool = False) -> int:
    """A diagnosis by its ICD-10 code; the first of an encounter is its main one whatever was asked. Returns its pk.

    Raises NoEncounter, NotOpened, EncounterClosed, DiagnosisHeld, Invalid (unknown code).
    """
    card = standing(encounter)
    about("encounter", encounter, patient=card.patient)
    if not card.opened_at:
        raise NotOpened
    if card.closed_at:
        raise EncounterClosed
    term = terms.diagnosis(code.strip()[:20])
    if term is None:
        raise Invalid("diagnosis_code", _("没有这个诊断编码：请从列表中选择"), "code")
    held = Diagnosis.objects.filter(encounter=encounter, withdrawal=None)
    if held.filter(code=term.code).exists():
        raise DiagnosisHeld
    made = Diagnosis.objects.create(
        encounter_id=encounter,
        code=term.code,
        name=term.name,
        main=main or not held.filter(main=True).exists(),
        staff_id=by.staff,
        at=now(),
    )
    about("diagnosis", made.pk, patient=card.patient)
    evidence(encounter=encounter, code=term.code, main=made.main)
    return made.pk


@act("diagnosis.withdraw", may="record.write")
def withdraw_diagnosis(by: Actor, diagnosis: int, reason: str) -> None:
    """Take a diagnosis back: it stays readable and holds no more. Raises Withdrawn, Invalid."""
    row = Diagnosis.objects.filter(pk=diagnosis).select_related("encounter").first()
    if row is None:
        raise Withdrawn
    patient = row.encounter.patient_id
    about("diagnosis", row.pk, patient=patient)
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise Invalid("reason", _("请填写撤回原因"), "reason")
    if DiagnosisWithdrawal.objects.filter(diagnosis=row).exists():
        raise Withdrawn
    try:
        DiagnosisWithdrawal.objects.create(
            diagnosis=row, reason=patients.seal_for(patient, why, "reason"), staff_id=by.staff, at=now()
        )
    except IntegrityError as taken:
        raise Withdrawn from taken
    evidence(encounter=row.encounter_id, code=row.code)
