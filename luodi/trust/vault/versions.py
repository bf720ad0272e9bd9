"""The versions of the purpose keys: what hangs on each, and their end.

A version is destroyed only where nothing hangs on it and no process can still be about to hang something on it: the
others hear of a rotation within seconds, a request lives for minutes, so a version rests for an hour first.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from luodi.trust.clock import now
from luodi.trust.models import DataKey, Entry, PurposeKey, SigningKey, Staff
from luodi.trust.vault import keys, sm
from luodi.trust.vault.factor import version_of
from luodi.trust.vault.root import first, root
from luodi.trust.write import write

REST = timedelta(hours=1)


class Version(NamedTuple):
    """One version of a purpose's key, without the key.

    state: active, retired, destroyed. root: "first" where the root key that takes over wraps it, "behind" where one
    behind it does, "none" where none of the setting opens it, "" for a destroyed one. hung: how many rows need it.
    """

    purpose: str
    version: int
    state: str
    made: datetime
    destroyed: datetime | None
    root: str
    hung: int


def _signing(version: int) -> int:
    return SigningKey.objects.filter(purpose_version=version).count()


def _factors(version: int) -> int:
    found = Staff.objects.filter(totp__isnull=False).values_list("totp", flat=True)
    return sum(version_of(bytes(blob or b"")) == version for blob in found)


def _entries(version: int) -> int:
    # The seat of an entry may have been coded with any later version, so each of them proves the entries before it.
    return Entry.objects.filter(key_version__lte=version).count()


_COUNTS: dict[str, Callable[[int], int]] = {"signer": _signing, "staff": _factors, "ledger": _entries}


def counts(purpose: str, by: Callable[[int], int]) -> None:
    """Let a room say how many of its rows need a version of a purpose's key."""
    _COUNTS[purpose] = by


def hung(purpose: str, version: int) -> int:
    """How many rows need this version to be opened, found or proved."""
    wrapped = DataKey.objects.filter(purpose=purpose, purpose_version=version, wrapped__isnull=False).count()
    return wrapped + (_COUNTS[purpose](version) if purpose in _COUNTS else 0)


def _root_of(row: PurposeKey) -> str:
    if row.wrapped is None:
        return ""
    for name, one in (("first", first()), ("behind", root())):
        with suppress(sm.Forged):
            one.unwrap(bytes(row.wrapped))
            return name
    return "none"


def all_versions() -> list[Version]:
    """Every version of every purpose. Raises root.RootKeyUnavailable."""
    return [
        Version(
            row.purpose,
            row.version,
            "destroyed" if row.wrapped is None else "active" if row.active else "retired",
            row.made,
            row.destroyed,
            _root_of(row),
            hung(row.purpose, row.version),
        )
        for row in PurposeKey.objects.order_by("purpose", "version")
    ]


def rests_until(row: PurposeKey) -> datetime:
    """When a retired version has rested: an hour after the one that took its place was made."""
    after = PurposeKey.objects.filter(purpose=row.purpose, version__gt=row.version).order_by("version").first()
    assert after is not None, "an active version is not retired"
    return after.made + REST


def destroy_version(row: PurposeKey) -> None:
    """Overwrite a version by nothing, for ever. Whether that is right is for the act to ask, in its transaction."""
    with write():
        PurposeKey.objects.filter(pk=row.pk, active=False).update(wrapped=None, destroyed=now())
    keys.forget()
