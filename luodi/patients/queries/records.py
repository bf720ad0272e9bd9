"""Public readers. At most twenty identities are opened for a search, and only the fields that are shown."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from luodi.trust import access, vault
from luodi.trust.access import Person
from luodi.trust.clock import today
from luodi.trust.question import NUMBER, NUMBERS, TEXT, Question

from .. import duplicates as likeness
from .. import finding, idcard, identity, pinyin, written
from ..codes import is_wristband, scanned
from ..models import Identity as Version
from ..models import Patient, Wristband
from ..refusals import Invalid, NoPatient, NoWristband
from ..types import STATED, Duplicate, Hit, Identity, NewPatient, PatientCard
from ..written import Unreadable

LIMIT = 20
_CARD = (
    "version", "sex", "birth_date", "name", "pinyin", "patient__record_no", "patient__key__wrapped",
    "patient__key__purpose", "patient__key__purpose_version",
)  # fmt: skip
_CARDS = Question(
    lambda patients: (
        Version.objects.filter(patient__in=patients).select_related("patient__key").order_by("version").only(*_CARD)
    ),
    NUMBERS,
)
_KEYS = Question(lambda patients: Patient.objects.filter(pk__in=patients).select_related("key"), NUMBERS)
_BAND = Question(
    lambda patient, encounter: Wristband.objects.filter(
        patient=patient, encounter=encounter, end=None
    ).values_list("code", flat=True),
    NUMBER, NUMBER,
)  # fmt: skip
_WEARER = Question(lambda code: Wristband.objects.filter(code=code, end=None).values_list("patient", flat=True), TEXT)


def card(patient: int, whole: Person | None = None) -> PatientCard:
    """One patient in one line; `whole` where the caller knows the person already. Raises NoPatient."""
    found = cards([patient], None if whole is None else {patient: whole}).get(patient)
    if found is None:
        raise NoPatient
    return found


def cards(ids: Iterable[int], several: dict[int, Person] | None = None) -> dict[int, PatientCard]:
    """Cards by patient; unknown ids are left out. `several` where the caller knows the persons of all of them.

    The card of a merged record names the person as the record that stands for them does.
    """
    asked = set(ids)
    if several is None:
        several = access.persons(asked)
    wanted = asked.union(*(whole.records for whole in several.values()))
    newest = {row.patient_id: row for row in _CARDS.all(list(wanted))}
    return {
        patient: _named(patient, newest, several.get(patient, Person((patient,))))
        for patient in asked
        if patient in newest
    }


def own_cards(ids: Iterable[int]) -> dict[int, PatientCard]:
    """Cards of records as each names itself, merged or not."""
    return cards(ids, {})


def identity_of(patient: int) -> Identity:
    """The identity in force with its numbers masked. Raises NoPatient."""
    row = identity.latest(patient)
    if row is None:
        raise NoPatient
    known = identity.opened(row)
    return Identity(
        _card(row), row.id_kind, idcard.mask(known.id_no), identity.mask_phone(known.phone), _district(known.address),
        row.no_id_reason, idcard.mask(known.insurance),
    )  # fmt: skip


def search(text: str, limit: int = LIMIT) -> list[Hit]:
    """Patients whom the text finds, the most exact reason first, at most 20.

    Understood: exact name, pinyin initials or spelling from two letters, document number, phone or its last four
    digits, record number, wristband code; and several of these separated by blanks, which must all hold.
    """
    try:
        typed = written.line(text, longest=100, field="text")
    except Unreadable:
        return []
    if not typed:
        return []
    found = _meanings(typed) or _all_of(typed.split())
    picked = dict(list(found.items())[: min(limit, LIMIT)])
    known = cards(picked)
    return [_hit(known[patient], why) for patient, why in picked.items() if patient in known]


def duplicates(new: NewPatient) -> list[Duplicate]:
    """Who may be this person already. An identity with a typing error in it is compared with nobody."""
    try:
        return likeness.likely(identity.checked(new, today()))
    except (Invalid, Unreadable):
        return []


def holder(new: NewPatient) -> int | None:
    """Whose document this is; None for nobody's, and for documents of which two people may hold the same number."""
    return finding.holder_of_document(new)


def standing_there(text: str, phone4: str) -> int | None:
    """Whose document or insurance number was read, if the last four digits of their phone are these; else None."""
    named = [hit.patient for hit in search(text) if hit.why in ("id", "insurance")]
    if len(named) != 1 or not (phone4.isascii() and phone4.isdigit() and len(phone4) == 4):
        return None
    records = set(access.person(named[0]).records)
    return named[0] if records & set(finding.holders("phone4", phone4)) else None


def agrees(patient: int, new: NewPatient) -> bool:
    """True where the patient's identity has the same document, name and telephone: asked by whoever claims to be it."""
    row = identity.latest(patient)
    if row is None:
        return False
    held = identity.opened(row)
    same_name = finding.fold(held.name) == finding.fold(new.name)
    return same_name and bool(new.phone) and (held.id_no, held.phone) == (new.id_no, new.phone)


def wristband(patient: int, encounter: int) -> str:
    """The code of the band in force. Raises NoWristband."""
    code = _BAND.first(patient, encounter)
    if code is None:
        raise NoWristband
    return str(code)


