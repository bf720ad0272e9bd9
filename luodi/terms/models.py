"""Reference tables. Every row says where it comes from, who has looked at it and when it holds.

`effective_to` is the first day on which a row no longer holds. Rows are ended, not deleted.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.terms import kept as kept  # Django finds them here


class Status(models.TextChoices):
    COMPILED = "compiled", _("汇编，未审核")
    REVIEWED = "reviewed", _("药师已审核")
    APPROVED = "approved", _("药事会已批准")


def amount(**options: Any) -> models.DecimalField:
    return models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True, **options)


class Term(models.Model):
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.COMPILED)
    source = models.CharField(max_length=200)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class Medicine(Term):
    """A generic in one form, strength and usual route. The active amount is that of one pack unit."""

    code = models.CharField(max_length=20, unique=True)
    generic_zh = models.CharField(max_length=100)
    generic_en = models.CharField(max_length=150)
    brand = models.CharField(max_length=100, blank=True)
    atc = models.CharField(max_length=7, blank=True)
    form_zh = models.CharField(max_length=40)
    form_class = models.CharField(max_length=10)
    route_groups = models.CharField(max_length=60)
    strength = models.CharField(max_length=60, blank=True)
    strength_value = amount()
    strength_unit = models.CharField(max_length=10, blank=True)
    volume_ml = amount()
    pack_unit = models.CharField(max_length=10)
    single_use = models.BooleanField(default=False)
    route = models.CharField(max_length=10)
    usual_dose_low = amount()
    usual_dose_high = amount()
    max_daily_dose = amount()
    dose_unit = models.CharField(max_length=10, blank=True)
    interval_days = amount()
    antibiotic_tier = models.PositiveSmallIntegerField(default=0)
    controlled_class = models.CharField(max_length=10, blank=True)
    high_alert = models.BooleanField(default=False)
    skin_test = models.BooleanField(default=False)
    pregnancy_caution = models.CharField(max_length=20, blank=True)
    renal_caution = models.CharField(max_length=80, blank=True)
    herbal = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=200, blank=True)
    pinyin_initials = models.CharField(max_length=40)
    ddd_value = amount()
    ddd_unit = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(antibiotic_tier__lte=3), name="medicine_tier_0_to_3"),
            models.CheckConstraint(
                condition=models.Q(controlled_class__in=["", "narcotic", "psych1", "psych2", "toxic"]),
                name="medicine_controlled_class",
            ),
            models.CheckConstraint(
                condition=models.Q(usual_dose_low__isnull=True)
                | models.Q(usual_dose_high__gte=models.F("usual_dose_low")),
                name="medicine_dose_range_in_order",
            ),
        ]


class Diagnosis(Term):
    """ICD-10. A code without a Chinese name keeps its English title."""

    code = models.CharField(max_length=12, unique=True)
    name_zh = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=300, blank=True)
    pinyin = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=12)
    parent = models.CharField(max_length=12, blank=True)
    chapter = models.CharField(max_length=6, blank=True)
    block = models.CharField(max_length=10, blank=True)


class LabItem(Term):
    code = models.CharField(max_length=20)
    loinc = models.CharField(max_length=12, blank=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    unit = models.CharField(max_length=20, blank=True)
    ref_low = amount()
    ref_high = amount()
    sex = models.CharField(max_length=1, blank=True)
    age_range = models.CharField(max_length=20, blank=True)
    critical_low = amount()
    critical_high = amount()
    specimen_zh = models.CharField(max_length=30, blank=True)
    pinyin_initials = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "sex", "age_range"], name="lab_item_once")]


class VitalSign(Term):
    """Normal and critical range of one sign in one age group; None: no limit on that side."""

    code = models.CharField(max_length=10)
    loinc = models.CharField(max_length=12, blank=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    unit = models.CharField(max_length=12)
    age_group = models.CharField(max_length=10)
    normal_low = amount()
    normal_high = amount()
    critical_low = amount()
    critical_high = amount()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "age_group"], name="vital_sign_once")]


class Complaint(Term):
    code = models.CharField(max_length=10, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    pinyin_initials = models.CharField(max_length=30)
    triage_level = models.PositiveSmallIntegerField()
    triage_note = models.CharField(max_length=120, blank=True)


class AllergyClass(Term):
    """Members of a class, and how far an allergy to `crosses` reaches them."""

    code = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    prefixes = models.CharField(max_length=200)
    crosses = models.CharField(max_length=30)
    level = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "crosses"], name="allergy_class_once")]


class DuplicateClass(Term):
    code = models.CharField(max_length=20, unique=True)
    prefixes = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    max_concurrent = models.PositiveSmallIntegerField()
    severity = models.CharField(max_length=20)
    exception = models.CharField(max_length=200, blank=True)


class Interaction(Term):
    code = models.CharField(max_length=20, unique=True)
    rule = models.CharField(max_length=20)
    a_atc = models.CharField(max_length=7, blank=True)
    a_substance = models.CharField(max_length=80)
    b_atc = models.CharField(max_length=7, blank=True)
    b_substance = models.CharField(max_length=80)
    severity = models.CharField(max_length=20)
    mechanism = models.CharField(max_length=200, blank=True)
    effect_zh = models.CharField(max_length=200)
    effect_en = models.CharField(max_length=200)
    management = models.CharField(max_length=300, blank=True)


class InteractionGroup(Term):
    """Substances that interact alike. `atc` has their codes, separated by semicolons."""

    code = models.CharField(max_length=10, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    atc = models.TextField(blank=True)


class InteractionPair(Term):
    """What one origin says of two groups, or of a group and a substance; a side has a group, or a name and codes."""

    code = models.CharField(max_length=10, unique=True)
    origin = models.CharField(max_length=12)  # ansm | compiled
    a_group = models.CharField(max_length=10, blank=True)
    a_atc = models.CharField(max_length=80, blank=True)
    a_name = models.CharField(max_length=80, blank=True)
    b_group = models.CharField(max_length=10, blank=True)
    b_atc = models.CharField(max_length=80, blank=True)
    b_name = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=16)
    effect_zh = models.CharField(max_length=200, blank=True)
    effect_en = models.CharField(max_length=200, blank=True)
    management = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=200, blank=True)


class RatedPair(Term):
    """Two substances as three reference works grade them, "" where one of them is silent."""

    code = models.CharField(max_length=10, unique=True)
    a_name = models.CharField(max_length=80)
    a_atc = models.CharField(max_length=80, blank=True)
    b_name = models.CharField(max_length=80)
    b_atc = models.CharField(max_length=80, blank=True)
    effect_zh = models.CharField(max_length=200)
    effect_en = models.CharField(max_length=300)
    bnf = models.CharField(max_length=16, blank=True)
    ansm = models.CharField(max_length=16, blank=True)
    micromedex = models.CharField(max_length=16, blank=True)


class InteractionCeiling(Term):
    """How far an alert on two classes may go, whatever the sources say."""

    code = models.CharField(max_length=10, unique=True)
    a_prefixes = models.CharField(max_length=200)
    b_prefixes = models.CharField(max_length=200)
    most = models.CharField(max_length=10)
    why_zh = models.CharField(max_length=200)
    why_en = models.CharField(max_length=200)


class Combination(Term):
    """Codes of the parts of a combination's code: it interacts as each of them does."""

    atc = models.CharField(max_length=7, unique=True)
    parts = models.CharField(max_length=80)


