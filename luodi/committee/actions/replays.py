"""Asking for a replay, and going on with it a stretch at a time."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from luodi.committee import refusals
from luodi.committee.models import Replay, ReplayChange, ReplayPart, ReplayResult
from luodi.committee.replaying import Stretch, digest, stretch, summed
from luodi.orders import alerts
from luodi.terms import versions
from luodi.trust import access, canonical, ledger, once, policy
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now, today

STRETCH = 60  # signatures checked in one act: about a third of a second
MOST_DAYS = 400


class Asked(NamedTuple):
    digest: str
    start: datetime
    end: datetime
    head: int
    total: int


def _sealed(by: Actor, version: int, days: int | None = None, **given: Any) -> Asked:
    held = versions.version(version)
    span = min(max(1, days or policy.number("committee_replay_days")), MOST_DAYS)
    end = now() + timedelta.resolution  # what was signed at this very moment is in it
    start, head = end - timedelta(days=span), ledger.seal()
    return Asked(held.digest, start, end, head, alerts.signed_count(head, start, end))


@act("replay.ask", may="committee.prepare", prepare=_sealed)
def replay(by: Actor, version: int, days: int | None = None, *, idempotency: str = "", prepared: Any = None) -> int:
    """Ask for the signatures of the last days to be checked against a version. Returns the replay's key; the worker
    does it. days: policy `committee_replay_days` unless named, 400 at most. Raises versions.NoVersion."""
    columns = {
        "version_id": version, "day": today(), "staff_id": by.staff, "at": now(), **prepared._asdict(),
    }  # fmt: skip
    token = once.token(idempotency)
    if token is None:
        row = Replay.objects.create(**columns)
    else:
        row, _new = Replay.objects.get_or_create(idempotency=token, defaults=columns)
        if row.version_id != version:
            raise once.TokenUsed
    about("replay", row.pk)
    evidence(version=version, digest=row.digest, head=row.head, total=row.total)
    return row.pk


class Next(NamedTuple):
    seq: int
    done: bool
    found: Stretch


def _checked(by: Actor, replay: int) -> Next:
    """The next stretch, worked out before the lock is taken."""
    if not is_program(by):
        access.require(by, "committee.prepare")
    held = Replay.objects.filter(pk=replay).first()
    if held is None or ReplayResult.objects.filter(replay=replay).exists():
        raise refusals.NotFound
    last = ReplayPart.objects.filter(replay=replay).order_by("-seq").first()
    rows = alerts.recheckable(held.head, held.start, held.end, last.upto if last else 0, STRETCH)
    found = stretch(rows, versions.ruleset(held.version_id, held.day))
    return Next(last.seq + 1 if last else 1, len(rows) < STRETCH, found)


@act("replay.go_on", may=None, prepare=_checked)
def go_on(by: Actor, replay: int, *, prepared: Any = None) -> bool:
    """Check the next stretch and keep what came out; True where the replay is finished by it.

    The program does this, or who may ask for replays. Raises NotFound for one that is finished, and for a stretch that
    somebody else kept meanwhile.
    """
    Replay.objects.select_for_update().get(pk=replay)
    if ReplayPart.objects.filter(replay=replay, seq__gte=prepared.seq).exists():
        raise refusals.NotFound
    about("replay", replay)
    found: Stretch = prepared.found
    ReplayPart.objects.create(
        replay_id=replay, seq=prepared.seq, upto=found.upto, checked=found.checked, skipped=found.skipped,
        counts=canonical.text(found.counts),
    )  # fmt: skip
    for other in found.others:
        columns = other._asdict()
        ReplayChange.objects.create(replay_id=replay, prescription_id=columns.pop("prescription"), **columns)
    evidence(seq=prepared.seq, checked=found.checked, skipped=found.skipped, changes=len(found.others))
    if prepared.done:
        _finish(replay)
    return bool(prepared.done)


def _finish(replay: int) -> None:
    held = Replay.objects.get(pk=replay)
    parts = list(held.parts.all())
    counts = summed(part.counts for part in parts)
    checked, skipped = sum(part.checked for part in parts), sum(part.skipped for part in parts)
    changes = held.changes.values_list("prescription", "version", "key", "rule", "before", "after")
    named = digest(held, checked, skipped, counts, changes)
    ReplayResult.objects.create(
        replay=held, checked=checked, skipped=skipped, counts=canonical.text(counts), digest=named, at=now()
    )
    evidence(result=named)
