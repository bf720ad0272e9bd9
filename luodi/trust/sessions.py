"""Login sessions: begun, resolved at every request, ended at once when they must.

The cookie carries a random token; one indexed query finds session, person, post and unit. A session dies by idle time,
by age, by logout, when the person leaves, or when the post is taken away.
"""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from luodi.trust import policy
from luodi.trust.access.permissions import holdings
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import Holding, Session
from luodi.trust.question import BYTES, MOMENT, NUMBER, Question
from luodi.trust.refusal import StorageFull
from luodi.trust.vault import sm
from luodi.trust.write import write

COOKIE = "luodi_session"
# Seen times are written this coarsely, so that reading a page is not a write to the session row each time.
_SEEN = timedelta(minutes=1)
# Session → when it was seen, where a full disk took no note of it: a person who reads on is not logged out for that.
_unwritten: dict[int, datetime] = {}


class Resolved(NamedTuple):
    """A live session. actor.post is "" until a post is chosen."""

    actor: Actor
    staff_name: str
    post_name: tuple[str, str]
    unit_name: tuple[str, str]
    must_change: bool
    second_factor: bool
    has_second_factor: bool


def _digest(token: str) -> bytes:
    return sm.sm3(token.encode())


_HOLDINGS = Question(
    lambda staff, moment: holdings(moment).filter(staff=staff).order_by("pk").values_list("pk", flat=True),
    NUMBER, MOMENT,
)  # fmt: skip
_LIVE = Question(
    lambda token: Session.objects.select_related("staff", "holding__post", "holding__unit").filter(
        token=token, ended=None, staff__left_at=None
    ),
    BYTES,
)


def begin(staff: int, device: str, *, second_factor: bool = False, holding: int | None = None) -> tuple[str, Session]:
    """Open a session; returns the cookie's token and the row. A single post held is taken up at once."""
    token = secrets.token_urlsafe(32)
    moment = now()
    held = _HOLDINGS.all(staff, moment)
    if holding is None and len(held) == 1:
        holding = held[0]
    with write():
        row = Session.objects.create(
            token=_digest(token),
            staff_id=staff,
            holding_id=holding,
            device=device[:80],
            second_factor=second_factor,
            began=moment,
            seen=moment,
            authenticated=moment,
        )
    return token, row


def _expired(row: Session, moment: datetime) -> str:
    if moment - max(row.seen, _unwritten.get(row.pk, row.seen)) > timedelta(minutes=policy.number("idle_minutes")):
        return "idle"
    if moment - row.began > timedelta(hours=policy.number("absolute_hours")):
        return "age"
    return ""


def actor_of(row: Session) -> Actor:
    """The actor that a session's post makes of its person."""
    holding = row.holding
    if holding is None:
        return Actor(row.staff_id, "", 0, row.device, session=row.pk)
    return Actor(row.staff_id, holding.post.code, holding.unit_id, row.device, session=row.pk)


def _lost_post(holding: Holding | None, moment: datetime) -> bool:
    return holding is not None and holding.until is not None and holding.until <= moment


def resolve(token: str, *, touch: bool = True) -> Resolved | None:
    """The live session of a cookie's token, or None. An expired one is ended here.

    touch=False does not count as the person being there: an open page that only listens must not keep a session alive.
    """
    if not token:
        return None
    row = _LIVE.first(_digest(token))
    if row is None:
        return None
    moment = now()
    why = "post" if _lost_post(row.holding, moment) else _expired(row, moment)
    if why:
        with suppress(StorageFull):  # it is over, whether or not that can be noted
            end(row.pk, why)
        return None
    # seen ahead of now: the clock was set back, and idle time counts from here, not from when it catches up
    if touch and abs(moment - row.seen) > _SEEN:
        _touch(row.pk, moment)
    held = row.holding
    return Resolved(
        actor=actor_of(row),
        staff_name=row.staff.name,
        post_name=(held.post.name_zh, held.post.name_en) if held else ("", ""),
        unit_name=(held.unit.name_zh, held.unit.name_en) if held else ("", ""),
        must_change=row.staff.must_change,
        second_factor=row.second_factor,
        has_second_factor=row.staff.totp is not None,
    )


def _touch(session: int, moment: datetime) -> None:
    try:
        with write():
            Session.objects.filter(pk=session).update(seen=moment)
        _unwritten.pop(session, None)
    except StorageFull:
        _unwritten[session] = moment


def end(session: int, why: str) -> None:
    """End one session now."""
    with write():
        Session.objects.filter(pk=session, ended=None).update(ended=now(), why=why)


def end_all(staff: int, why: str, *, but: int = 0) -> int:
    """End every session of a person, except one where given; returns how many."""
    with write():
        return Session.objects.filter(staff=staff, ended=None).exclude(pk=but).update(ended=now(), why=why)


def authenticated_now(session: int) -> None:
    """Note that the person has just shown again who they are: the signing window opens anew."""
    with write():
        Session.objects.filter(pk=session, ended=None).update(authenticated=now())


def of_staff(staff: int) -> list[Session]:
    """Open sessions of a person, newest first."""
    return list(Session.objects.filter(staff=staff, ended=None).select_related("holding__post").order_by("-began"))
