"""Approving and rejecting a version, each member under a key of their own."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from luodi.committee import queries, refusals
from luodi.committee.models import Choice, Decision, ReplayResult
from luodi.committee.replaying import FAILED
from luodi.terms import actions as terms
from luodi.terms import versions, warrant
from luodi.trust import policy, vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now


class Signed(NamedTuple):
    """A decision signed before the writer lock is taken."""

    at: datetime
    message: bytes
    signature: Any
    replay: int | None


def _sign(by: Actor, version: int, choice: str, reason: str = "", seen: int | None = None) -> Signed:
    held = versions.version(version)
    words = reason.strip()
    if choice not in Choice.values:
        raise refusals.NotFound
    if len(words) > 500 or (choice == Choice.REJECT and not words):
        raise refusals.reason_missing()
    newest = queries.newest_result(version)
    if seen is not None and seen != (newest.pk if newest else 0):
        raise refusals.replay_moved()
    if choice == Choice.APPROVE and newest is None and policy.number("committee_replay"):
        raise refusals.no_replay()
    if choice == Choice.APPROVE and newest is not None and FAILED in json.loads(newest.counts):
        raise refusals.check_failed()
    at = now()
    message = warrant.message(by, held.digest, str(choice), words, newest.digest if newest else "", at)
    return Signed(at, message, vault.sign(by, message), newest.pk if newest else None)


@act("knowledge.decide", may="knowledge.approve", prepare=_sign)
def decide(
    by: Actor, version: int, choice: str, reason: str = "", *, seen: int | None = None, prepared: Any = None
) -> int:
    """Sign "approve" or "reject" on a version. Returns the key of the decision.

    seen: the replay's result that the page showed, 0 for none; another by now is refused. A version in force that has
    enough signatures by this one is approved from now on. Raises Refusal: no replay of exactly these files, a second
    signature of the same member, a version that was rejected, a rejection without reason; vault's Reauthenticate.
    """
    about("version", version)
    versions.hold()
    if Decision.objects.filter(version=version, staff=by.staff).exists():
        raise refusals.decided()
    if Decision.objects.filter(version=version, choice=Choice.REJECT).exists():
        raise refusals.rejected()
    result = ReplayResult.objects.filter(pk=prepared.replay).first()
    row = Decision.objects.create(
        version_id=version, replay=result, staff_id=by.staff, post=by.post, choice=choice, reason=reason.strip(),
        key_id=prepared.signature.key_id, message=prepared.message, value=prepared.signature.value, at=prepared.at,
    )  # fmt: skip
    evidence(choice=str(choice), key=prepared.signature.key_id, replay=result.digest if result else "")
    if choice == Choice.APPROVE and versions.version(version).live:
        warrants = queries.warrants(version)
        if warrant.approved(versions.version(version).digest, warrants):
            terms.endorse(by, version, warrants)
    return row.pk
