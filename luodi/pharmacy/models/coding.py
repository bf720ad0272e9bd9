"""药品追溯码: each is out on one package at a time; what was undone or came back frees it, with its history."""

from django.db import models
from django.db.models import Q

from luodi.pharmacy.models.dispensing import Package
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class TraceCode(Evidenced):
    """A code scanned on a sealed pack of a package. `out` until a `TraceEnd` frees it."""

    code = models.CharField(max_length=32)
    product = models.CharField(max_length=16)  # the part of it that names the product
    package = models.ForeignKey(Package, models.PROTECT, related_name="codes")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    out = models.BooleanField(default=True)
    idempotency = once.column()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], condition=Q(out=True), name="trace_code_out_once")]
        indexes = [
            models.Index(fields=["at"], name="trace_code_when"),
            models.Index(fields=["product"], name="trace_code_product"),
        ]


class TraceEnd(Evidenced):
    """A code is no longer out: scanned by mistake, its preparation undone, its goods back on the shelf."""

    class Why(models.TextChoices):
        MISTAKE = "mistake"
        UNDONE = "undone"
        RETURNED = "returned"

    trace = models.OneToOneField(TraceCode, models.PROTECT, related_name="end")
    why = models.CharField(max_length=8, choices=Why.choices)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class TraceAbsence(Evidenced):
    """Why a package has no code: a code of `coding.ABSENT`."""

    package = models.OneToOneField(Package, models.PROTECT, related_name="absence")
    reason = models.CharField(max_length=8)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
