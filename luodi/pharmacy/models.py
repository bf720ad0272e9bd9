"""Private tables of the pharmacy: reviews, dispensings with their packages, lots with their movements.

State is a row: a dispensing is *prepared* by its own row, *checked* by a `Check`, *handed over* by a `HandOver`,
*undone* by an `Undoing`; a lot is quarantined by a `LotChange`. Two columns are moved in place, by conditional updates
alone: `Lot.on_hand` (the sum of the lot's movements, never below zero) and `Lot.state`, with `Lot.rev` counting.
"""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from luodi.trust import once
from luodi.trust.evidenced import Evidenced


def quantity(**extra: Any) -> models.DecimalField:
    """A quantity in the medicine's pack unit (片, 支, 瓶), to a thousandth, so that part of a vial can be booked."""
    return models.DecimalField(max_digits=12, decimal_places=3, **extra)


class Review(Evidenced):
    """审方: a pharmacist's verdict on one version of a prescription."""

    class Verdict(models.TextChoices):
        PASS = "pass"  # noqa: S105 (a verdict, no secret)
        RETURN = "return"

    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    text = models.BinaryField(default=b"")  # sealed with the patient's key
    reviewer = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["pass", "return"]), name="review_verdict_known"),
        ]


class ReviewReason(models.Model):
    """A coded reason (`reasons.by_code`) of a return."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="reasons")
    code = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "code"], name="review_reason_once")]


class Lot(Evidenced):
    """批: one lot of a medicine on the shelf of one pharmacy unit."""

    class State(models.TextChoices):
        USABLE = "usable"
        QUARANTINED = "quarantined"
        RECALLED = "recalled"

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=16)  # terms code
    lot_no = models.CharField(max_length=32)
    expiry = models.DateField()  # usable through the end of this day
    place = models.CharField(max_length=16, blank=True)
    on_hand = quantity(default=Decimal(0))
    state = models.CharField(max_length=12, choices=State.choices, default=State.USABLE)
    rev = models.PositiveIntegerField(default=0)  # moves with every movement and change of state

    class Meta:
        indexes = [models.Index(fields=["unit", "medicine", "expiry"])]
        constraints = [
            models.UniqueConstraint(fields=["unit", "medicine", "lot_no", "expiry"], name="lot_once_a_unit"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="lot_never_below_zero"),
            models.CheckConstraint(
                condition=Q(state__in=["usable", "quarantined", "recalled"]), name="lot_state_known"
            ),
        ]


class LotChange(Evidenced):
    """A lot was quarantined, released or recalled, by whom and why."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="changes")
    state = models.CharField(max_length=12, choices=Lot.State.choices)
    reason = models.CharField(max_length=200)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Dispense(Evidenced):
    """配药: one preparation of a prescription; a second one is made only after the first was undone."""

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
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="picked")
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

    dispense = models.ForeignKey(Dispense, models.PROTECT, related_name="mismatches")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    package = models.ForeignKey(Package, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()


class Movement(Evidenced):
    """Stock in or out of a lot; append-only, and the lot's on-hand is always the sum of its movements."""

    class Kind(models.TextChoices):
        OPENING = "opening"
        RECEIPT = "receipt"
        DISPENSE = "dispense"
        RETURN = "return"
        ADJUST = "adjust"
        WASTE = "waste"

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    qty = quantity()
    dispense = models.ForeignKey(Dispense, models.PROTECT, null=True, related_name="movements")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["opening", "receipt", "return"], qty__gt=0)
                | Q(kind__in=["dispense", "waste"], qty__lt=0)
                | Q(kind="adjust") & ~Q(qty=0),
                name="movement_sign_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["dispense", "return"], dispense__isnull=False)
                | ~Q(kind__in=["dispense", "return"]) & Q(dispense__isnull=True),
                name="movement_names_its_dispense",
            ),
        ]


class Count(Evidenced):
    """盘点: a blind count of a lot; the difference, if any, is a movement of kind adjust or waste in the same act."""

    class Reason(models.TextChoices):
        ROUTINE = "routine"
        DAMAGED = "damaged"
        EXPIRED = "expired"
        LOST = "lost"
        FOUND = "found"
        MISCOUNTED = "miscounted"

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="counts")
    expected = quantity()
    counted = quantity()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    text = models.CharField(max_length=200, blank=True)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(counted__gte=0), name="count_not_negative")]


class Minimum(Evidenced):
    """The least stock that a unit wants of a medicine, from this row on; the newest row counts."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=16)
    least = quantity()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "medicine"])]
        constraints = [models.CheckConstraint(condition=Q(least__gte=0), name="minimum_not_negative")]


class ProductCode(Evidenced):
    """The manufacturer's product number (GTIN) of a box, learned at its first receipt."""

    code = models.CharField(max_length=14, unique=True)
    medicine = models.CharField(max_length=16)
