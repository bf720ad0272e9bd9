"""What a check is asked (Wish, Snapshot) and what it answers (Finding).

Everywhere None means unknown: never false, never zero, never normal.
Doses, quantities and measured values are Decimal; dates are calendar dates of the hospital.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Grade(StrEnum):
    """How hard a finding is. REFUSE stops the signature, ASK needs a written answer, TELL is shown beside the line."""

    REFUSE = "refuse"
    ASK = "ask"
    TELL = "tell"

    @property
    def rank(self) -> int:
        return ("refuse", "ask", "tell").index(self.value)


class Prescriber(NamedTuple):
    """Rights granted by this hospital; a title alone grants nothing."""

    antibiotic_tier: int = 0  # highest tier granted: 0 none, 1 非限制, 2 限制, 3 特殊
    narcotic: bool = False  # 麻醉药品和第一类精神药品处方权
    assistant: bool = False  # 执业助理医师: a physician countersigns


class WishLine(NamedTuple):
    medicine: str  # code of terms.Medicine
    dose: Decimal | None = None  # one dose, in dose_unit
    dose_unit: str = ""
    route: str = ""  # code of terms.Route
    frequency: str = ""  # code of terms.Frequency
    per_day: Decimal | None = None  # doses a day as written on the line
    days: Decimal | None = None  # days of supply as written
    quantity: Decimal | None = None  # in the pack unit of the medicine
    prn: bool = False
    usage: str = ""  # free usage text, e.g. 餐后
    reason: str = ""  # why outside the usual (dose, days)
    chronic_reason: str = ""  # why longer than the ordinary limit: 慢性病, 老年病, 特殊情况
    over_tier_reason: str = ""  # 越级使用: why an antibacterial above the prescriber's tier is needed now
    skin_test: str = ""  # "" not stated | pending | negative | positive | exempt | continuing
    skin_test_hours: Decimal | None = None  # since the result was read
    bag: int = 0  # 组: lines of the same number are dripped together; 0: alone
    rate: Decimal | None = None  # of the drip, in rate_unit
    rate_unit: str = ""  # ml/h | gtt/min


class Wish(NamedTuple):
    kind: str  # ordinary|emergency|paediatric|narcotic|psych1|psych2
    visit_class: str  # outpatient|emergency|observation|inpatient
    prescriber: Prescriber
    lines: tuple[WishLine, ...]
    diagnoses: tuple[str, ...] = ()  # ICD-10 codes
    on: date = date.min  # day of issue
    lapses: date | None = None  # last day on which it may be dispensed; None: the day of issue
    namesake: bool = False  # the prescriber bears the patient's name
    pain_dossier: bool = False  # 癌痛/中重度慢性疼痛 dossier with signed consent (处方管理办法 art. 21)


class Allergy(NamedTuple):
    code: str  # ATC code, medicine code, substance name (English, lower case) or class code of terms.AllergyClass
    label: str = ""  # as the chart shows it; never copied into a key
    severity: str = ""  # mild|moderate|severe|"" unknown
    reaction: str = ""  # in the words of the chart; never copied into a key


class CurrentDrug(NamedTuple):
    """A drug that the patient takes now, outside this wish."""

    medicine: str
    route: str = ""


class Egfr(NamedTuple):
    value: Decimal  # mL/min/1.73 m2
    on: date


class Snapshot(NamedTuple):
    """The patient as known at the moment of the check."""

    age_days: int | None = None
    sex: str = "0"  # GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    pregnant: bool | None = None
    trimester: int | None = None  # 1, 2, 3
    lactating: bool | None = None
    egfr: Egfr | None = None
    allergy_state: str = "not_asked"  # not_asked|denied|unconfirmed|listed
    allergies: tuple[Allergy, ...] = ()
    current: tuple[CurrentDrug, ...] = ()


class Finding(NamedTuple):
    """One thing the check has to say.

    why, instead: Chinese, for the screen; why_en, instead_en: the same in English.
    They carry drug and rule facts, no patient identifier.
    line: index into Wish.lines, None for the prescription as a whole.
    key: stable as long as the facts that led to it stay the same, whatever the order of the lines;
    an answer is attached to it.
    """

    rule: str
    grade: Grade
    why: str
    source: str
    instead: str = ""
    line: int | None = None
    key: str = ""
    why_en: str = ""
    instead_en: str = ""
