"""Every movement of stock."""

from django.db import models
from django.db.models import Q

from luodi.stock.fields import quantity
from luodi.stock.models.lots import Lot
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


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
    # 调配: the preparation it was taken for, by number, as its row is of a room above.
    dispense = models.PositiveBigIntegerField(null=True, db_column="dispense_id", db_index=True)
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
