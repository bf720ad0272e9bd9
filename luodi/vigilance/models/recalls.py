"""药品召回: a case for a medicine and its lot numbers, who was told of it, and what came back."""

from django.db import models
from django.db.models import Q

from luodi.stock.fields import quantity
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class RecallCase(Evidenced):
    """One recall of one medicine. `noticed_at`: when the notice came; the limits run from there."""

    medicine = models.CharField(max_length=16)
    level = models.CharField(max_length=1)
    source = models.CharField(max_length=12)
    notice = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200)
    noticed_at = models.DateTimeField()
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(level__in=["1", "2", "3"]), name="recall_level_known")]


class RecallLot(models.Model):
    """A lot number of a recall; a lot number of a medicine is recalled once."""

    case = models.ForeignKey(RecallCase, models.PROTECT, related_name="lots")
    medicine = models.CharField(max_length=16)
    lot_no = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["medicine", "lot_no"], name="lot_recalled_once")]


class Contact(Evidenced):
    """One try to tell a patient: by whom, how, with what end. The last one is how it stands."""

    case = models.ForeignKey(RecallCase, models.PROTECT, related_name="contacts")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    state = models.CharField(max_length=14)
    how = models.CharField(max_length=12)
    words = models.BinaryField(default=b"")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()


class Recovery(Evidenced):
    """What came back, out of which package, in pack units. It never goes to the shelf again."""

    case = models.ForeignKey(RecallCase, models.PROTECT, related_name="recoveries")
    package = models.ForeignKey("pharmacy.Package", models.PROTECT, related_name="+")
    lot = models.ForeignKey("stock.Lot", models.PROTECT, related_name="+")
    qty = quantity()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(qty__gt=0), name="recovered_something")]


class RecallEnd(Evidenced):
    """结案: the figures as they were when the case was closed, without names."""

    case = models.OneToOneField(RecallCase, models.PROTECT, related_name="end")
    figures = models.JSONField()
    words = models.CharField(max_length=400)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
