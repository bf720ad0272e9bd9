"""Turning over keys and ending them: by the system administrator or by the command, on evidence."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.trust import access, vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import PurposeKey
from luodi.trust.refusal import Refusal
from luodi.trust.vault import factor, versions


class Rotated(Refusal):
    """The version on the page is no longer the active one: the same click came twice, or somebody was faster."""

    code = "key_rotated"
    message = _("这个密钥刚刚已经轮换过，没有再次轮换。")
    next = _("请重新打开系统页面，核对现在的版本。")


class NoSuchKey(Refusal):
    """There is no such purpose or version, or it was destroyed before."""

    code = "no_such_key"
    message = _("没有这个用途或版本的密钥，或者它已经销毁。")
    next = _("请运行 luodi keys show 查看现有的密钥。")
    status = 404


class KeyActive(Refusal):
    """New data are sealed under this version."""

    code = "key_active"
    message = _("这是正在使用的版本，不能销毁。")
    next = _("请先运行 luodi keys rotate 轮换。")


class KeyHeld(Refusal):
    """Something could not be opened, found or proved any more."""

    code = "key_held"
    message = _("还有数据靠这个版本打开或验证，不能销毁。")
    next = _("请先运行 luodi keys move；账本的密钥须随账本一直保留。")


class KeyRests(Refusal):
    """A process may still be about to use this version, having not yet heard of the rotation."""

    code = "key_rests"
    message = _("这个版本停用不足一小时，可能还有进程在用，不能销毁。")
    next = _("请一小时后再试。")


def _about(by: Actor, purpose: str, **which: Any) -> PurposeKey:
    access.require_operator(by)
    living = PurposeKey.objects.filter(purpose=purpose, destroyed=None)
    # whoever waited for these rows asks again afterwards, and sees the version that was made meanwhile
    _locked = list(living.select_for_update().order_by("version"))
    row = living.filter(**which).first()
    about("purpose_key", row.pk if row else 0)
    if row is None:
        raise NoSuchKey
    return row


def _moved(purpose: str) -> int:
    return vault.rewrap(purpose) + (factor.move_factors() if purpose == "staff" else 0)


@act("key.rotate", may=None)
def rotate_key(by: Actor, purpose: str, *, seen: int | None = None, account: str = "") -> int:
    """Make a new active version of a purpose's key and wrap what hung on the old one by it; returns the version.

    seen: the version that the person turns over. account: of the machine, where a command does it.
    Raises NoSuchKey; Rotated where another version is active by now; Forbidden.
    """
    row = _about(by, purpose, active=True)
    if seen is not None and row.version != seen:
        raise Rotated
    version = vault.rotate(purpose)
    about("purpose_key", PurposeKey.objects.get(purpose=purpose, active=True).pk)
    evidence(purpose=purpose, version=version, moved=_moved(purpose), **_who(account))
    return version


@act("key.move", may=None)
def move_key(by: Actor, purpose: str, *, account: str = "") -> int:
    """Wrap by the active version what still hangs on earlier ones; returns how many. Again for nothing.

    A process that had not yet heard of a rotation may have used the version of before. Raises NoSuchKey, Forbidden.
    """
    row, moved = _about(by, purpose, active=True), _moved(purpose)
    evidence(purpose=purpose, version=row.version, moved=moved, **_who(account))
    return moved


@act("key.root", may=None)
def change_root(by: Actor, *, account: str = "") -> int:
    """Wrap every purpose key by the first root key of the setting; returns how many another one had wrapped.

    Nothing stops: processes whose setting names both roots open the keys before and after. Raises vault.sm.Forged where
    the setting names no root that opens them: then no evidence can be written either, the ledger's key being shut too;
    vault.root.RootKeyUnavailable for a new root key that is weak or the old one again; Forbidden.
    """
    access.require_operator(by)
    moved = vault.change_root()
    about("hospital", 1)
    evidence(moved=moved, **_who(account))
    return moved


@act("key.destroy", may=None)
def destroy_version(by: Actor, purpose: str, version: int, *, account: str = "") -> None:
    """End a retired version for ever. Raises NoSuchKey, KeyActive, KeyRests, KeyHeld, Forbidden.

    What a backup keeps opens as before: it holds the version as the root key wrapped it.
    """
    row = _about(by, purpose, version=version)
    facts = {"purpose": purpose, "version": version}
    if row.active:
        raise KeyActive(facts=facts)
    if now() < versions.rests_until(row):
        raise KeyRests(facts=facts)
    if hung := versions.hung(purpose, version):
        raise KeyHeld(facts=facts | {"hung": hung})
    versions.destroy_version(row)
    evidence(**facts, **_who(account))


def _who(account: str) -> dict[str, str]:
    return {"account": account} if account else {}
