"""What goes in and out of the room. Free text about a patient never shows in a repr."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Form:
    """A report as it is filled in. `suspects` and `concomitants` are packages among the person's exposures."""

    onset: datetime
    known_at: datetime
    suspects: tuple[int, ...]
    concomitants: tuple[int, ...] = ()
    terms: tuple[str, ...] = ()
    words: str = field(default="", repr=False)
    seriousness: tuple[str, ...] = ()
    new: bool = False
    outcome: str = "unknown"
    action: str = "stopped"
    dechallenge: str = "unknown"
    rechallenge: str = "not_done"
    impact: str = "slight"
    causality: str = "unassessed"
    group: int | None = None


class Exposure(NamedTuple):
    """What a person was really given: a package handed over, with the dose at the bedside where there was one.

    `pack` is the package with its lots, its line (`pack.drug`) and quantity; `at` when it was given or handed over.
    """

    pack: Any
    at: datetime
    administration: int | None

    @property
    def package(self) -> int:
        return int(self.pack.pk)

    @property
    def bedside(self) -> bool:
        return self.administration is not None


class Drug(NamedTuple):
    """A drug of a report: its role and what was given."""

    role: str
    pack: Any
    at: datetime | None
    bedside: bool


class Assessed(NamedTuple):
    version: int
    causality: str
    naranjo: dict[str, str]
    score: int | None
    words: str
    staff: str
    at: datetime


class Told(NamedTuple):
    """An act on a report in one line: what, in whose words, by whom, when."""

    what: str
    words: str
    staff: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReactionCard:
    """A report as it stands. stage: drafted, reported, assessed, submitted, closed, withdrawn.

    `due`: by when the national system must have it; `late` where it has not, or had it later.
    """

    pk: int
    patient: int
    unit: int
    reporter: int
    stage: str
    version: int
    form: Form
    drafted_at: datetime
    reported_at: datetime | None
    submitted_at: datetime | None
    reference: str
    limit: Any
    due: datetime
    late: bool
    assessed: Assessed | None
    drugs: tuple[Drug, ...] = ()
    follow_ups: tuple[Told, ...] = ()

    @property
    def serious(self) -> bool:
        return bool(self.form.seriousness)

    @property
    def ended(self) -> bool:
        return self.stage in ("closed", "withdrawn")
