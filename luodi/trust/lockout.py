"""Counting failed logins, per account and per source, and closing the door for a while."""

from datetime import timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from luodi.trust import policy
from luodi.trust.clock import now
from luodi.trust.models import LoginAttempt
from luodi.trust.refusal import Refusal
from luodi.trust.write import write


class Locked(Refusal):
    """Too many failures: no password is looked at until the lock-out ends."""

    code = "locked"
    message = _("登录失败次数过多，已暂时锁定。")
    next = _("请稍后再试，或请系统管理员重置密码。")
    status = 429


@cache
def decoy() -> str:
    """A hash to check against where no such account exists, so that the answer takes as long."""
    return make_password("no such account")


def _failures(**who: str) -> int:
    edge = now() - timedelta(minutes=policy.number("lock_minutes"))
    rows = LoginAttempt.objects.filter(at__gt=edge, **who)
    success = rows.filter(ok=True).order_by("-at").first()
    if success is not None:
        rows = rows.filter(at__gt=success.at)
    return rows.filter(ok=False).count()


def require_open(login: str, source: str) -> None:
    """Raises Locked where the account, or the place the attempts come from, has failed too often lately."""
    if _failures(login=login) >= policy.number("lock_failures"):
        raise Locked
    if source and _failures(source=source) >= policy.number("source_failures"):
        raise Locked


def tried(login: str, source: str, *, ok: bool) -> None:
    """Note an attempt."""
    with write():
        LoginAttempt.objects.create(login=login[:40], source=source[:80], at=now(), ok=ok)
