"""Opening, reviewing and closing the dossier of a patient with cancer pain or moderate to severe chronic pain."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from luodi.orders import refusals
from luodi.orders.checking import rights
from luodi.orders.dossiers import FIELD, dossier
from luodi.orders.models import PainDossier, PainEnd, PainReview
from luodi.patients import queries as patients
from luodi.trust import access, clock
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

MOST_WORDS = 500


def _sealed(by: Actor, patient: int, text: str) -> bytes:
    access.require_care(by, patient)
    words = text.strip()
    if not words or len(words) > MOST_WORDS:
        raise refusals.unknown("dossier_words", _("请写明，最多 500 字。"))
    if not rights(by.staff).narcotic:
        raise refusals.unknown(
            "dossier_right", _("没有麻醉药品处方权，不能办理疼痛档案。"), _("请有处方权的医师办理。")
        )
    return patients.seal_for(patient, words, FIELD)


def _opened(by: Actor, patient: int, text: str, **given: object) -> bytes:
    return _sealed(by, patient, text)


@act("dossier.open", may="prescription.sign", prepare=_opened)
def open_dossier(
    by: Actor,
    patient: int,
    text: str,
    *,
    consent_on: date,
    diagnosis_proof: bool,
    identity_copy: bool,
    agent: bool = False,
    prepared: bytes = b"",
) -> int:
    """Open it after examining the patient in person: consent signed, proof of diagnosis and identity kept (art. 21).

    text: the diagnosis, and the hospital of level 2 or above that proves it. Raises Refusal where a paper is missing.
    """
    about("patient", patient, patient)
    if not (diagnosis_proof and identity_copy):
        raise refusals.unknown("dossier_papers", _("须留存诊断证明和患者身份证明复印件。"), _("补齐材料后再建档。"))
    if consent_on > clock.today():
        raise refusals.unknown("dossier_consent", _("知情同意书的日期不能晚于今天。"))
    if dossier(patient) is not None:
        raise refusals.unknown("dossier_open", _("患者已有疼痛档案。"), _("请在原档案上记录复诊。"))
    row = PainDossier.objects.create(
        patient_id=patient, staff_id=by.staff, at=clock.now(), consent_on=consent_on, agent=agent, words=prepared
    )
    evidence(dossier=row.pk, consent_on=consent_on, agent=agent)
    return row.pk


@act("dossier.review", may="prescription.sign", prepare=_sealed)
def review_dossier(by: Actor, patient: int, text: str, *, prepared: bytes = b"") -> None:
    """The patient was seen again: the dossier holds for three months more (art. 27)."""
    about("patient", patient, patient)
    row = _of(patient)
    PainReview.objects.create(dossier_id=row, staff_id=by.staff, at=clock.now(), words=prepared)
    evidence(dossier=row)


@act("dossier.end", may="prescription.sign", prepare=_sealed)
def end_dossier(by: Actor, patient: int, text: str, *, prepared: bytes = b"") -> None:
    """Close it, with a reason; the ordinary limits hold from now on."""
    about("patient", patient, patient)
    row = _of(patient)
    PainEnd.objects.create(dossier_id=row, staff_id=by.staff, at=clock.now(), words=prepared)
    evidence(dossier=row)


def _of(patient: int) -> int:
    held = dossier(patient)
    if held is None:
        raise refusals.NotFound
    return held.pk
