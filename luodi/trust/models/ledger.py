"""The ledger: entries, the queue of those not yet sealed, their seats in the sealed order, and signed blocks."""

from typing import Any

from django.db import models

from luodi.trust.inserted import Inserted


class TransactionId(models.Func):
    """The writing transaction's number on PostgreSQL, 0 on SQLite, where one writer at a time makes it needless."""

    function = "pg_current_xact_id"
    output_field = models.BigIntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return "(pg_current_xact_id()::text::bigint)", []

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return "0", []


class Entry(Inserted):
    """One act, refusal, reading or login: who, when, where, about what. Never changed, never deleted.

    id: milliseconds since 1970 shifted left by 20 bits plus a random part, known before the act runs.
    account: of the patient or relative who acted by telephone; none for staff and the program.
    mac: HMAC-SM3 over all other fields with the ledger key, so that nobody without the key can add or change one.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=60, db_index=True)
    staff = models.BigIntegerField(default=0)
    post = models.CharField(max_length=40, default="")
    unit = models.BigIntegerField(default=0)
    device = models.CharField(max_length=80, default="")
    session = models.BigIntegerField(default=0)
    breakglass = models.CharField(max_length=20, default="")
    account = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40, default="")
    pk_about = models.BigIntegerField(default=0)
    patient = models.BigIntegerField(null=True)
    cause = models.BigIntegerField(null=True)
    facts = models.TextField(default="{}")
    sealed = models.BinaryField(null=True)
    sealed_key = models.BigIntegerField(null=True)
    key_version = models.IntegerField()
    mac = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "pk_about"], name="entry_about"),
            models.Index(fields=["patient", "id"], name="entry_patient", condition=models.Q(patient__isnull=False)),
            models.Index(fields=["staff", "id"], name="entry_staff"),
        ]


class Pending(Inserted):
    """An entry that waits for its seat. `xid` tells the sealer whether earlier transactions may still be open."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="pending")
    xid = models.BigIntegerField(db_default=TransactionId())


class Block(models.Model):
    """A run of seats under one Merkle root, naming the block before it, signed with the ledger's SM2 key."""

    number = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    key = models.ForeignKey("trust.SigningKey", on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="block_not_empty")]


class Seat(models.Model):
    """The gapless position of an entry in the sealed order. `mac` binds position and entry together."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seat")
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="seats")
    mac = models.BinaryField(max_length=32)
