"""Public writers: register, correct, reveal, band."""

from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.trust import access, once, vault
from luodi.trust.act import about, act, evidence, evidence_sealed
from luodi.trust.actor import Actor
from luodi.trust.clock import today
from luodi.trust.refusal import Forbidden

from .. import codes, finding, identity, written
from ..models import Identity, Patient, Wristband, WristbandEnd
from ..refusals import BandMoved, IdOfMerged, IdTaken, Invalid, MergedAway, Moved, NoPatient, NoWristband
from ..types import NewPatient

BAND_PERMISSIONS = ("visit.register", "encounter.open", "ward.place")
BAND_REASONS = ("lost", "damaged", "wrong_wrist")
REVEALED = ("id_no", "phone", "address", "insurance")


def _checked(by: Actor, new: NewPatient, **rest: Any) -> NewPatient:
    return identity.checked(new, today())


@act("identity.register", may=None, prepare=_checked)
def register(by: Actor, new: NewPatient, *, idempotency: str = "", prepared: NewPatient | None = None) -> int:
    """Make a patient of an identity typed at the desk; returns the patient's pk.

    Likely duplicates are the caller's to ask about (queries.duplicates); a document of another patient is refused.
    idempotency: a token of the form; the same token registers once. Raises Invalid, Unreadable, IdTaken, TokenUsed.
    """
    access.require_asking(by, "identity.register")
    assert prepared is not None
    token = once.token(idempotency)
    before = _made_by(token, prepared)
    if before is not None:
        about("patient", before, patient=before, care=False)
        evidence(repeated=True)
        return before
    _document_free(prepared, None)
    patient = new_record(token)
    about("patient", patient.pk, patient=patient.pk, care=False)
    Identity.objects.create(patient=patient, version=1, **identity.sealed(prepared, patient.key))
    indexed(patient.pk, prepared)
    evidence(version=1, id_kind=prepared.id_kind, has_birth_date=prepared.birth_date is not None)
    return patient.pk


@act("identity.correct", may="identity.correct")
def correct(by: Actor, patient: int, changes: dict[str, Any], reason: str, *, rev: int | None = None) -> int:
    """Add a version of the identity with `changes` (fields of NewPatient); returns its number.

    rev: the version that the person saw; another one in force refuses.
    Raises NoPatient, Moved, MergedAway, Invalid, IdTaken, IdOfMerged.
    """
    about("patient", patient, patient=patient, care=False)
    row = identity.latest(patient)
    if row is None:
        raise NoPatient
    head = access.person(patient).head
    if head != patient:
        raise MergedAway(head)
    if rev is not None and rev != row.version:
        raise Moved
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise Invalid("reason", _("请填写更正原因"), "reason")
    before = identity.opened(row)
    after = identity.checked(identity.changed(before, changes), today())
    fields = [field for field in NewPatient.__slots__ if getattr(before, field) != getattr(after, field)]
    if not fields:
        raise Invalid("nothing_changed", _("没有改动任何一项"), "name")
    _document_free(after, patient)
    key = row.patient.key
    version = _next_version(row, after, vault.seal(why, key, field="reason"))
    indexed(patient, after)
    evidence(version=version, fields=fields)
    evidence_sealed(key, before={field: getattr(before, field) for field in fields})
    return version


@act("identity.reveal", may="identity.correct")
def reveal(by: Actor, patient: int, field: str, reason: str) -> str:
    """The ID number, phone or address in full, with a reason that stays in the evidence (GB/T 39725 practice)."""
    about("patient", patient, patient=patient, care=False)
    row = identity.latest(patient)
    if row is None:
        raise NoPatient
    why = written.line(reason, longest=200, field="reason")
    if not why or field not in REVEALED:
        raise Invalid("reason", _("请填写查看完整号码的原因"), "reason")
    evidence(field=field)
    evidence_sealed(row.patient.key, reason=why)
    return str(getattr(identity.opened(row), field))


