"""What goes in and out of the room. Free text about a patient never shows in a repr."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Obs:
    """A reading to record: a value with its unit, a coded answer, or words. `at` None is now."""

    code: str
    value: Decimal | None = None
    unit: str = ""
    coded: str = ""
    text: str = field(default="", repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AllergyItem:
    """A substance to list. `code` "" where no class or drug code fits; then `label` names it."""

    code: str = ""
    label: str = field(default="", repr=False)
    severity: str = ""
    reaction: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class EncounterCard:
    id: int
    patient: int
    visit_class: str  # in force now
    unit: int
    registered_at: datetime
    opened_at: datetime | None = None
    doctor: int | None = None
    closed_at: datetime | None = None
    disposition: str = ""
    arrived_class: str = ""
    arrived_unit: int = 0


@dataclass(frozen=True, slots=True)
class NoteCard:
    """The version in force of a note, or one of its history."""

    pk: int
    encounter: int
    kind: str
    version: int
    text: str = field(repr=False)
    reason: str = field(repr=False)
    author: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DiagnosisLine:
    pk: int
    encounter: int
    code: str
    name: str
    main: bool
    staff: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AllergyView:
    """The statement in force. `rev` 0 and state not_asked: nobody ever asked."""

    state: str
    items: tuple[AllergyItem, ...] = ()
    rev: int = 0
    staff: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An observation as it is shown."""

    code: str
    value: Decimal | None
    unit: str
    coded: str
    text: str = field(repr=False)
    at: datetime
    encounter: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the timeline. kind: arrived, opened, changed, note, diagnosis, withdrawn, allergy, closed."""

    at: datetime
    kind: str
    encounter: int | None
    title: str = field(repr=False)
    detail: str = field(default="", repr=False)
    staff: int = 0
