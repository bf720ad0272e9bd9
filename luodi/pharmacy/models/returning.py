"""退药: what comes back after the hand-over waits apart until a second person has judged it, once."""

from django.db import models
from django.db.models import Q

from luodi.pharmacy.models.dispensing import Package
from luodi.stock.fields import quantity
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Return(Evidenced):
    """退药申请: goods of one package, brought to the window or given back by a ward. `unit` is who judges it."""

    class Origin(models.TextChoices):
        WINDOW = "window"
        WARD = "ward"

    package = models.ForeignKey(Package, models.PROTECT, related_name="returns")
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    origin = models.CharField(max_length=8, choices=Origin.choices)
    reason = models.CharField(max_length=12)  # a code of data/take_back.csv
    intact = models.BooleanField()  # unopened, its label whole
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        indexes = [models.Index(fields=["unit", "at"], name="return_of_unit")]


class ReturnedLot(models.Model):
    """How much of which lot came back."""

    ret = models.ForeignKey(Return, models.PROTECT, related_name="lots")
    lot = models.ForeignKey("stock.Lot", models.PROTECT, related_name="+")
    qty = quantity()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ret", "lot"], name="returned_once_a_lot"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="returned_something"),
        ]


class Decision(Evidenced):
    """质量判定 by another person than the one who took it back: to the shelf, wasted, or not taken back after all."""

    class Outcome(models.TextChoices):
        RESTOCK = "restock"
        WASTE = "waste"
        REFUSED = "refused"

    ret = models.OneToOneField(Return, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    words = models.CharField(max_length=200, default="")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
