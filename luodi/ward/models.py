"""Private tables of the ward: beds, who lies in them, what was received, what was given.

Two rules are the database's own: one open placement a bed and an encounter, and a package given once. `Placement.open`
is the only column that is moved in place, and only together with the `Release` row that says who and when.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luodi.trust.evidenced import Evidenced


class Bed(Evidenced):
    """A bed of an observation area or a ward. Its code is unique in the unit and printed on the wall."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="bed_code_once_a_unit")]
        ordering = ["unit", "code"]


class Placement(Evidenced):
    """A patient lies in a bed from `at` until the release."""

    encounter = models.ForeignKey("chart.Encounter", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="placements")
    open = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bed"], condition=Q(open=True), name="one_patient_a_bed"),
            models.UniqueConstraint(fields=["encounter"], condition=Q(open=True), name="one_bed_an_encounter"),
        ]


class Release(Evidenced):
    """The end of a placement."""

    placement = models.OneToOneField(Placement, models.PROTECT, related_name="release")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Receipt(Evidenced):
    """病区接收: every package of a prescription was scanned in the ward."""

    prescription = models.OneToOneField("orders.Prescription", models.PROTECT, related_name="+")
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    packages = models.PositiveSmallIntegerField()
    at = models.DateTimeField()


class Outcome(models.TextChoices):
    GIVEN = "given", _("已给药")
    REFUSED = "refused", _("患者拒绝")
    HELD = "held", _("暂缓")
    MISSED = "missed", _("未执行")


class Administration(Evidenced):
    """What became of one planned dose: given with its evidence, or why not. A held dose may still come to another end.

    `reason` (a code of reasons.py) is for refused, held and missed; `unscanned_reason` for a dose given without one of
    the two scans; `timing_reason` for one given outside its window. `dose` and `dose_unit` repeat the signed line.
    """

    task = models.ForeignKey("orders.Task", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    package = models.OneToOneField("pharmacy.Package", models.PROTECT, related_name="+", null=True)
    wristband_scanned = models.BooleanField(default=False)
    package_scanned = models.BooleanField(default=False)
    unscanned_reason = models.CharField(max_length=24, blank=True)
    timing_reason = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    dose = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    dose_unit = models.CharField(max_length=16, blank=True)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    witness = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=~Q(outcome=Outcome.HELD), name="a_dose_has_one_end"),
            models.UniqueConstraint(fields=["task"], condition=Q(outcome=Outcome.HELD), name="a_dose_is_held_once"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.GIVEN, package__isnull=False, reason="")
                | ~Q(outcome=Outcome.GIVEN) & Q(package__isnull=True) & ~Q(reason=""),
                name="administration_package_or_reason",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.GIVEN)
                | Q(wristband_scanned=True, package_scanned=True)
                | ~Q(unscanned_reason=""),
                name="administration_unscanned_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("staff")), name="administration_witness_is_another"
            ),
        ]
        indexes = [models.Index(fields=["unit", "at"])]
