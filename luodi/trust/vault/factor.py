"""Secrets of the second factor: sealed under the purpose key `staff`, its version in front, and bound to the person."""

from luodi.trust.models import Staff
from luodi.trust.vault import sm
from luodi.trust.vault.keys import Key, purpose_key

_VERSION = 2


def _bound(staff: int) -> bytes:
    return f"totp:{staff}".encode()


def _sealed(staff: int, secret: bytes, top: Key) -> bytes:
    return top.version.to_bytes(_VERSION, "big") + sm.sm4_seal(top.secret, secret, _bound(staff))


def _opened(staff: int, blob: bytes) -> bytes:
    key = purpose_key("staff", version_of(blob))
    return sm.sm4_open(key.secret, blob[_VERSION:], _bound(staff))


def version_of(blob: bytes) -> int:
    """The version of the purpose key that sealed a secret."""
    return int.from_bytes(blob[:_VERSION], "big")


def seal_factor(staff: int, secret: str) -> bytes:
    """What the row of a person keeps of a TOTP secret."""
    return _sealed(staff, secret.encode(), purpose_key("staff"))


def open_factor(staff: int, blob: bytes) -> str:
    """The secret that `seal_factor` was given. Raises sm.Forged, PurposeKey.DoesNotExist."""
    return _opened(staff, blob).decode()


def move_factors() -> int:
    """Seal anew, under the active key, what an earlier version sealed; returns how many."""
    top, moved = purpose_key("staff"), 0
    for pk, blob in Staff.objects.filter(totp__isnull=False).values_list("pk", "totp"):
        before = bytes(blob or b"")
        if version_of(before) != top.version:
            after = _sealed(pk, _opened(pk, before), top)
            # only in place of what was read: a person may enrol a new telephone at this moment
            moved += Staff.objects.filter(pk=pk, totp=before).update(totp=after)
    return moved
