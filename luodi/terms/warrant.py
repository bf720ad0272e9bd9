"""What lets a version go live: signatures of the drug committee over its digest, proved here and nowhere else.

The committee's room collects them; this floor believes none of it but the signatures themselves.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from luodi.trust import canonical, policy, vault
from luodi.trust.actor import Actor
from luodi.trust.refusal import Refusal

FORM = "luodi.knowledge/1"
CHAIR, PHARMACIST = "committee_chair", "committee_pharmacist"
FEWEST = 2  # whatever the policy says: one person alone puts nothing in force
_FREE = ("demo", "trial", "test")


class Warrant(NamedTuple):
    """One member's signature over a decision on a version."""

    staff: int
    key_id: int
    message: bytes
    value: bytes


class Unapproved(Refusal):
    code = "not_approved"
    message = _("这个版本没有药事会的有效批准，不能启用。")
    next = _("请药事会委员在版本页面签名批准；签名数、主任委员和药师委员的要求见安全策略。")


class Needed(NamedTuple):
    """How many must sign, and who among them."""

    members: int
    chair: bool
    pharmacist: bool


def bound() -> bool:
    """True where nothing goes live without the committee: everywhere but in a demo, a trial and the tests."""
    return getattr(getattr(settings, "LUODI", None), "mode", "") not in _FREE


def needed() -> Needed:
    """What the policy of this day asks."""
    return Needed(
        max(FEWEST, policy.number("committee_signatures")),
        policy.number("committee_chair") != 0,
        policy.number("committee_pharmacist") != 0,
    )


def message(by: Actor, digest: str, decision: str, reason: str, replay: str, at: datetime) -> bytes:
    """The canonical bytes that a member signs. `replay`: digest of the replay that they saw, "" for none."""
    return canonical.data(
        {
            "form": FORM, "ruleset": digest, "decision": decision, "reason": reason, "replay": replay,
            "staff": by.staff, "post": by.post, "at": at.isoformat(),
        }
    )  # fmt: skip


def proved(digest: str, warrants: Sequence[Warrant]) -> dict[int, str]:
    """Staff → post of those whose signatures approve exactly this digest, each under a key of their own."""
    found: dict[int, str] = {}
    for each in warrants:
        said = _read(each.message)
        approves = (said.get("form"), said.get("ruleset"), said.get("decision")) == (FORM, digest, "approve")
        own = each.staff and said.get("staff") == each.staff == vault.signer_of(each.key_id)
        if approves and own and vault.verify_signature(each.key_id, each.message, each.value):
            found[each.staff] = str(said.get("post", ""))
    return found


def enough(posts: Sequence[str]) -> bool:
    """Whether members of these posts together are what the policy asks."""
    asked = needed()
    members = [post for post in posts if post in (CHAIR, PHARMACIST)]
    return (
        len(members) >= asked.members
        and (CHAIR in members or not asked.chair)
        and (PHARMACIST in members or not asked.pharmacist)
    )


def approved(digest: str, warrants: Sequence[Warrant]) -> bool:
    """Whether these signatures let the version of this digest go live."""
    return enough(list(proved(digest, warrants).values()))


def _read(message: bytes) -> dict[str, object]:
    try:
        said = json.loads(message)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
