"""Permissions hang on the post that a person works in now. Nothing is allowed that was not granted."""

from django.db import connection
from django.db.models import Q, QuerySet

from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import Grant, Holding
from luodi.trust.refusal import Forbidden

# Asked several times in every act, so it is written out: the same rows as `_grants`, whose building costs more than
# its answer. A test holds the two together.
_MAY = """
SELECT 1 FROM trust_grant g
  JOIN trust_permission p ON p.id = g.permission_id AND p.code = %s
  JOIN trust_post o ON o.id = g.post_id AND o.code = %s AND (o.admin_kind = '' OR NOT p.record)
  JOIN trust_holding h ON h.post_id = o.id AND h.staff_id = %s AND h.unit_id = %s
  JOIN trust_staff s ON s.id = h.staff_id AND s.left_at IS NULL
 WHERE g.until IS NULL AND h.since <= %s AND (h.until IS NULL OR h.until > %s) LIMIT 1
"""


def holdings_now() -> "QuerySet[Holding]":
    """Holdings in force: begun, not ended, of people who have not left, of the account's own administrator kind."""
    moment = now()
    return Holding.objects.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment, staff__left_at=None)


def _grants(by: Actor) -> "QuerySet[Grant]":
    held = holdings_now().filter(staff=by.staff, post__code=by.post, unit=by.unit)
    # An administrator's post never opens records, whatever was granted to it.
    return Grant.objects.filter(until=None, post__in=held.values("post")).exclude(
        ~Q(post__admin_kind=""), permission__record=True
    )


def may(by: Actor, permission: str) -> bool:
    """True where the actor holds the post in that unit now and the post holds the permission."""
    moment = connection.ops.adapt_datetimefield_value(now())
    with connection.cursor() as cursor:
        cursor.execute(_MAY, [permission, by.post, by.staff, by.unit, moment, moment])
        return cursor.fetchone() is not None


def permissions(by: Actor) -> frozenset[str]:
    """Codes of everything that the actor may do."""
    return frozenset(_grants(by).values_list("permission__code", flat=True))


def require(by: Actor, permission: str) -> None:
    """Raises Forbidden where `may` is False."""
    if not may(by, permission):
        raise Forbidden(facts={"permission": permission})
