"""Turning over a key, by the system administrator, on evidence."""

from django.utils.translation import gettext_lazy as _

from luodi.trust import access, vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.models import PurposeKey
from luodi.trust.refusal import Refusal


class Rotated(Refusal):
    """The version on the page is no longer the active one: the same click came twice, or somebody was faster."""

    code = "key_rotated"
    message = _("这个密钥刚刚已经轮换过，没有再次轮换。")
    next = _("请重新打开系统页面，核对现在的版本。")


@act("key.rotate", may="system.operate")
def rotate_key(by: Actor, purpose: str, *, seen: int | None = None) -> int:
    """Make a new active version of a purpose's key and wrap what hung on the old one by it; returns the version.

    seen: the version that the person turns over. Raises Rotated where another one is active by now.
    """
    if seen is not None and not PurposeKey.objects.filter(purpose=purpose, active=True, version=seen).exists():
        raise Rotated
    version = vault.rotate(purpose)
    moved = vault.rewrap(purpose)
    about("purpose_key", PurposeKey.objects.get(purpose=purpose, active=True).pk)
    evidence(purpose=purpose, version=version, moved=moved)
    return version


def _operator(by: Actor) -> None:
    if not is_program(by):
        access.require(by, "system.operate")


@act("key.root", may=None, prepare=_operator)
def change_root(by: Actor, *, prepared: None = None) -> int:
    """Wrap every purpose key by the first root key of the setting; returns how many another one had wrapped.

    Nothing stops: processes whose setting names both roots open the keys before and after. Raises vault.sm.Forged where
    the setting names no root that opens them: then no evidence can be written either, the ledger's key being shut too.
    """
    moved = vault.change_root()
    about("hospital", 1)
    evidence(moved=moved)
    return moved
