"""What the room hands out: plain values, one type a term."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class MedicineCard(NamedTuple):
    """A medicine as screens show it and orders freeze it. Attribute names are those of the drug_line part."""

    code: str
    generic: str
    generic_en: str
    brand: str
    atc: str
    form: str
    form_class: str
    strength: str
    strength_value: Decimal | None  # active amount of one pack unit
    strength_unit: str
    volume_ml: Decimal | None
    pack_unit: str
    single_use: bool
    route: str
    dose_low: Decimal | None
    dose_high: Decimal | None
    daily_max: Decimal | None
    dose_unit: str
    tier: int
    control: str
    high_alert: bool
    skin_test: bool
    pregnancy: str
    renal: str
    herbal: str
    note: str
    status: str
    source: str
    effective_from: date
    effective_to: date | None

    @property
    def antibiotic(self) -> str:
        return ("", "unrestricted", "restricted", "special")[self.tier]

    @property
    def dose(self) -> Decimal | None:
        """The usual lower single dose, offered as a start."""
        return self.dose_low


class DiagnosisCard(NamedTuple):
    code: str
    name: str  # Chinese, or the English title where no Chinese name is known
    name_en: str
    pinyin: str
    level: str


class ComplaintCard(NamedTuple):
    code: str
    name: str
    name_en: str
    pinyin: str
    level: int  # triage level that the complaint alone suggests, 1-4
    note: str


class VitalRange(NamedTuple):
    code: str
    name: str
    name_en: str
    unit: str
    normal_low: Decimal | None
    normal_high: Decimal | None
    critical_low: Decimal | None
    critical_high: Decimal | None


class LabCard(NamedTuple):
    code: str
    loinc: str
    name: str
    name_en: str
    unit: str
    sex: str
    ref_low: Decimal | None
    ref_high: Decimal | None
    critical_low: Decimal | None
    critical_high: Decimal | None
    specimen: str


class Provenance(NamedTuple):
    """Whose word the loaded knowledge is. `reviewed` is False while any of it is merely compiled."""

    loaded: bool
    reviewed: bool
    status: str
    ruleset: str
    version: str
    digest: str
    counts: dict[str, dict[str, int]]  # table -> status -> rows
    sentence: str
    stale: tuple[str, ...] = ()  # a sentence for each source that is past its time

    @property
    def approved(self) -> bool:
        return self.status == "approved"


class StaleSource(NamedTuple):
    """A work that knowledge was taken from, with what limits its use; None: unknown, or no limit."""

    code: str
    name_zh: str
    name_en: str
    edition: str
    dated: date | None
    max_age_days: int | None
    review_due: date | None
