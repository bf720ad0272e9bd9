"""欠药: a debt is a prescription handed over in part; it is filled by further dispensings, or ended by a row here."""

from django.db import models

from luodi.trust.evidenced import Evidenced


class DebtEnd(Evidenced):
    """结清欠药: what was still owed is not given any more, for a reason (a code of `owing.ENDS`)."""

    prescription = models.OneToOneField("orders.Prescription", models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=12)
