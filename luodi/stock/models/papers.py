"""What an order, a transfer and a stocktake have in common: a state that conditional updates move, each with a row."""

from django.db import models

from luodi.trust.evidenced import Evidenced


class Paper(Evidenced):
    """A document with a state; `rev` moves with it, so that nobody acts on a page of another moment."""

    state = models.CharField(max_length=12)
    rev = models.PositiveIntegerField(default=0)
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Turn(Evidenced):
    """A document came into a state, by whom and why."""

    class Kind(models.TextChoices):
        ORDER = "order"
        TRANSFER = "transfer"
        STOCKTAKE = "stocktake"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    document = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=200, blank=True)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "document"], name="turn_of_document")]
