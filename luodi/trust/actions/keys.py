"""Turning over a key, by the system administrator, on evidence."""

from luodi.trust import vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.models import PurposeKey


@act("key.rotate", may="system.operate")
def rotate_key(by: Actor, purpose: str) -> int:
    """Make a new active version of a purpose's key and wrap what hung on the old one by it; returns the version."""
    version = vault.rotate(purpose)
    moved = vault.rewrap(purpose)
    about("purpose_key", PurposeKey.objects.get(purpose=purpose, active=True).pk)
    evidence(purpose=purpose, version=version, moved=moved)
    return version
