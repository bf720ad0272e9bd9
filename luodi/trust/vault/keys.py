"""Purpose keys and data keys: made, wrapped, rotated, destroyed.

Rotation needs no downtime: a new version becomes active, the old one still opens what it sealed, and `rewrap` moves
the data keys over in batches. A data key is always read with its row, so that a destroyed one is gone at once in every
process; the small caches hold unwrapped keys by their wrapped bytes.
"""

import secrets
import time
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection

from luodi.trust.clock import now
from luodi.trust.models import DataKey, PurposeKey, SigningKey
from luodi.trust.vault import sm
from luodi.trust.vault.root import first, require_fit, root
from luodi.trust.write import write

# Another process may go on with the former active version for this long after a rotation; both versions open.
_FRESH_SECONDS = 5.0
_active: dict[str, tuple[float, "Key"]] = {}
# Purposes whose key was made in a transaction that may still be undone: such a key is remembered by nobody.
_unproven: set[str] = set()
PURPOSES = ("ledger", "patient", "staff", "signer", "blind")


class Key(NamedTuple):
    """An unwrapped purpose key and its version."""

    version: int
    secret: bytes


@lru_cache(maxsize=64)
def _unwrapped_by_root(wrapped: bytes) -> bytes:
    return root().unwrap(wrapped)


def forget() -> None:
    """Drop every unwrapped key from memory (tests, a change of root key)."""
    _active.clear()
    _unwrapped_by_root.cache_clear()
    _unwrapped_data.cache_clear()


def _opened(row: PurposeKey) -> Key:
    assert row.wrapped is not None, "a destroyed version is not asked for"
    return Key(row.version, _unwrapped_by_root(bytes(row.wrapped)))


def _make(purpose: str, version: int) -> PurposeKey:
    _unproven.add(purpose)
    wrapped = root().wrap(secrets.token_bytes(sm.KEY))
    return PurposeKey.objects.create(purpose=purpose, version=version, wrapped=wrapped, made=now())


def _active_row(purpose: str) -> PurposeKey:
    row = PurposeKey.objects.filter(purpose=purpose, active=True).first()
    if row is not None:
        return row
    try:
        with write():
            row = PurposeKey.objects.filter(purpose=purpose, active=True).first()
            return row or _make(purpose, 1)
    except IntegrityError:
        # another process made it at the same moment
        return PurposeKey.objects.get(purpose=purpose, active=True)


def purpose_key(purpose: str, version: int | None = None) -> Key:
    """The active key of a purpose, made on first use, or a given version.

    Raises PurposeKey.DoesNotExist for a version that never was or that was destroyed.
    """
    if version is not None:
        row = PurposeKey.objects.get(purpose=purpose, version=version, destroyed=None)
        return _opened(row)
    cached = _active.get(purpose)
    if cached is None or time.monotonic() - cached[0] > _FRESH_SECONDS:
        row = _active_row(purpose)
        cached = (time.monotonic(), _opened(row))
        if purpose not in _unproven or not connection.in_atomic_block:
            _unproven.discard(purpose)
            _active[purpose] = cached
    return cached[1]


def found() -> None:
    """Make the key of every purpose that has none: a hospital does so before its first act."""
    for purpose in PURPOSES:
        purpose_key(purpose)


def purpose_keys(purpose: str) -> list[Key]:
    """Every version of a purpose's key that is not destroyed, newest first."""
    purpose_key(purpose)
    return [_opened(row) for row in PurposeKey.objects.filter(purpose=purpose, destroyed=None).order_by("-version")]


def shut() -> list[PurposeKey]:
    """Keys that no root key of the setting opens: this process cannot work with them. Raises RootKeyUnavailable."""
    closed = []
    for row in PurposeKey.objects.filter(destroyed=None):
        try:
            _opened(row)
        except sm.Forged:
            closed.append(row)
    return closed


def new_key(kind: str = "patient") -> DataKey:
    """A new data key, wrapped by the active key of purpose `kind`."""
    top = purpose_key(kind)
    wrapped = sm.sm4_seal(top.secret, secrets.token_bytes(sm.KEY), kind.encode())
    return DataKey.objects.create(purpose=kind, purpose_version=top.version, wrapped=wrapped, made=now())


@lru_cache(maxsize=4096)
def _unwrapped_data(purpose: str, version: int, wrapped: bytes) -> bytes:
    return sm.sm4_open(_version(purpose, version), wrapped, purpose.encode())


def _version(purpose: str, version: int) -> bytes:
    cached = _active.get(purpose)
    if cached is not None and cached[1].version == version:
        return cached[1].secret
    return purpose_key(purpose, version).secret


def secret_of(key: DataKey) -> bytes | None:
    """The data key in the clear, or None where it was destroyed."""
    if key.wrapped is None:
        return None
    return _unwrapped_data(key.purpose, key.purpose_version, bytes(key.wrapped))


def destroy_key(key: DataKey) -> None:
    """Erase: what this key sealed can never be read again."""
    with write():
        DataKey.objects.filter(pk=key.pk, destroyed=None).update(wrapped=None, destroyed=now())


def rotate(purpose: str) -> int:
    """Make a new active version of a purpose's key; returns its number. Earlier versions still open."""
    purpose_key(purpose)
    with write():
        row = PurposeKey.objects.get(purpose=purpose, active=True)
        PurposeKey.objects.filter(pk=row.pk).update(active=False)
        made = _make(purpose, row.version + 1)
    _active.pop(purpose, None)
    return made.version


def rewrap(purpose: str, batch: int = 500) -> int:
    """Wrap data keys of a purpose that hang on an earlier version by the active one; returns how many. Restartable."""
    top = purpose_key(purpose)
    done = 0
    while True:
        with write():
            rows = list(
                DataKey.objects.filter(purpose=purpose, wrapped__isnull=False).exclude(purpose_version=top.version)[
                    :batch
                ]
            )
            for row in rows:
                secret = secret_of(row)
                assert secret is not None
                row.wrapped = sm.sm4_seal(top.secret, secret, purpose.encode())
                row.purpose_version = top.version
            DataKey.objects.bulk_update(rows, ["wrapped", "purpose_version"])
        done += len(rows)
        if len(rows) < batch:
            return done + (_rewrap_signing(top) if purpose == "signer" else 0)


def _rewrap_signing(top: Key) -> int:
    with write():
        rows = list(SigningKey.objects.exclude(purpose_version=top.version))
        for row in rows:
            private = sm.sm4_open(_version("signer", row.purpose_version), bytes(row.wrapped), bytes(row.public))
            row.wrapped = sm.sm4_seal(top.secret, private, bytes(row.public))
            row.purpose_version = top.version
        SigningKey.objects.bulk_update(rows, ["wrapped", "purpose_version"])
    return len(rows)


def change_root() -> int:
    """Wrap by the first root key of the setting whatever another of its root keys wrapped; returns how many keys.

    All or none, and again for nothing. Raises sm.Forged where no root key of the setting opens one of them,
    RootKeyUnavailable where the first is no better than none or is one of the others again.
    """
    require_fit(settings.LUODI_ROOT_KEY)
    takes_over, any_of_them = first(), root()
    with write():
        moved = []
        for row in PurposeKey.objects.select_for_update().filter(destroyed=None):
            assert row.wrapped is not None
            with suppress(sm.Forged):
                takes_over.unwrap(bytes(row.wrapped))
                continue
            row.wrapped = takes_over.wrap(any_of_them.unwrap(bytes(row.wrapped)))
            moved.append(row)
        PurposeKey.objects.bulk_update(moved, ["wrapped"])
    forget()
    return len(moved)
