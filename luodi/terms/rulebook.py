"""Knowledge as plain values: what `advice` reads. No framework, no database, no clock.

`terms.queries.ruleset(on)` builds a Ruleset from the tables; a test may build one by hand.
Amounts are Decimal; ATC prefixes are matched from the left; effective dates have already been applied for `on`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

# Knowledge a complete rule set carries. A check says so when one of them is absent.
TABLES = (
    "drugs", "allergy_classes", "duplicates", "interactions", "contraindications", "frequencies", "routes",
    "dose_limits", "lactation", "infusions", "bag_pairs", "carriers", "herb_pairs",
)  # fmt: skip


class DrugFact(NamedTuple):
    """One medicine of the formulary: a generic in one form, strength and usual route."""

    code: str
    name: str
    name_en: str = ""
    atc: str = ""
    substances: tuple[str, ...] = ()  # English generic names, lower case; a combination has several
    form: str = ""
    form_class: str = "other"  # injection | sustained | other: the columns of 处方管理办法 art. 23
    routes: tuple[str, ...] = ()  # route groups in which this form may be given
    route: str = ""
    strength: str = ""
    amount: Decimal | None = None  # active amount in one pack unit
    amount_unit: str = ""
    volume_ml: Decimal | None = None  # volume of one pack unit, liquids only
    pack_unit: str = ""
    single_use: bool = False  # an opened unit is not used again: a dose takes whole units
    dose_low: Decimal | None = None  # usual single adult dose, in dose_unit
    dose_high: Decimal | None = None
    daily_max: Decimal | None = None  # adult maximum a day, in dose_unit
    dose_unit: str = ""
    interval_days: Decimal | None = None  # least days between doses where fixed (weekly methotrexate: 7)
    antibiotic_tier: int = 0
    controlled: str = ""  # narcotic | psych1 | psych2 | toxic | ""
    high_alert: bool = False
    skin_test: bool = False
    pregnancy: str = ""  # contraindicated | avoid | caution | ""
    renal_action: str = ""  # avoid | reduce | caution | ""
    renal_below: Decimal | None = None  # eGFR in mL/min/1.73 m2 under which renal_action holds; None: always
    herbal: str = ""  # patent | tcm_injection | pieces | ""
    weight_based: bool = False
    carrier: str = ""  # NS | GS5 | GS10 | GNS | RL: a solvent of infusions
    note: str = ""
    status: str = "compiled"


class AllergyClassFact(NamedTuple):
    """Members of one class, and how far an allergy to `crosses` reaches them."""

    code: str
    name: str
    prefixes: tuple[str, ...]
    crosses: str
    level: str  # same_class | high | moderate | low | none
    note: str = ""
    source: str = ""


class DuplicateFact(NamedTuple):
    code: str
    prefixes: tuple[str, ...]
    name: str
    name_en: str
    most: int  # distinct substances allowed at once
    severity: str  # contraindicated | major | moderate
    exception: str = ""
    source: str = ""


class InteractionFact(NamedTuple):
    """What every source says of two drugs; `terms.pairs` brings it together, the rule's policy makes the grade."""

    code: str  # of the statement whose effect is shown
    ratings: Mapping[str, str]  # source (compiled | onc | ansm | bnf | micromedex) to its level
    effect: str
    effect_en: str
    management: str
    source: str
    most: str = ""  # the gravest grade an alert may have, "" for no ceiling
    most_why: str = ""
    most_why_en: str = ""


class ContraindicationFact(NamedTuple):
    code: str
    prefixes: tuple[str, ...]
    kind: str  # disease | eGFR | age | pregnancy | lab | history | genotype
    value: str
    severity: str  # contraindicated | caution
    reason: str
    source: str


class DoseLimitFact(NamedTuple):
    """How much of a drug these patients may have, a dose or a day; None: not bounded on that side."""

    code: str
    kind: str  # child | body | renal | ceiling
    prefixes: tuple[str, ...]
    groups: tuple[str, ...]  # route groups, () for any
    per: str  # dose | day
    basis: str  # "" fixed | kg | m2
    low: Decimal | None
    high: Decimal | None
    unit: str
    most: Decimal | None = None  # in `unit`, whatever the weight
    age_from: Decimal | None = None  # days; a range holds from its beginning and ends before its end
    age_to: Decimal | None = None
    weight_from: Decimal | None = None  # kg
    weight_to: Decimal | None = None
    egfr_from: Decimal | None = None  # mL/min/1.73 m2
    egfr_to: Decimal | None = None
    note: str = ""
    note_en: str = ""
    source: str = ""


