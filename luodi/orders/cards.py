"""What the room hands out: plain values."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from luodi.orders.loop import Step
from luodi.trust.spoken import spoken


class LineWish(NamedTuple):
    """A line as a doctor writes it. quantity None: computed. The last five are free text, kept sealed.

    A line with a solvent and no bag begins a bag of its own.
    """

    medicine: str  # terms code
    dose: Decimal
    dose_unit: str
    route: str  # code of terms
    frequency: str  # code of terms
    days: Decimal
    quantity: Decimal | None = None
    prn: bool = False
    skin_test: str = ""  # "" | pending | negative | positive | exempt | continuing
    skin_test_at: datetime | None = None  # when it was read, aware
    bag: int = 0  # 组: dripped together with the lines of this number; 0: alone
    rate: Decimal | None = None  # of the drip
    rate_unit: str = ""  # ml/h | gtt/min
    solvent: str = ""  # terms code: a line of this solvent is added to the bag
    solvent_ml: Decimal | None = None
    usage: str = ""
    reason: str = ""
    chronic_reason: str = ""
    over_tier_reason: str = ""
    note: str = ""


def _last_minute(until: datetime | None) -> datetime | None:
    return until - timedelta(minutes=1) if until else None


WORDS = ("usage", "reason", "chronic_reason", "over_tier_reason", "note")


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line as screens show it: attribute names are those of the drug_line part.

    `route` and `frequency` are Chinese words for a person, `route_en` and `frequency_en` the English ones, and
    `route_code` and `frequency_code` are those of terms.
    Doses are in `dose_unit`, `quantity` in `pack_unit`. The free text (`usage` … `note`) may speak of the patient.
    """

    pk: int
    seq: int
    place: int
    medicine: str
    generic: str
    brand: str
    strength: str
    form: str
    atc: str
    control: str
    antibiotic: str
    high_alert: bool
    dose: Decimal
    dose_unit: str
    route: str
    route_code: str
    frequency: str
    frequency_code: str
    per_day: Decimal | None
    days: Decimal
    quantity: Decimal
    pack_unit: str
    prn: bool
    skin_test: str
    skin_test_at: datetime | None = None
    bag: int = 0
    rate: Decimal | None = None
    rate_unit: str = ""
    generic_en: str = ""  # for an English screen, beside the Chinese name that the package carries
    route_en: str = ""
    frequency_en: str = ""
    usage: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    chronic_reason: str = field(default="", repr=False)
    over_tier_reason: str = field(default="", repr=False)
    note: str = field(default="", repr=False)

    @property
    def code(self) -> str:
        return self.medicine

    @property
    def said_route(self) -> str:
        """In the language of the screen."""
        return spoken(self.route, self.route_en)


@dataclass(frozen=True, slots=True)
class PrescriptionCard:
    """A prescription with the lines of its present version."""

    pk: int
    patient: int
    encounter: int
    visit_class: str
    unit: int
    prescriber: int
    kind: str
    number: str
    step: Step
    rev: int
    version: int
    drafted_at: datetime
    signed_at: datetime | None
    valid_until: datetime | None
    rest_until: datetime | None  # set once a part was handed over
    route: tuple[Step, ...]
    bedside: bool  # every planned dose is a task of its own
    lines: tuple[LineCard, ...] = ()

    @property
    def valid_through(self) -> datetime | None:
        """The last minute in which it is valid, for people: 23:59, not midnight of the next day."""
        return _last_minute(self.valid_until)

    @property
    def rest_through(self) -> datetime | None:
        """The last minute in which the rest may be fetched."""
        return _last_minute(self.rest_until)


class Waiting(NamedTuple):
    """One row of a worklist. `since`: when it came to where it stands."""

    pk: int
    patient: int
    encounter: int
    visit_class: str
    unit: int
    prescriber: int
    kind: str
    number: str
    step: Step
    rev: int
    version: int
    since: datetime
    signed_at: datetime
    valid_until: datetime
    rest_until: datetime | None
    drugs: int  # lines of the present version
    high_alert: bool
    controlled: bool
    urgent: bool = False  # a dose of it is to be given at once (st)

    @property
    def valid_through(self) -> datetime | None:
        """The last minute in which it is valid, for people."""
        return _last_minute(self.valid_until)


class TaskCard(NamedTuple):
    """One planned dose with its line. `stands`: where its prescription stands; `ready`: it is at the bedside."""

    pk: int
    prescription: int
    patient: int
    encounter: int
    unit: int
    line: LineCard
    seq: int
    planned_at: datetime
    prn: bool
    step: Step
    rev: int
    stands: Step
    ready: bool


class SignatureCard(NamedTuple):
    """A kept signature and whether it still holds: `valid` over the kept bytes, `matches` between them and the rows."""

    version: int
    staff: int
    at: datetime
    key_id: int
    value: bytes
    ruleset: str
    valid: bool
    matches: bool
    entry: int


class AnswerCard(NamedTuple):
    """What was answered to a finding that asks; `text` is the coded words or the prescriber's own."""

    finding: str
    rule: str
    code: str
    text: str


class SignedFinding(NamedTuple):
    """A finding as it stood when it was signed; attribute names are those of the finding part."""

    rule: str
    grade: str
    why: str
    source: str
    instead: str
    line: int | None
    key: str
    answer: str
