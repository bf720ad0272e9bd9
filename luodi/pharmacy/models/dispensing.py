"""Private tables of 配发药: dispensings with their packages.

State is a row: a dispensing is *prepared* by its own row, *checked* by a `Check`, *handed over* by a `HandOver`,
*undone* by an `Undoing`.
"""

from django.db import models
from django.db.models import Q

from luodi.stock.fields import quantity
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Dispense(Evidenced):
    """配药: one preparation of a prescription; a further one is made after it was undone, or handed over as a part."""

    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    preparer = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prescription", "attempt"], name="dispense_attempt_once")]


class Package(models.Model):
    """A labelled package: one a line for outpatients, one a dose for observation and inpatients."""

    dispense = models.ForeignKey(Dispense, models.PROTECT, related_name="packages")
    barcode = models.CharField(max_length=16, unique=True)
    line = models.ForeignKey("orders.Line", models.PROTECT, related_name="+")
    task = models.ForeignKey("orders.Task", models.PROTECT, null=True, related_name="+")
    seq = models.PositiveSmallIntegerField()  # 1, 2, 3 … over the packages of a dispensing
    medicine = models.CharField(max_length=16)
    qty = quantity()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispense", "seq"], name="package_seq_once"),
            models.UniqueConstraint(
                fields=["dispense", "task"], condition=Q(task__isnull=False), name="package_once_a_task"
            ),
            models.CheckConstraint(condition=Q(qty__gt=0), name="package_holds_something"),
        ]


class Picked(models.Model):
    """Which lot, and how much of it, went into a package."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="picked")
    lot = models.ForeignKey("stock.Lot", models.PROTECT, related_name="picked")
    qty = quantity()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "lot"], name="picked_once_a_lot"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="picked_something"),
        ]


class Check(Evidenced):
    """核对: a second person scanned every package."""

    dispense = models.OneToOneField(Dispense, models.PROTECT, related_name="checked")
    checker = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class HandOver(Evidenced):
    """发药: given to the patient, after two identifiers were asked, or to the ward."""

    dispense = models.OneToOneField(Dispense, models.PROTECT, related_name="handed")
    hander = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    to_ward = models.BooleanField()
    asked = models.JSONField(default=list)  # codes of the identifiers that were asked, never their values
    at = models.DateTimeField()


class Undoing(Evidenced):
    """A preparation was undone and its stock put back."""

    dispense = models.OneToOneField(Dispense, models.PROTECT, related_name="undone")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()


class Mismatch(Evidenced):
    """A scan at the second check that was not one of the prescription's packages: a near miss worth counting."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown"
        FOREIGN = "foreign"
        UNDONE = "undone"
        HANDED = "handed"

    dispense = models.ForeignKey(Dispense, models.PROTECT, related_name="mismatches")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    package = models.ForeignKey(Package, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()
