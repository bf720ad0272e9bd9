"""Public readers of plain values. Lists that are asked for often are kept per process, named by their content."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from luodi.terms import knowledge, rulebook, standing
from luodi.terms.cards import ComplaintCard, DiagnosisCard, LabCard, MedicineCard, Provenance, StaleSource, VitalRange
from luodi.terms.finder import Finder
from luodi.terms.models import (
    Complaint,
    Diagnosis,
    LabItem,
    Medicine,
    RuleSet,
    VitalSign,
)
from luodi.trust.clock import today
from luodi.trust.question import TEXT, Question

# Names what is loaded: the digest alone would not, as a version that comes back finds other rows ended.
_LOADED = Question(lambda: RuleSet.objects.filter(effective_to=None).values_list("pk", "rev", "status", "digest"))
_DIAGNOSIS = Question(lambda code: Diagnosis.objects.filter(code=code), TEXT)


def ruleset(on: date) -> rulebook.Ruleset:
    """All rules and knowledge in force on that day. Raises knowledge.NoRules where nothing is loaded."""
    return knowledge.ruleset(on)


def _digest() -> str:
    """Names the content loaded now; "" before the first load."""
    found = _LOADED.first()
    return ":".join(map(str, found)) if found else ""


# Medicines


def medicine(code: str) -> MedicineCard | None:
    """One medicine, in force or ended; None where no such code exists."""
    return _medicines(_digest()).get(code)


def find_medicines(text: str, limit: int = 20) -> list[MedicineCard]:
    """Medicines in force today by pinyin initials, Chinese, English or brand name, code or ATC; full-width too."""
    day = today()
    found = _medicine_finder(_digest()).find(text, limit * 2)
    return [card for card in found if _holds(card, day)][:limit]


def medicines() -> list[MedicineCard]:
    """The formulary in force today, by code."""
    day = today()
    return [card for card in _medicines(_digest()).values() if _holds(card, day)]


def _holds(card: MedicineCard, on: date) -> bool:
    return card.effective_from <= on and (card.effective_to is None or card.effective_to > on)


@lru_cache(maxsize=2)
def _medicines(digest: str) -> dict[str, MedicineCard]:
    return {row.code: _medicine_card(row) for row in Medicine.objects.order_by("code")}


@lru_cache(maxsize=2)
def _medicine_finder(digest: str) -> Finder[MedicineCard]:
    rows = Medicine.objects.order_by("code").values_list("code", "pinyin_initials")
    cards = _medicines(digest)
    return Finder(
        ((initials, card.generic, card.generic_en, card.brand, card.code, card.atc), card)
        for card, initials in ((cards[code], initials) for code, initials in rows)
    )


def _medicine_card(row: Medicine) -> MedicineCard:
    return MedicineCard(
        code=row.code,
        generic=row.generic_zh,
        generic_en=row.generic_en,
        brand=row.brand,
        atc=row.atc,
        form=row.form_zh,
        form_class=row.form_class,
        strength=row.strength,
        strength_value=row.strength_value,
        strength_unit=row.strength_unit,
        volume_ml=row.volume_ml,
        pack_unit=row.pack_unit,
        single_use=row.single_use,
        route=row.route,
        dose_low=row.usual_dose_low,
        dose_high=row.usual_dose_high,
        daily_max=row.max_daily_dose,
        dose_unit=row.dose_unit,
        tier=row.antibiotic_tier,
        control=row.controlled_class,
        high_alert=row.high_alert,
        skin_test=row.skin_test,
        pregnancy=row.pregnancy_caution,
        renal=row.renal_caution,
        herbal=row.herbal,
        note=row.note,
        status=row.status,
        source=row.source,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
    )


# Diagnoses, complaints


def diagnosis(code: str) -> DiagnosisCard | None:
    row = _DIAGNOSIS.first(code)
    return _diagnosis_card(row) if row else None


def find_diagnoses(text: str, limit: int = 20) -> list[DiagnosisCard]:
    """ICD-10 entries by code, Chinese name, pinyin initials or English title."""
    return _diagnosis_finder(_digest()).find(text, limit)


@lru_cache(maxsize=2)
def _diagnosis_finder(digest: str) -> Finder[DiagnosisCard]:
    rows = Diagnosis.objects.filter(effective_to=None).order_by("code")
    return Finder(((row.code, row.name_zh, row.pinyin, row.name_en), _diagnosis_card(row)) for row in rows)


def _diagnosis_card(row: Diagnosis) -> DiagnosisCard:
    return DiagnosisCard(row.code, row.name_zh or row.name_en, row.name_en, row.pinyin, row.level)


def complaints() -> tuple[ComplaintCard, ...]:
    """Chief complaints with the triage level that each suggests by itself."""
    return _complaints(_digest())


def find_complaints(text: str, limit: int = 20) -> list[ComplaintCard]:
    return _complaint_finder(_digest()).find(text, limit)


@lru_cache(maxsize=2)
def _complaints(digest: str) -> tuple[ComplaintCard, ...]:
    rows = Complaint.objects.filter(effective_to=None).order_by("code")
    return tuple(
        ComplaintCard(r.code, r.name_zh, r.name_en, r.pinyin_initials, r.triage_level, r.triage_note) for r in rows
    )


@lru_cache(maxsize=2)
def _complaint_finder(digest: str) -> Finder[ComplaintCard]:
    return Finder(((c.pinyin, c.name, c.name_en, c.code), c) for c in _complaints(digest))


# Frequencies, routes, allergy classes, measurements


def frequencies() -> tuple[rulebook.FrequencyFact, ...]:
    return tuple(knowledge.ruleset(today()).frequencies.values())


def frequency(code: str) -> rulebook.FrequencyFact | None:
    return knowledge.ruleset(today()).frequencies.get(code)


def routes() -> tuple[rulebook.RouteFact, ...]:
    return tuple(knowledge.ruleset(today()).routes.values())


def route(code: str) -> rulebook.RouteFact | None:
    return knowledge.ruleset(today()).routes.get(code)


def allergy_classes() -> tuple[tuple[str, str], ...]:
    """Code and Chinese name of each class that an allergy may be recorded as."""
    return tuple({fact.code: fact.name for fact in knowledge.ruleset(today()).allergy_classes}.items())


def age_group(age_days: int | None) -> str:
    """Age group of the vital-sign table; an unknown age is read as adult."""
    if age_days is None or age_days >= 13 * 365.25:
        return "adult"
    for limit, group in ((29, "0-28d"), (366, "1-12m"), (6 * 365.25, "1-5y")):
        if age_days < limit:
            return group
    return "6-12y"


def vital_ranges(age_days: int | None) -> dict[str, VitalRange]:
    """Ranges for that age by sign. A child has no entry where the table holds adult limits alone: unknown."""
    return _vital_ranges(_digest(), age_group(age_days))


@lru_cache(maxsize=16)
def _vital_ranges(digest: str, group: str) -> dict[str, VitalRange]:
    everyone = ("BT", "SPO2", "GCS", "PAIN")
    rows = VitalSign.objects.filter(effective_to=None).exclude(age_group="fetus").order_by("code")
    return {
        r.code: VitalRange(
            r.code, r.name_zh, r.name_en, r.unit, r.normal_low, r.normal_high, r.critical_low, r.critical_high
        )
        for r in rows
        if r.age_group == group or (r.age_group == "adult" and r.code in everyone)
    }


def lab_items() -> tuple[LabCard, ...]:
    return _lab_items(_digest())


@lru_cache(maxsize=2)
def _lab_items(digest: str) -> tuple[LabCard, ...]:
    rows = LabItem.objects.filter(effective_to=None).order_by("code", "sex")
    return tuple(
        LabCard(
            r.code,
            r.loinc,
            r.name_zh,
            r.name_en,
            r.unit,
            r.sex,
            r.ref_low,
            r.ref_high,
            r.critical_low,
            r.critical_high,
            r.specimen_zh,
        )
        for r in rows
    )


LOOKUPS: dict[str, Callable[[str], Any]] = {
    "medicine": medicine,
    "diagnosis": diagnosis,
    "frequency": frequency,
    "route": route,
    "complaint": lambda code: next((c for c in complaints() if c.code == code), None),
    "lab": lambda code: next((c for c in lab_items() if c.code == code), None),
}


def lookup(table: str, code: str) -> Any | None:
    """The term of that code, None where there is none. Raises KeyError for an unknown table."""
    return LOOKUPS[table](code)


# Whose word it is


def provenance() -> Provenance:
    """Status of everything in force, for the banner: who has reviewed it, and the sentences that say so."""
    return standing.provenance(_digest())


def sources() -> tuple[StaleSource, ...]:
    """The works that the knowledge in force was taken from, each with its edition and limits."""
    return standing.sources(_digest())
