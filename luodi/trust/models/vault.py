"""Keys, each wrapped by the one above it. No key lies here in the clear."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from luodi.trust.models.people import Staff


class PurposeKey(models.Model):
    """A key for one purpose, wrapped by the root key.

    One version is active; retired ones still open what they sealed, until one on which nothing hangs is destroyed.
    """

    purpose = models.CharField(max_length=20)
    version = models.IntegerField()
    wrapped = models.BinaryField(null=True)
    active = models.BooleanField(default=True)
    made = models.DateTimeField()
    destroyed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="purpose_version"),
            models.UniqueConstraint(fields=["purpose"], condition=Q(active=True), name="one_active_purpose_key"),
            models.CheckConstraint(
                condition=Q(wrapped=None, destroyed__isnull=False, active=False)
                | Q(wrapped__isnull=False, destroyed=None),
                name="purpose_key_or_destroyed",
            ),
        ]


class DataKey(models.Model):
    """A key for one patient's (or one owner's) data, wrapped by a purpose key. Destroying it erases what it sealed."""

    purpose = models.CharField(max_length=20)
    purpose_version = models.IntegerField()
    wrapped = models.BinaryField(null=True)
    made = models.DateTimeField()
    destroyed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wrapped=None, destroyed__isnull=False) | Q(wrapped__isnull=False, destroyed=None),
                name="key_or_destroyed",
            )
        ]


class SigningKey(models.Model):
    """An SM2 key pair: a prescriber's own, or the ledger's (staff None). The private half is wrapped."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="signing_keys")
    public = models.BinaryField(max_length=64)
    wrapped = models.BinaryField()
    purpose_version = models.IntegerField()
    made = models.DateTimeField()
    retired = models.DateTimeField(null=True)

    class Meta:
        # Coalesced, since NULLs are distinct: the ledger too has one key.
        constraints = [
            models.UniqueConstraint(Coalesce("staff_id", 0), condition=Q(retired=None), name="one_signing_key")
        ]