@act("identity.phone", may="identity.phone")
def telephone(by: Actor, patient: int) -> str:
    """The phone number in full, for whoever must call the person; "" where none is known. Raises NoPatient, NoCare."""
    about("patient", patient, patient=patient)
    row = identity.latest(patient)
    if row is None:
        raise NoPatient
    evidence(field="phone")
    return str(identity.opened(row).phone)


@act("wristband.issue", may=None)
def band(by: Actor, patient: int, encounter: int, *, replaces: str = "", seen: str | None = None) -> str:
    """The code of the encounter's wristband, made where there is none yet.

    replaces: one of BAND_REASONS ends the band in force and makes a new one; seen: the code that was on the page, which
    is the one to end. For whoever receives the patient. Raises Forbidden, NoWristband, BandMoved, Invalid.
    """
    if not any(access.may(by, permission) for permission in BAND_PERMISSIONS):
        raise Forbidden(facts={"permission": "|".join(BAND_PERMISSIONS)})
    about("patient", patient, patient=patient, care=False)
    last = Wristband.objects.filter(encounter=encounter).order_by("-number").first()
    if last is not None and last.patient_id != patient:
        raise NoWristband
    if seen is not None and (last is None or last.code != seen):
        raise BandMoved
    if replaces:
        _end(last, replaces)
    elif last is not None:
        return last.code
    made = Wristband.objects.create(
        patient_id=patient, encounter=encounter, code=codes.new_wristband(), number=last.number + 1 if last else 1
    )
    evidence(encounter=encounter, band=made.pk, number=made.number, replaces=replaces)
    return made.code


@act("identity.reindex", may=None)
def reindex(by: Actor, batch: int = 200) -> int:
    """Move a batch of patients to the active blind-index key after a rotation; returns how many, 0 at the end."""
    access.require_operator(by)
    version = vault.purpose_key("blind").version
    about("blind_index", version, care=False)
    patients = finding.behind(batch)
    for patient in patients:
        row = identity.latest(patient)
        assert row is not None
        indexed(patient, identity.opened(row))
    evidence(patients=len(patients))
    return len(patients)


def _end(last: Wristband | None, reason: str) -> None:
    if last is None:
        raise NoWristband
    if reason not in BAND_REASONS:
        raise Invalid("band_reason", _("请选择更换腕带的原因"), "replaces")
    WristbandEnd.objects.create(band=last, reason=reason)


def _made_by(token: str | None, new: NewPatient) -> int | None:
    """The patient whom this token registered before. Raises TokenUsed where that was somebody else."""
    made = Patient.objects.filter(idempotency=token).first() if token else None
    if made is None:
        return None
    first = made.identities.select_related("patient").get(version=1)
    if identity.opened(first) != new:
        raise once.TokenUsed
    return made.pk


def new_record(token: str | None) -> Patient:
    """A record number and a key.

    Raises TokenUsed where the same form came twice at one moment: the database is the judge.
    """
    number, key = _free_record_no(), vault.new_key(kind="patient")
    try:
        return Patient.objects.create(record_no=number, key=key, idempotency=token)
    except IntegrityError as taken:
        raise once.TokenUsed from taken


def _free_record_no() -> str:
    """A record number nobody has. The unique constraint stands behind the vanishing chance of a race."""
    while Patient.objects.filter(record_no=(number := codes.new_record_no())).exists():
        continue
    return number


def _document_free(new: NewPatient, patient: int | None) -> None:
    holder = finding.holder_of_document(new)
    if holder in (None, patient):
        return
    raise IdOfMerged if patient in access.person(holder).records else IdTaken(holder)


def indexed(patient: int, new: NewPatient) -> None:
    """Let the patient be found.

    Raises IdTaken where another clerk registered the document at the same moment: the database is the judge.
    """
    try:
        finding.rewrite(patient, new)
    except IntegrityError as taken:
        raise IdTaken(None) from taken


def _next_version(row: Identity, after: NewPatient, reason: bytes) -> int:
    """Raises Moved where another correction took this version at the same moment."""
    columns = identity.sealed(after, row.patient.key)
    try:
        made = Identity.objects.create(patient=row.patient, version=row.version + 1, reason=reason, **columns)
    except IntegrityError as moved:
        raise Moved from moved
    return made.version
