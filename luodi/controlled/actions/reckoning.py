"""日清日结、交接班: two persons count blind; a mismatch stops the drug until the head has said why."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.controlled import book, refusals, two
from luodi.controlled.models import Account, Counted, Reconciliation, Resolution
from luodi.stock import actions as stock
from luodi.stock import queries as store
from luodi.trust import canonical, once, vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

REASONS = {
    "miscounted": _("清点数错，复点一致"),
    "unbooked": _("漏登记，已补登记"),
    "broken": _("破损未登记"),
    "lost": _("丢失、被盗，已上报"),
    "other": _("其他"),
}

LONGEST, LONGEST_NAME = 300, 60


class Tally(NamedTuple):
    """What was counted of one account; `seen` is its number of lines and empties when the count began."""

    account: int
    counted: Decimal
    empties: int
    seen: int


class Correction(NamedTuple):
    """A lot set to what lies there."""

    lot: int
    counted: Decimal


@act("controlled.reconcile", may="controlled.keep")
def reconcile(by: Actor, kind: str, tallies: Sequence[Tally], *, idempotency: str = "") -> list[int]:
    """Two persons counted every account of the actor's unit. Returns the accounts that do not match, which are stopped.

    kind: daily | handover. Raises BadEntry where an account is missing or a count is absurd, Moved where one moved
    since the count began, SecondMissing, TokenUsed.
    """
    about("unit", by.unit)
    token = once.token(idempotency)
    done = Reconciliation.objects.filter(idempotency=token).first() if token else None
    if done is not None:
        evidence(repeated=True)
        return [row.account_id for row in done.rows.all() if not row.matches]
    accounts = _whole(by.unit, kind, tallies)
    told = [[t.account, book.plain(t.counted), t.empties] for t in tallies]
    row = Reconciliation.objects.create(
        unit_id=by.unit, kind=kind, idempotency=token, **two.signed(by, unit=by.unit, kind=kind, counted=told)
    )
    wrong = []
    for account, tally in zip(accounts, tallies, strict=True):
        counted = Counted.objects.create(
            reconciliation=row, account=account, balance=account.balance, counted=tally.counted,
            empties=account.empties, empties_counted=tally.empties,
        )  # fmt: skip
        account.moved_since = None
        if not counted.matches:
            wrong.append(account.pk)
            account.mismatch = account.mismatch or counted
        account.save()
    evidence(kind=kind, accounts=len(accounts), wrong=wrong, second=two.pair(by).second)
    return wrong


def _whole(unit: int, kind: str, tallies: Sequence[Tally]) -> list[Account]:
    """The accounts of the unit under their locks, in the order of the tallies."""
    if kind not in Reconciliation.Kind.values:
        raise refusals.BadEntry(message=_("请选择日清日结或交接班。"))
    held = {row.pk: row for row in Account.objects.select_for_update().filter(unit=unit).order_by("medicine")}
    if sorted(held) != sorted(tally.account for tally in tallies) or not held:
        raise refusals.BadEntry(message=_("清点须包括本部门的全部麻精药品。"))
    for tally in tallies:
        if tally.counted < 0 or tally.empties < 0:
            raise refusals.BadEntry(message=_("清点数量不能小于零。"))
        if book.seen(held[tally.account]) != tally.seen:
            raise refusals.Moved(facts={"account": tally.account})
    return [held[tally.account] for tally in tallies]


@act("controlled.resolve", may="controlled.resolve")
def resolve(
    by: Actor,
    account: int,
    reason: str,
    text: str,
    reported_to: str,
    reported_at: datetime,
    *,
    counted: int,
    correct: Correction | None = None,
    empties: int | None = None,
) -> int:
    """The head ends a mismatch: why, to whom and when it was reported; what lies there may be set right, by two.

    counted: the mismatch that the head saw. reason: a code of REASONS. correct: a lot, empties: the book of empties.
    The head signs (SM2) and is neither of the two who counted. Raises BadEntry, NotFound where no such mismatch is
    open, Counter, SecondMissing for a correction, vault's Reauthenticate.
    """
    about("account", account)
    if reason not in REASONS or not text.strip() or not reported_to.strip():
        raise refusals.BadEntry(message=_("请写明原因、经过和上报对象。"))
    if len(text.strip()) > LONGEST or len(reported_to.strip()) > LONGEST_NAME or reported_at > now():
        raise refusals.BadEntry(message=_("说明过长，或上报时间在将来。"))
    if correct is not None:  # first: all acts hold lots before accounts
        _correct(by, account, correct)
    row = book.held(account)
    if row is None or row.unit_id != by.unit or row.mismatch_id != counted:
        raise refusals.NotFound(message=_("这项账物不符已经处理，或不在本部门。"))
    if by.staff in Reconciliation.objects.values_list("first", "second").get(rows=counted):
        raise refusals.Counter
    if empties is not None:
        two.pair(by)
    said = {
        "reason": reason, "text": text.strip(), "reported_to": reported_to.strip(), "reported_at": reported_at,
        "empties": empties,
    }  # fmt: skip
    result = Resolution.objects.create(counted_id=counted, **said, **_signature(by, counted, correct, said))
    row.mismatch = None
    row.empties = row.empties if empties is None else empties
    row.save()
    evidence(counted=counted, reason=reason, corrected=correct is not None, empties=empties, reported_at=reported_at)
    return result.pk


def _signature(by: Actor, counted: int, correct: Correction | None, said: dict[str, Any]) -> dict[str, Any]:
    """The columns of who resolved: the person, the moment, the bytes of all that was said, and the signature."""
    at = now()
    lot = [correct.lot, book.plain(correct.counted)] if correct else None
    message = canonical.data(said | {"counted": counted, "correct": lot, "staff": by.staff, "at": at})
    mine = vault.sign(by, message)
    return {"staff_id": by.staff, "at": at, "message": message, "key": mine.key_id, "value": mine.value}


def _correct(by: Actor, account: int, correct: Correction) -> None:
    row = Account.objects.filter(pk=account).first()
    lot = store.lot(by.unit, correct.lot)
    if row is None or lot is None or (lot.medicine, lot.unit) != (row.medicine, row.unit_id):
        raise refusals.NotFound(message=_("这一批不属于这个账户。"))
    both = two.pair(by)
    both.resolving = True
    try:
        stock.adjust(by, lot.pk, correct.counted, "miscounted", "麻精账物不符处理", rev=lot.rev, beside=both.second)
    finally:
        both.resolving = False