class LactationFact(NamedTuple):
    code: str
    prefixes: tuple[str, ...]
    level: str  # contraindicated | avoid | caution | compatible
    reason: str
    reason_en: str
    source: str


class InfusionFact(NamedTuple):
    """How a drug is dripped: solvents by kind (NS, GS5, GS10, GNS, RL), concentration, speed."""

    code: str
    prefixes: tuple[str, ...]
    solvents: tuple[str, ...]  # () where the source names none
    never: tuple[str, ...]  # solvents that it must not meet
    dilute: bool  # never without a solvent
    concentration: Decimal | None  # most, unit per ml
    speed: Decimal | None  # most, unit per hour
    unit: str
    minutes: Decimal | None  # least duration of one dose
    reason: str
    reason_en: str
    source: str


class BagPairFact(NamedTuple):
    """Two drugs that do not go into one bag."""

    code: str
    a: tuple[str, ...]
    b: tuple[str, ...]
    level: str  # contraindicated | avoid
    reason: str
    reason_en: str
    source: str


class HerbPairFact(NamedTuple):
    """十八反, 十九畏: names of herbal pieces, each side as its names begin or end in the formulary."""

    code: str
    kind: str
    a: tuple[str, ...]
    b: tuple[str, ...]
    source: str


class FrequencyFact(NamedTuple):
    code: str
    name: str
    per_day: Decimal | None  # None where the number of doses is not fixed (prn, sos)
    times: tuple[str, ...] = ()  # default times HH:MM
    once: bool = False  # a single dose in all (st)
    name_en: str = ""


class RouteFact(NamedTuple):
    code: str
    name: str
    group: str  # oral | injection | inhaled | topical | eye | ear | nose | vaginal | rectal | patch | other
    name_en: str = ""


class Rule(NamedTuple):
    """One row of the rule table: which check, with which numbers, on whose authority."""

    code: str
    kind: str
    grade: str
    parameters: Mapping[str, Any]
    source: str
    article: str = ""
    title: str = ""

    @property
    def authority(self) -> str:
        return f"{self.source} {self.article}".strip()


class Ruleset(NamedTuple):
    """Everything a check may read. `digest` names exactly this content."""

    code: str
    version: str
    digest: str
    on: date
    status: str
    rules: Mapping[str, tuple[Rule, ...]]
    drugs: Mapping[str, DrugFact] = MappingProxyType({})
    allergy_classes: tuple[AllergyClassFact, ...] = ()
    duplicates: tuple[DuplicateFact, ...] = ()
    interactions: Mapping[tuple[str, str], InteractionFact] = MappingProxyType({})  # key: two ATC codes, sorted
    interaction_sources: frozenset[str] = frozenset()  # those that have anything loaded
    contraindications: tuple[ContraindicationFact, ...] = ()
    frequencies: Mapping[str, FrequencyFact] = MappingProxyType({})
    routes: Mapping[str, RouteFact] = MappingProxyType({})
    dose_limits: tuple[DoseLimitFact, ...] = ()
    lactation: tuple[LactationFact, ...] = ()
    infusions: tuple[InfusionFact, ...] = ()
    bag_pairs: tuple[BagPairFact, ...] = ()
    carriers: Mapping[str, str] = MappingProxyType({})  # medicine code to the kind of solvent
    herb_pairs: tuple[HerbPairFact, ...] = ()

    def __repr__(self) -> str:
        return f"Ruleset({self.code} {self.version} {self.digest[:8]} on {self.on})"

    def of(self, kind: str) -> tuple[Rule, ...]:
        return self.rules.get(kind, ())

    def absent(self) -> tuple[str, ...]:
        """Names of the knowledge tables that hold nothing."""
        return tuple(name for name in TABLES if not getattr(self, name))


def matches(atc: str, prefixes: tuple[str, ...]) -> bool:
    """True where the ATC code begins with one of the prefixes. A drug without ATC code matches none."""
    return bool(atc) and atc.startswith(prefixes)
