"""Rows of the blind index: made from an identity, asked by what somebody typed."""

import re
import unicodedata
from collections.abc import Iterator

from luodi.trust import vault
from luodi.trust.question import BYTES, NUMBERS, TEXT, Question

from . import codes, idcard, insured, pinyin
from .models import BlindIndex
from .types import ID_KINDS, NewPatient

# A passport number is unique within its country only, a birth certificate's within its province's series.
_SOLE = {"resident", "hk_macao_permit", "taiwan_permit", "foreigner_card"}
MOST = 200
_ROWS_EACH = 8  # of one patient in the index, about
_HOLDERS = Question(
    lambda index, values: BlindIndex.objects.filter(index=index, value__in=values)
    .order_by("-patient")
    .values_list("patient", flat=True)
    .distinct()[:MOST],
    TEXT, BYTES._replace(many=True),
)  # fmt: skip
# Without the value: asked for both, PostgreSQL would rather read every bearer of the commonest initials.
_VALUES_OF = Question(
    lambda index, patients: BlindIndex.objects.filter(index=index, patient__in=patients).values_list(
        "patient", "value"
    ),
    TEXT, NUMBERS,
)  # fmt: skip
_SEPARATORS = re.compile(r"[\s·•・‧.\-'’]+")


def fold(name: str) -> str:
    """A name for comparison: case, white space and the many middle dots do not count."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def document(kind: str, number: str) -> str:
    return f"{kind}:{number}"


def texts(new: NewPatient) -> Iterator[tuple[str, str]]:
    """(index, text) of what finds this person. A name is found by its chosen reading and by its common one."""
    yield "name", fold(new.name)
    for key in sorted(pinyin.keys(new.pinyin) | pinyin.keys(pinyin.common_reading(new.name))):
        yield "pinyin", key
    if new.id_no:
        yield "id", document(new.id_kind, new.id_no)
    if new.insurance:
        yield "insured", new.insurance
    if new.phone:
        yield "phone", new.phone
        yield "phone4", new.phone[-4:]


def rows(patient: int, new: NewPatient) -> list[BlindIndex]:
    version = vault.purpose_key("blind").version
    return [
        BlindIndex(
            patient_id=patient,
            index=index,
            value=vault.blind(text, index=index),
            key_version=version,
            sole=index == "id" and new.id_kind in _SOLE,
        )
        for index, text in texts(new)
    ]


def rewrite(patient: int, new: NewPatient) -> None:
    """Let the patient be found by this identity and no earlier one. Raises IntegrityError for a document taken."""
    BlindIndex.objects.filter(patient=patient).delete()
    BlindIndex.objects.bulk_create(rows(patient, new))


def indexed_under(version: int) -> int:
    """How many rows a version of the key `blind` finds."""
    return BlindIndex.objects.filter(key_version=version).count()


def behind(limit: int) -> list[int]:
    """Up to `limit` patients whom a version of the key `blind` before the active one still finds."""
    active = vault.purpose_key("blind").version
    found = BlindIndex.objects.filter(key_version__lt=active).order_by("key_version", "patient")
    return list(dict.fromkeys(found.values_list("patient", flat=True)[: limit * _ROWS_EACH]))[:limit]


def holders(index: str, text: str, limit: int = MOST) -> list[int]:
    """Patients whose index holds the text, the newest first, at most `limit` (itself at most 200)."""
    return _HOLDERS.all(index, vault.blind_all(text, index=index))[:limit]


def among(patients: list[int], text: str) -> dict[int, str]:
    """Which of these patients a typed text finds, each with the most exact reason."""
    found: dict[int, str] = {}
    for why, index, asked in questions(text):
        wanted = set(vault.blind_all(asked, index=index))
        for patient, value in _VALUES_OF.all(index, patients):
            if bytes(value) in wanted:
                found.setdefault(patient, why)
    return found


def holder_of_document(new: NewPatient) -> int | None:
    if not new.id_no or new.id_kind not in _SOLE:
        return None
    return next(iter(holders("id", document(new.id_kind, new.id_no), 1)), None)


def questions(text: str) -> Iterator[tuple[str, str, str]]:
    """What a typed text may mean: (why, index, text to blind), the most exact first."""
    plain = idcard.clean(text)
    digits = plain.lstrip("+")
    if any(c.isdigit() for c in plain) and 4 <= len(plain) <= 24 and plain.isascii():
        numbers = {plain, idcard.upgrade(plain)} if len(plain) == 15 and plain.isdigit() else {plain}
        for kind in ID_KINDS[:-1]:
            for number in sorted(numbers):
                yield "id", "id", document(kind, number)
    if number := insured.read(text):
        yield "insurance", "insured", number
    if digits.isascii() and digits.isdigit():
        yield ("phone4", "phone4", digits) if len(digits) == 4 else ("phone", "phone", plain)
    yield "name", "name", fold(text)
    letters = _SEPARATORS.sub("", pinyin.fold(text))
    if len(letters) >= 2 and letters.isascii() and letters.isalpha():
        yield "pinyin", "pinyin", letters


def code_of(text: str) -> str:
    """A scanned or typed record number or wristband code in capitals, "" for anything else."""
    code = codes.scanned(unicodedata.normalize("NFKC", text[:100]))
    return code if codes.is_record_no(code) or codes.is_wristband(code) else ""
