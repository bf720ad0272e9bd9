"""Mismatches that were resolved: what was counted, what the head said, and whether the signature holds."""

from datetime import datetime
from typing import NamedTuple

from luodi.controlled.models import Counted, Resolution
from luodi.trust import people, vault

SIGNED, UNSIGNED, BROKEN = "signed", "unsigned", "broken"


class ResolvedCard(NamedTuple):
    """`proof`: signed, unsigned (from before resolutions were signed), or broken."""

    counted: Counted
    reason: str
    text: str
    reported_to: str
    reported_at: datetime
    staff: str
    at: datetime
    proof: str


def resolved(account: int, limit: int = 20) -> list[ResolvedCard]:
    """The resolved mismatches of an account, the newest first."""
    rows = Resolution.objects.filter(counted__account=account).select_related("counted__reconciliation")
    found = list(rows.order_by("-pk")[:limit])
    names = people.names({row.staff_id for row in found})
    return [
        ResolvedCard(
            row.counted, row.reason, row.text, row.reported_to, row.reported_at, names.get(row.staff_id, ""), row.at,
            _proof(row),
        )
        for row in found
    ]  # fmt: skip


def _proof(row: Resolution) -> str:
    if row.key is None or row.message is None or row.value is None:
        return UNSIGNED
    own = vault.signer_of(row.key) == row.staff_id
    return SIGNED if own and vault.verify_signature(row.key, bytes(row.message), bytes(row.value)) else BROKEN
