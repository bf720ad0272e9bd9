"""Logins of telephones: resolved at every request, ended by idle time, by age, by the person."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from luodi.trust import access, policy
from luodi.trust.access.permissions import PATIENT
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.question import BYTES, Question
from luodi.trust.refusal import StorageFull
from luodi.trust.vault import sm
from luodi.trust.write import write

from .models import Login

COOKIE = "luodi_my"
_SEEN = timedelta(minutes=1)
_LIVE = Question(lambda token: Login.objects.filter(token=token, ended=None), BYTES)


def digest(token: str) -> bytes:
    return sm.sm3(token.encode())


def begin(account: int, device: str) -> str:
    """A new login inside an act; returns the cookie's token."""
    token, moment = secrets.token_urlsafe(32), now()
    Login.objects.create(account_id=account, token=digest(token), device=device[:80], began=moment, seen=moment)
    return token


def actor(token: str) -> Actor | None:
    """Who comes with a cookie; None for nobody. A login past its limits is nobody's."""
    row = _LIVE.first(digest(token)) if token else None
    if row is None or _over(row, now()):
        return None
    if now() - row.seen > _SEEN:
        _touch(row)
    return Actor(0, PATIENT, 0, row.device, account=row.account_id)


def permissions(by: Actor) -> frozenset[str]:
    """What patients may do here: grants of their post."""
    return access.permissions(by)


def end_all(account: int, why: str, *, but: str = "") -> int:
    """End the account's logins inside an act, except the one of a token; returns how many."""
    rows = Login.objects.filter(account=account, ended=None).exclude(token=digest(but))
    return rows.update(ended=now(), why=why)


def end(token: str, why: str) -> None:
    """End one login inside an act."""
    Login.objects.filter(token=digest(token), ended=None).update(ended=now(), why=why)


def count(account: int) -> int:
    """How many logins of an account are open."""
    moment = now()
    rows = Login.objects.filter(account=account, ended=None)
    return sum(not _over(row, moment) for row in rows)


def _over(row: Login, moment: datetime) -> bool:
    idle = timedelta(minutes=policy.number("portal_idle_minutes"))
    return moment - row.seen > idle or moment - row.began > timedelta(hours=policy.number("portal_absolute_hours"))


def _touch(row: Login) -> None:
    with suppress(StorageFull), write():
        Login.objects.filter(pk=row.pk).update(seen=now())
