"""Stocktakes of a place or a shelf, and the closing of a month."""

from django.db import models
from django.db.models import Q

from luodi.stock.fields import money, quantity
from luodi.stock.models.lots import Lot
from luodi.stock.models.papers import Paper
from luodi.trust.evidenced import Evidenced


class Stocktake(Paper):
    """盘点. `shelf`: the beginning of the places counted, "" for all. States: counting recounting submitted done
    cancelled."""

    shelf = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=["counting", "recounting", "submitted"]),
                name="stocktake_one_at_a_time",
            )
        ]


class Sheet(Evidenced):
    """A lot to be counted."""

    stocktake = models.ForeignKey(Stocktake, models.PROTECT, related_name="sheets")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stocktake", "lot"], name="sheet_once")]


class Tally(Evidenced):
    """What somebody counted, with the book's figure of that very moment; of each round the newest counts."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="tallies")
    round = models.PositiveSmallIntegerField()
    counted = quantity()
    book = quantity()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(round__in=[1, 2], counted__gte=0, book__gte=0), name="tally_sensible")
        ]


class Closing(Evidenced):
    """月结 of a place: the figures of its lines are frozen as of a ledger head."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    head = models.PositiveBigIntegerField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "month"], name="closing_once_a_month")]


class ClosingLine(Evidenced):
    """One medicine: opening + came - went + adjusted = closing, in quantity and in value."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="lines")
    medicine = models.CharField(max_length=16)
    opening = quantity()
    opening_value = money()
    came = quantity()
    came_value = money()
    went = quantity()
    went_value = money()
    adjusted = quantity()
    adjusted_value = money()
    closing_qty = quantity()
    closing_value = money()
