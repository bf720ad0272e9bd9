"""Permissions hang on the post that a person works in now. Nothing is allowed that was not granted."""

from typing import Any

from django.db.models import Q, QuerySet

from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now
from luodi.trust.models import Grant, Holding
from luodi.trust.question import MOMENT, NUMBER, TEXT, Question
from luodi.trust.refusal import Forbidden

PATIENT = "patient"


def holdings(moment: Any) -> "QuerySet[Holding]":
    """Holdings in force at a moment: begun, not ended, of people who have not left."""
    return Holding.objects.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment, staff__left_at=None)


def holdings_now() -> "QuerySet[Holding]":
    """Holdings in force."""
    return holdings(now())


def _granted(staff: Any, post: Any, unit: Any, moment: Any) -> "QuerySet[Grant, str]":
    held = holdings(moment).filter(staff=staff, post__code=post, unit=unit)
    # An administrator's post never opens records, whatever was granted to it.
    rows = Grant.objects.filter(until=None, post__in=held.values("post")).exclude(
        ~Q(post__admin_kind=""), permission__record=True
    )
    return rows.values_list("permission__code", flat=True)


_GRANTED = Question(_granted, NUMBER, TEXT, NUMBER, MOMENT)
_MAY = Question(
    lambda staff, post, unit, moment, code: _granted(staff, post, unit, moment).filter(permission__code=code)[:1],
    NUMBER, TEXT, NUMBER, MOMENT, TEXT,
)  # fmt: skip


_OF_PATIENTS = Question(
    lambda post: Grant.objects.filter(until=None, post__code=post, post__admin_kind="").values_list(
        "permission__code", flat=True
    ),
    TEXT,
)  # fmt: skip


def may(by: Actor, permission: str) -> bool:
    """True where the actor holds the post in that unit now and the post holds the permission.

    Whoever comes by a portal account holds the post of patients (`PATIENT`), and no other.
    """
    if by.account:
        return permission in permissions(by)
    return _MAY.first(by.staff, by.post, by.unit, now(), permission) is not None


def permissions(by: Actor) -> frozenset[str]:
    """Codes of everything that the actor may do."""
    if by.account:
        return frozenset(_OF_PATIENTS.all(PATIENT))
    return frozenset(_GRANTED.all(by.staff, by.post, by.unit, now()))


def require(by: Actor, permission: str) -> None:
    """Raises Forbidden where `may` is False."""
    if not may(by, permission):
        raise Forbidden(facts={"permission": permission})


def require_operator(by: Actor) -> None:
    """Raises Forbidden where `by` is neither the program itself nor in a post that operates the system."""
    if not is_program(by):
        require(by, "system.operate")
