"""What is put before the committee by numbers, and what it decides."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from luodi.committee import queries, refusals
from luodi.committee.actions.proposing import propose
from luodi.committee.models import Item, Ruling, Survey, Threshold, Verdict
from luodi.committee.rates import Rate, rates
from luodi.orders import alerts
from luodi.terms import files, versions
from luodi.trust import access, ledger, policy
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now, today
from luodi.trust.refusal import Refusal


class Counted(NamedTuple):
    start: datetime
    end: datetime
    head: int
    rates: list[Rate]


def _count(by: Actor) -> Counted:
    if not is_program(by):
        access.require(by, "committee.prepare")
    end = now() + timedelta.resolution  # what was signed at this very moment is in it
    start, head = end - timedelta(days=policy.number("override_days")), ledger.seal()
    return Counted(start, end, head, rates(alerts.alerts(head, queries.Span(start, end))))


@act("override.survey", may=None, prepare=_count)
def survey(by: Actor, *, prepared: Any = None) -> int:
    """Count override rates and put the rules beyond their thresholds on the agenda. Returns how many were put there.

    A rule that waits for a decision, or was decided within the span that is counted, is not put there again.
    """
    versions.hold()
    row = Survey.objects.create(start=prepared.start, end=prepared.end, head=prepared.head, at=now())
    about("survey", row.pk)
    quiet = set(Item.objects.filter(ruling=None).values_list("rule", flat=True))
    quiet |= set(Ruling.objects.filter(at__gte=prepared.start).values_list("item__rule", flat=True))
    put = 0
    for rate in prepared.rates:
        limit = queries.limit(rate.rule)
        if rate.percent is None or rate.rule in quiet or rate.shown < limit.cases or rate.percent <= limit.percent:
            continue
        Item.objects.create(
            survey=row, rule=rate.rule, grade=rate.grade, answered=rate.answered, changed=rate.changed,
            returned=rate.returned, percent=rate.percent, threshold=limit.percent, at=now(),
        )  # fmt: skip
        put += 1
    evidence(head=prepared.head, rules=len(prepared.rates), items=put)
    return put


@act("override.threshold", may="committee.prepare")
def set_threshold(by: Actor, rule: str, percent: int, cases: int, reason: str) -> None:
    """From today on a rule has a threshold of its own. Raises Refusal for numbers that mean nothing, or no reason."""
    if not 0 <= percent <= 100 or not 1 <= cases <= 100_000 or not rule:
        raise Refusal("threshold_bad", status=422)
    words = reason.strip()
    if not words or len(words) > 300:
        raise refusals.reason_missing()
    row = Threshold.objects.create(
        rule=rule[:80], percent=percent, cases=cases, reason=words, effective_from=today(), staff_id=by.staff, at=now()
    )
    about("threshold", row.pk)
    evidence(rule=rule, percent=percent, cases=cases)


def _changed_set(by: Actor, item: int, verdict: str, reason: str) -> int | None:
    """The candidate that a decision asks for; None for one that leaves the rule as it is."""
    row = Item.objects.filter(pk=item).first()
    if row is None or verdict not in Verdict.values:
        raise refusals.NotFound
    if not reason.strip() or len(reason.strip()) > 500:
        raise refusals.reason_missing()
    if Ruling.objects.filter(item=row).exists():
        raise refusals.ruled()
    if verdict == Verdict.KEEP:
        return None
    access.require(by, "terms.load")
    return propose(by, {"rules": _with(row, verdict)}, reason.strip())


def _with(item: Item, verdict: str) -> bytes:
    """The file of rules in force with that rule told instead of asked, or ended today."""
    now_live = versions.live()
    if now_live is None or now_live.version is None:
        raise versions.NoVersion
    with versions.folder(now_live.version) as folder:
        rows = files.rows(folder, "rules")
    row = next((each for each in rows if each["code"] == item.rule), None)
    before = dict(row or {})
    if row is not None:
        row.update(_told(row, item.grade) if verdict == Verdict.REGRADE else {"effective_to": today().isoformat()})
    if row is None or row == before:
        raise refusals.not_of_the_table()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _told(row: dict[str, str], grade: str) -> dict[str, str]:
    """The cells of a rule in which that grade has become a TELL, in its column and wherever its parameters say it."""

    def milder(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: milder(each) for name, each in value.items()}
        return [milder(each) for each in value] if isinstance(value, list) else "tell" if value == grade else value

    parameters = json.dumps(milder(json.loads(row["parameters"])), ensure_ascii=False)
    same = json.loads(parameters) == json.loads(row["parameters"])
    return {"grade": milder(row["grade"]), "parameters": row["parameters"] if same else parameters}


@act("committee.rule", may="committee.prepare", prepare=_changed_set)
def rule(by: Actor, item: int, verdict: str, reason: str, *, prepared: int | None = None) -> int | None:
    """Record what the committee decided on an item: keep, regrade (to be told) or retire. Returns the candidate that
    comes of it, which goes the way of every candidate. Raises Refusal where the item is decided, a reason is missing,
    or the rule is no row of the table."""
    row = Item.objects.select_for_update().get(pk=item)
    about("item", row.pk)
    if Ruling.objects.filter(item=row).exists():
        raise refusals.ruled()
    Ruling.objects.create(
        item=row, verdict=verdict, reason=reason.strip(), version_id=prepared, staff_id=by.staff, at=now()
    )
    evidence(rule=row.rule, verdict=str(verdict), version=prepared)
    return prepared