def registered_by(token: str) -> bool:
    """Whether a form with this token has registered a patient before."""
    return bool(token) and Patient.objects.filter(idempotency=token).exists()


def by_wristband(code: str) -> int | None:
    """The patient of a scanned band; None for an unknown, mistyped or ended code."""
    read = scanned(code)
    if not is_wristband(read):
        return None
    return _WEARER.first(read)


def seal_for(patient: int, text: str, field: str) -> bytes:
    """Text about a patient sealed under their key, bound to the field. Raises NoPatient."""
    return vault.seal(text, _key(patient), field=field)


def open_for(patient: int, blob: bytes | memoryview, field: str) -> str:
    """What seal_for was given. Raises NoPatient, vault.Destroyed."""
    return vault.unseal(blob, _key(patient), field=field)


def open_many(sealed: Iterable[tuple[int, Any, str]]) -> list[str]:
    """Many texts in order, each (patient, blob, field), with one query for all keys."""
    asked = list(sealed)
    keys = {row.pk: row.key for row in _KEYS.all(list({patient for patient, _blob, _field in asked}))}
    return [vault.unseal(blob, keys[patient], field=field) for patient, blob, field in asked]


def hold(patient: int) -> None:
    """Until the transaction ends, nobody else decides what this person may take. Raises NoPatient."""
    records = access.person(patient).records
    rows = Patient.objects.select_for_update().filter(pk__in=records).order_by("pk")
    if len(rows.values_list("pk", flat=True)) != len(records):
        raise NoPatient


def key_of(patient: int) -> Any:
    """The data key row of a patient, for `evidence_sealed`. Raises NoPatient."""
    return _key(patient)


def _key(patient: int) -> Any:
    row = _KEYS.first([patient])
    if row is None:
        raise NoPatient
    return row.key


def _named(patient: int, newest: dict[int, Version], whole: Person) -> PatientCard:
    """The card of a record. What the one that stands for the person does not know, the others may."""
    known = _card(newest[whole.head])
    if len(whole.records) == 1:
        return known
    rows = [newest[record] for record in whole.records]
    was = "" if patient == whole.head else "{0.name} {0.record_no}".format(_card(newest[patient]))
    return replace(
        known,
        id=patient,
        sex=next((row.sex for row in rows if row.sex in STATED), known.sex),
        birth_date=next((row.birth_date for row in rows if row.birth_date), None),
        was=was,
    )


def _card(row: Version) -> PatientCard:
    key = row.patient.key
    try:
        name = vault.unseal(row.name, key, field="name")
        spoken = vault.unseal(row.pinyin, key, field="pinyin")
    except vault.Destroyed:
        name, spoken = _("身份已依法删除"), ""
    needs_sound = spoken != pinyin.reading(name) or pinyin.is_ambiguous(name)
    return PatientCard(
        id=row.patient_id,
        name=name,
        masked=identity.mask_name(name),
        pinyin=spoken,
        spoken=spoken if needs_sound else "",
        sex=row.sex,
        birth_date=row.birth_date,
        record_no=row.patient.record_no,
        rev=row.version,
    )


def _hit(card: PatientCard, why: str) -> Hit:
    return Hit(card.id, card.name, card.sex, card.birth_date, card.record_no, why)


def _meanings(text: str) -> dict[int, str]:
    """Persons found by the text as a whole, each once and with the first reason that found them."""
    found = _records(text)
    several = access.persons(found)
    shown: dict[int, str] = {}
    for record, why in found.items():
        whole = several.get(record)
        if whole is None or whole.head == record:
            shown[record] = why
        else:
            shown.setdefault(whole.head, "merged")
    return shown


def _records(text: str) -> dict[int, str]:
    code = finding.code_of(text)
    # 王建洋 is spelled like a wristband's code: what names nobody as a code may still be a name
    if code and (worn := _by_code(code)):
        return worn
    found: dict[int, str] = {}
    for why, index, asked in finding.questions(text):
        for patient in finding.holders(index, asked):
            found.setdefault(patient, why)
    return found


def _by_code(code: str) -> dict[int, str]:
    if is_wristband(code):
        patient = by_wristband(code)
        return {patient: "wristband"} if patient else {}
    return dict.fromkeys(Patient.objects.filter(record_no=code).values_list("pk", flat=True), "record_no")


def _all_of(words: list[str]) -> dict[int, str]:
    """Patients whom every one of several words finds: a name and the last four digits of a phone.

    Complete as soon as one of the words finds fewer than finding.MOST.
    """
    if not 2 <= len(words) <= 4:
        return {}
    found = [_meanings(word) for word in words]
    kept = min((list(known) for known in found), key=len)
    for word, known in zip(words, found, strict=True):
        if len(known) >= finding.MOST:  # cut short: whether it finds the kept ones is asked of them alone
            known |= finding.among(kept, word)
        kept = [patient for patient in kept if patient in known]
    return {patient: found[0][patient] for patient in kept}


def _district(address: str) -> str:
    """An address down to its district; the street stays sealed (GB/T 39725 practice)."""
    for mark in ("区", "县", "旗", "市", "州"):
        end = address.find(mark, 2)
        if 0 < end < len(address) - 1:
            return address[: end + 1] + "****"
    return "****" if address else ""
