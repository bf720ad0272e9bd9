"""Lots on the shelf, what became of them, and the codes on boxes."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from luodi.stock.fields import quantity
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
