"""Private tables of the store: lots with their movements, counts, minimums, and the codes on boxes.

Two columns are moved in place, by conditional updates alone: `Lot.on_hand` (the sum of the lot's movements, never below
zero) and `Lot.state`, with `Lot.rev` counting. Everything else is a row that stays.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from luodi.stock.fields import quantity
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


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
        indexes = [models.Index(fields=["unit", "medicine", "expiry"], name="lot_shelf")]
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
        indexes = [models.Index(fields=["unit", "medicine"], name="minimum_of_unit")]
        constraints = [models.CheckConstraint(condition=Q(least__gte=0), name="minimum_not_negative")]


class ProductCode(Evidenced):
    """The manufacturer's product number (GTIN) of a box, learned at its first receipt."""

    code = models.CharField(max_length=14, unique=True)
    medicine = models.CharField(max_length=16)


class LotNumber(Evidenced):
    """A manufacturer's lot number of a medicine, in whatever unit its goods lie. `recalled` is moved once, for good.

    Goods that come in and a recall of the whole hospital hold this row, one after the other.
    """

    medicine = models.CharField(max_length=16)
    lot_no = models.CharField(max_length=32)
    recalled = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["medicine", "lot_no"], name="lot_number_once")]
