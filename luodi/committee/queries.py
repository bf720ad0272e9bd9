"""Public readers: where versions stand, replays with their progress, override rates, the agenda."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from luodi.committee.models import (
    Choice,
    Decision,
    Item,
    Launch,
    Replay,
    ReplayChange,
    ReplayPart,
    ReplayResult,
    Survey,
    Threshold,
)
from luodi.committee.rates import Rate
from luodi.committee.rates import rates as _rates
from luodi.committee.refusals import NotFound
from luodi.orders import alerts
from luodi.terms import versions, warrant
from luodi.terms.versions import VersionCard
from luodi.trust import ledger, people, policy, vault
from luodi.trust.clock import HOSPITAL_ZONE, now, today


class Span(NamedTuple):
    """A half-open span of time."""

    start: datetime
    end: datetime


class Standing(NamedTuple):
    """A version and where it stands: live, arranged, approved, rejected, former or candidate."""

    version: VersionCard
    state: str
    approvals: int


class DecisionCard(NamedTuple):
    row: Any
    name: str
    valid: bool


class Progress(NamedTuple):
    """A replay: how far it is, and its result where it is finished."""

    replay: Any
    done: int
    result: Any | None

    @property
    def percent(self) -> int:
        return 100 if self.result or not self.replay.total else min(99, self.done * 100 // self.replay.total)


class Limit(NamedTuple):
    percent: int
    cases: int
    own: bool


# Versions


def standings() -> list[Standing]:
    """Every version that is kept, the newest first."""
    return [standing(card) for card in versions.versions()]


def standing(card: VersionCard) -> Standing:
    rows = Decision.objects.filter(version=card.pk)
    against = rows.filter(choice=Choice.REJECT).exists()
    arranged = pending()
    approvals = len(warrant.proved(card.digest, warrants(card.pk)))
    if card.live:
        state = "live"
    elif against:
        state = "rejected"
    elif arranged is not None and arranged.version_id == card.pk:
        state = "arranged"
    elif warrant.approved(card.digest, warrants(card.pk)):
        state = "approved"
    else:
        state = "former" if card.was_live else "candidate"
    return Standing(card, state, approvals)


def warrants(version: int) -> list[warrant.Warrant]:
    """Signatures that approve a version, as the floor of terms wants them."""
    rows = Decision.objects.filter(version=version, choice=Choice.APPROVE)
    return [warrant.Warrant(r.staff_id, r.key_id, bytes(r.message), bytes(r.value)) for r in rows]


def decisions(version: int) -> list[DecisionCard]:
    """Decisions on a version with the signer's name and whether the signature holds, the first one first."""
    rows = list(Decision.objects.filter(version=version))
    names = people.names({row.staff_id for row in rows})
    return [
        DecisionCard(
            row, names.get(row.staff_id, ""), vault.verify_signature(row.key_id, bytes(row.message), bytes(row.value))
        )
        for row in rows
    ]


def pending() -> Any | None:
    """The arrangement that waits for its time; None where there is none."""
    return Launch.objects.filter(launched=None, withdrawal=None).first()


def due() -> list[int]:
    """Arrangements whose time has come."""
    return list(Launch.objects.filter(launched=None, withdrawal=None, due__lte=now()).values_list("pk", flat=True))


def launch(pk: int) -> Any:
    """One arrangement. Raises NotFound."""
    row = Launch.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def launches(version: int) -> list[Any]:
    """Arrangements of a version, the newest first."""
    return list(Launch.objects.filter(version=version).select_related("launched", "withdrawal"))


# Replays


def unfinished() -> list[int]:
    """Replays that the worker has to go on with, the oldest first."""
    return list(Replay.objects.filter(result=None).order_by("pk").values_list("pk", flat=True))


def replays(version: int) -> list[Progress]:
    """Replays of a version, the newest first."""
    return [_progress(row) for row in Replay.objects.filter(version=version).select_related("result")]


def replay(pk: int) -> Progress:
    """One replay. Raises NotFound."""
    row = Replay.objects.filter(pk=pk).select_related("result").first()
    if row is None:
        raise NotFound
    return _progress(row)


def _progress(row: Any) -> Progress:
    done = sum(part.checked + part.skipped for part in ReplayPart.objects.filter(replay=row))
    return Progress(row, done, getattr(row, "result", None))


def newest_result(version: int) -> Any | None:
    """The result of the newest finished replay of exactly this version; None where there is none."""
    digest = versions.version(version).digest
    found = ReplayResult.objects.filter(replay__version=version, replay__digest=digest)
    return found.select_related("replay").order_by("-pk").first()


def counts(result: Any) -> list[dict[str, Any]]:
    """Counts by rule, those that change most first."""
    held = json.loads(result.counts)
    rows = [{"rule": rule, **tally} for rule, tally in held.items()]
    return sorted(rows, key=lambda r: (-(r["new"] + r["gone"] + r["graver"] + r["milder"]), r["rule"]))


def changes(replay: int, rule: str = "") -> Any:
    """What a replay found other, for paging."""
    rows = ReplayChange.objects.filter(replay=replay).order_by("pk")
    return rows.filter(rule=rule) if rule else rows


# Override rates and the agenda


def limit(rule: str) -> Limit:
    """The threshold of a rule today: its own, else that of the house."""
    own = Threshold.objects.filter(rule=rule, effective_from__lte=today()).order_by("-effective_from", "-pk").first()
    if own is not None:
        return Limit(own.percent, own.cases, True)
    return Limit(policy.number("override_percent"), policy.number("override_cases"), False)


def rates(span: Span) -> list[Rate]:
    """Override rates of the signatures in the span, as far as the ledger is sealed."""
    return _rates(alerts.alerts(ledger.head(), span))


def agenda(decided: bool = False) -> list[Any]:
    """Items that wait for a decision, the oldest first; or those decided, the newest first."""
    rows = Item.objects.select_related("survey", "ruling")
    return list(rows.exclude(ruling=None).order_by("-ruling__pk") if decided else rows.filter(ruling=None))


def item(pk: int) -> Any:
    """One item. Raises NotFound."""
    row = Item.objects.filter(pk=pk).select_related("survey", "ruling").first()
    if row is None:
        raise NotFound
    return row


def surveyed_today() -> bool:
    """True where override rates were counted today."""
    last = Survey.objects.order_by("-pk").first()
    return last is not None and last.at.astimezone(HOSPITAL_ZONE).date() == today()
