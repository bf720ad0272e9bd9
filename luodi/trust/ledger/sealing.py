"""Sealing: entries get their seats, seats are folded into signed blocks.

Commit order is not id order on PostgreSQL, so only entries whose transaction is older than every open one take a seat.
A transaction number above the server's newest one comes from before a dump and restore: it is long committed.
"""

from django.db import connection
from django.db.models import Max

from luodi.trust import policy
from luodi.trust.clock import now
from luodi.trust.ledger import codes
from luodi.trust.models import Block, Entry, Pending, Seat
from luodi.trust.vault.keys import purpose_key
from luodi.trust.vault.signer import sign_as_ledger
from luodi.trust.write import write

# One sealer at a time over the whole hospital, whatever machine it runs on.
_ADVISORY = 0x6C756F6469


def head() -> int:
    """The last sealed position; 0 where nothing is sealed yet."""
    return Seat.objects.aggregate(last=Max("position"))["last"] or 0


def _alone() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY])


def _settled(limit: int) -> list[Entry]:
    waiting = Pending.objects.order_by("xid", "entry_id")
    if connection.vendor == "postgresql":
        waiting = waiting.extra(
            where=[
                "(xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
                " OR xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"
            ]
        )
    return [row.entry for row in waiting.select_related("entry")[:limit]]


def _block(entries: list[Entry], previous: Block | None) -> None:
    first = previous.last + 1 if previous else 1
    key = purpose_key("ledger").secret
    macs = [
        codes.of_seat(position, entry.pk, bytes(entry.mac), key) for position, entry in enumerate(entries, start=first)
    ]
    number = previous.number + 1 if previous else 1
    last = first + len(entries) - 1
    before = bytes(previous.digest) if previous else codes.GENESIS
    root = codes.merkle_root(macs)
    digest = codes.of_block(number, first, last, root, before)
    signature = sign_as_ledger(digest)
    block = Block.objects.create(
        number=number,
        first=first,
        last=last,
        root=root,
        previous=before,
        digest=digest,
        sealed_at=now(),
        key_id=signature.key_id,
        signature=signature.value,
    )
    Seat.objects.bulk_create(
        Seat(position=first + i, entry=entry, block=block, mac=macs[i]) for i, entry in enumerate(entries)
    )
    Pending.objects.filter(entry__in=[entry.pk for entry in entries]).delete()


def seal() -> int:
    """Seal everything that is settled now, block by block; returns the new head."""
    limit = policy.number("block_entries")
    while True:
        if not Pending.objects.exists():
            return head()
        with write():
            _alone()
            entries = _settled(limit)
            if entries:
                _block(entries, Block.objects.order_by("-number").first())
        if len(entries) < limit:
            return head()
