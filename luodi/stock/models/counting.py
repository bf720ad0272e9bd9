"""Blind counts of one lot, and the least stock wanted."""

from django.db import models
from django.db.models import F, Q

from luodi.stock.fields import quantity
from luodi.stock.models.lots import Lot
from luodi.trust.evidenced import Evidenced


class Count(Evidenced):
    """盘点: a blind count of a lot; the difference, if any, is a movement of kind adjust or waste in the same act.

    `approver`: the other person who stood by a difference with a password; None where nothing differed, and in rows
    from before approval was asked for.
    """

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
    approver = models.ForeignKey("trust.Staff", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(counted__gte=0), name="count_not_negative"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("staff")), name="count_approved_by_another"
            ),
        ]


class Minimum(Evidenced):
    """The least stock that a unit wants of a medicine, from this row on; the newest row counts."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=16)
    least = quantity()
    most = quantity(null=True)  # up to which is bought, or 基数 of a cabinet
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "medicine"], name="minimum_of_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(least__gte=0), name="minimum_not_negative"),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gte=F("least")), name="most_not_below_least"
            ),
        ]
