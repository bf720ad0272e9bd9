"""What goes in and out of the room. Identifiers never show in a repr: a repr ends up in logs."""

from dataclasses import dataclass, field
from datetime import date, datetime

SEXES = ("0", "1", "2", "9")  # GB/T 2261.1: unknown, male, female, not stated
ID_KINDS = ("resident", "passport", "hk_macao_permit", "taiwan_permit", "foreigner_card", "birth_certificate", "none")
STATED = ("1", "2")
MERGE_REASONS = ("unknown_named", "registered_twice", "document_shown", "moved_in")
MOST_BORN = 6  # of one delivery
UNMERGE_REASONS = ("two_people", "wrong_pair")
NO_ID_REASONS = ("forgotten", "newborn", "unconscious", "refused", "none_issued")


@dataclass(frozen=True, slots=True)
class NewPatient:
    """An identity as typed at the desk. `pinyin` empty: the likeliest reading. `id_kind` none needs `no_id_reason`."""

    name: str = field(repr=False)
    sex: str = "0"
    birth_date: date | None = field(default=None, repr=False)
    id_kind: str = "none"
    id_no: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    insurance: str = field(default="", repr=False)
    pinyin: str = field(default="", repr=False)
    no_id_reason: str = ""


@dataclass(frozen=True, slots=True)
class Newborn:
    """A baby as it is registered at the delivery: sex, moment of birth, its place among `of` born."""

    sex: str
    at: datetime
    place: int = 1
    of: int = 1


@dataclass(frozen=True, slots=True)
class PatientCard:
    """A patient in one line. `masked` is for halls; `spoken` is "" unless the name needs its sound.

    Of a merged record: the person as they are known by the record that stands for them; `was` is the name and number
    under which this record was made, which a wristband may still show.
    """

    id: int
    name: str = field(repr=False)
    masked: str = field(repr=False)
    pinyin: str = field(repr=False)
    spoken: str = field(repr=False)
    sex: str
    birth_date: date | None = field(repr=False)
    record_no: str = field(repr=False)
    rev: int = 1
    was: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything the identity desk may see, numbers masked until someone reveals them with a reason."""

    card: PatientCard
    id_kind: str
    id_no: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    no_id_reason: str = ""
    insurance: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of a search. `why` is one of name, pinyin, id, insurance, phone, phone4, record_no, wristband, merged.

    merged: it found a record that is merged into this one.
    """

    patient: int
    name: str = field(repr=False)
    sex: str
    birth_date: date | None = field(repr=False)
    record_no: str = field(repr=False)
    why: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Someone already known who may be the same person. `score` 0-100; `reasons` are codes of duplicates.REASONS."""

    patient: int
    score: int
    reasons: tuple[str, ...]