class Contraindication(Term):
    code = models.CharField(max_length=20, unique=True)
    prefixes = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=120)
    severity = models.CharField(max_length=20)
    reason = models.CharField(max_length=200)


class DoseLimit(Term):
    """Bounds of a dose by age, body size, kidney function, or for everybody. Ages in days, weights in kg."""

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10)
    prefixes = models.CharField(max_length=200)
    route_groups = models.CharField(max_length=60, blank=True)
    per = models.CharField(max_length=4)
    basis = models.CharField(max_length=2, blank=True)
    low = amount()
    high = amount()
    most = amount()
    unit = models.CharField(max_length=10)
    age_from = amount()
    age_to = amount()
    weight_from = amount()
    weight_to = amount()
    egfr_from = amount()
    egfr_to = amount()
    note_zh = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["child", "body", "renal", "ceiling"]), name="dose_limit_kind"
            ),
            models.CheckConstraint(condition=models.Q(per__in=["dose", "day"]), name="dose_limit_per"),
            models.CheckConstraint(condition=models.Q(basis__in=["", "kg", "m2"]), name="dose_limit_basis"),
            models.CheckConstraint(
                condition=models.Q(high__isnull=False) | models.Q(most__isnull=False), name="dose_limit_bounds"
            ),
        ]


class Lactation(Term):
    code = models.CharField(max_length=20, unique=True)
    prefixes = models.CharField(max_length=200)
    level = models.CharField(max_length=16)
    reason_zh = models.CharField(max_length=200, blank=True)
    reason_en = models.CharField(max_length=200, blank=True)


class Infusion(Term):
    """Solvents by kind, most concentration (unit/ml) and speed (unit/h), least minutes of one dose."""

    code = models.CharField(max_length=20, unique=True)
    prefixes = models.CharField(max_length=200)
    solvents = models.CharField(max_length=60, blank=True)
    never = models.CharField(max_length=60, blank=True)
    dilute = models.BooleanField(default=False)
    concentration = amount()
    speed = amount()
    unit = models.CharField(max_length=10, blank=True)
    minutes = amount()
    reason_zh = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200)


class BagPair(Term):
    code = models.CharField(max_length=20, unique=True)
    a_prefixes = models.CharField(max_length=200)
    b_prefixes = models.CharField(max_length=200)
    level = models.CharField(max_length=16)
    reason_zh = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200)


class Carrier(Term):
    """A medicine that is a solvent of infusions."""

    medicine = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=6)


class HerbPair(Term):
    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20)
    a_names = models.CharField(max_length=200)
    b_names = models.CharField(max_length=200)


class Frequency(Term):
    code = models.CharField(max_length=10, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    per_day = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    times = models.CharField(max_length=60, blank=True)
    once = models.BooleanField(default=False)


class Route(Term):
    code = models.CharField(max_length=10, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    group = models.CharField(max_length=12)


class KnowledgeSource(Term):
    """A work that knowledge was taken from: its edition, and until when it may be relied on."""

    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    edition = models.CharField(max_length=20, blank=True)
    dated = models.DateField(null=True)
    max_age_days = models.PositiveIntegerField(null=True)
    review_due = models.DateField(null=True)


class RuleSet(models.Model):
    """One time in force of a version, named by the digest (SM3, hex) of all knowledge loaded with it.

    `rev` counts what changed of its rows' status meanwhile, so that a process knows what it keeps to be old.
    """

    version_of = models.ForeignKey("terms.Version", models.PROTECT, null=True, related_name="times")
    rev = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=30)
    version = models.CharField(max_length=30)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.COMPILED)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(effective_to=None), name="one_rule_set_open_at_a_time"
            )
        ]


class Rule(Term):
    """One rule of one version. `parameters` is canonical JSON text: sorted keys, no spaces."""

    ruleset = models.ForeignKey(RuleSet, models.PROTECT, related_name="rules")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    grade = models.CharField(max_length=10)
    parameters = models.TextField()
    article = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ruleset", "code"], name="rule_once_in_a_set")]
