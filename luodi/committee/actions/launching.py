"""When a version goes live: arranged, done, or called off."""

from datetime import datetime
from typing import Any

from luodi.committee import queries, refusals
from luodi.committee.models import Decision, Launch, Launched, Withdrawal
from luodi.terms import versions, warrant
from luodi.terms.actions import AlreadyLive
from luodi.trust import access, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now


@act("knowledge.launch", may="knowledge.launch")
def launch(by: Actor, version: int, reason: str, *, due: datetime | None = None, idempotency: str = "") -> int:
    """Arrange that a version goes live at `due` (aware; now unless named). Returns the key of the arrangement.

    A version that was in force before comes back by the same act. Raises Refusal: no reason, rejected, in force
    already, another arranged; warrant.Unapproved where the committee must approve first.
    """
    about("version", version)
    versions.hold()
    token = once.token(idempotency)
    sent = Launch.objects.filter(idempotency=token).first() if token else None
    if sent is not None:
        if sent.version_id != version:
            raise once.TokenUsed
        evidence(repeated=True)
        return sent.pk
    held, words = versions.version(version), reason.strip()
    if not words or len(words) > 300:
        raise refusals.reason_missing()
    if held.live:
        raise AlreadyLive
    if Decision.objects.filter(version=version, choice="reject").exists():
        raise refusals.rejected()
    if warrant.bound() and not warrant.approved(held.digest, queries.warrants(version)):
        raise warrant.Unapproved
    if queries.pending() is not None:
        raise refusals.launch_pending()
    row = Launch.objects.create(
        version_id=version, due=max(due or now(), now()), back=held.was_live, reason=words, staff_id=by.staff, at=now(),
        idempotency=token,
    )  # fmt: skip
    evidence(launch=row.pk, digest=held.digest, due=row.due, back=row.back)
    return row.pk


@act("knowledge.launched", may=None)
def launched(by: Actor, launch: int) -> None:
    """Say that an arranged version is in force. Raises Refusal where it is not, or the arrangement is over."""
    if not is_program(by):
        access.require(by, "knowledge.launch")
    row = _open(launch)
    about("launch", row.pk)
    if not versions.version(row.version_id).live:
        raise warrant.Unapproved
    Launched.objects.create(launch=row, at=now())


@act("knowledge.withdraw", may=None)
def withdraw(by: Actor, launch: int, reason: str) -> None:
    """Call an arrangement off. The program does so where a launch is refused when its time comes."""
    if not is_program(by):
        access.require(by, "knowledge.launch")
    row, words = _open(launch), reason.strip()
    about("launch", row.pk)
    if not words or len(words) > 300:
        raise refusals.reason_missing()
    Withdrawal.objects.create(launch=row, staff_id=by.staff or None, reason=words, at=now())


def _open(pk: int) -> Any:
    versions.hold()
    row = Launch.objects.filter(pk=pk).first()
    if row is None:
        raise refusals.NotFound
    if Launched.objects.filter(launch=row).exists() or Withdrawal.objects.filter(launch=row).exists():
        raise refusals.launch_over()
    return row
