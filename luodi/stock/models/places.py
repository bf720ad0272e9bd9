"""Where stock lies: stores, pharmacies, ward cabinets; doses taken out of a cabinet."""

from django.db import models
from django.db.models import Q

from luodi.stock.fields import quantity
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Place(Evidenced):
    """A unit that holds stock. A cabinet is kept by the ward whose it is; the others by the people who work there."""

    class Kind(models.TextChoices):
        CENTRAL = "central"
        PHARMACY = "pharmacy"
        CABINET = "cabinet"
        CART = "cart"

    unit = models.OneToOneField("trust.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    ward = models.ForeignKey("trust.Unit", models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["cabinet", "cart"], ward__isnull=False)
                | Q(kind__in=["central", "pharmacy"], ward__isnull=True),
                name="place_of_a_ward_names_it",
            )
        ]


class Permit(Evidenced):
    """A medicine that no cabinet may hold is allowed in this one, by whom and why."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=16)
    reason = models.CharField(max_length=200)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Use(Evidenced):
    """A dose taken out of a ward cabinet in an emergency, for a patient and, once written, an order."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")  # the cabinet
    medicine = models.CharField(max_length=16)
    qty = quantity()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    prescription = models.PositiveBigIntegerField(null=True)  # by number, as its row is of a room above
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()


class UseEnd(Evidenced):
    """The dose was cancelled or refused, and went back into the cabinet: once."""

    use = models.OneToOneField(Use, models.PROTECT, related_name="ended")
    reason = models.CharField(max_length=200)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
