"""专用账册: every movement of a controlled drug is a line with a running balance, whichever act made it.

The shelf calls `moved` after it has changed the lots, in the same transaction: no line, no movement.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.controlled import duties, refusals, two
from luodi.controlled.models import Account, BookLine, Empty
from luodi.stock import queries as store
from luodi.terms import queries as terms
from luodi.trust import canonical
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.vault import sm

CARRIED = "carried"
ADJUST = "adjust"


def moved(by: Actor, lots: Mapping[int, Decimal], kind: str, dispense: int | None) -> None:
    """Write the lines of what just moved. Raises SecondMissing, Blocked, Uncorrected, BooksApart."""
    by_account: dict[tuple[str, int], list[store.LotCard]] = defaultdict(list)
    for lot in store.lots_by_number(lots):
        if duties.kept(lot.medicine):
            by_account[lot.medicine, lot.unit].append(lot)
    for (medicine, unit), moving in sorted(by_account.items()):
        _post(by, medicine, unit, [(lot, lots[lot.pk]) for lot in moving], str(kind), dispense)


def _post(
    by: Actor, medicine: str, unit: int, moves: list[tuple[Any, Decimal]], kind: str, dispense: int | None
) -> None:
    both = two.pair(by)
    account = _account(by, medicine, unit, {lot.pk: qty for lot, qty in moves})
    if kind == ADJUST and not both.resolving:
        raise refusals.Uncorrected()
    if not both.resolving and any(qty < 0 for _lot, qty in moves):
        require_open(account)
    for lot, qty in moves:
        _line(by, account, lot, qty, kind, both, dispense)
    on_hand = store.on_hand(unit, medicine)
    if account.balance != on_hand:
        raise refusals.BooksApart(facts={"account": account.pk, "balance": account.balance, "on_hand": on_hand})
    if kind != "opening":
        account.moved_since = account.moved_since or now()
    account.save()


def held(pk: int) -> Account | None:
    """An account under its lock."""
    return Account.objects.select_for_update().filter(pk=pk).first()


def _account(by: Actor, medicine: str, unit: int, moving: Mapping[int, Decimal]) -> Account:
    """The account under its lock. A book opened now first carries what lay there before."""
    row, new = Account.objects.get_or_create(unit_id=unit, medicine=medicine, defaults={"balance": Decimal(0)})
    account = held(row.pk)
    assert account is not None
    if new:
        for lot in store.lots(unit, medicine):
            before = lot.on_hand - moving.get(lot.pk, Decimal(0))
            if before:
                _line(by, account, lot, before, CARRIED, two.pair(by), None)
    return account


def _line(
    by: Actor, account: Account, lot: Any, qty: Decimal, kind: str, both: two.Pair, dispense: int | None
) -> BookLine:
    account.lines += 1
    account.balance += qty
    if account.balance < 0:
        raise refusals.BooksApart(facts={"account": account.pk, "balance": account.balance})
    document = both.document or (f"D{dispense}" if dispense else "")
    facts = {
        "account": account.pk, "seq": account.lines, "lot": lot.pk, "lot_no": lot.lot_no, "expiry": lot.expiry,
        "kind": kind, "document": document, "other": both.other, "qty": plain(qty), "balance": plain(account.balance),
        "before": account.digest,
    }  # fmt: skip
    columns = two.signed(by, **facts)
    account.digest = digest(columns["message"])
    return BookLine.objects.create(
        account=account, seq=account.lines, lot_id=lot.pk, kind=kind, document=document, other=both.other,
        qty=qty, balance=account.balance, digest=account.digest, **columns,
    )  # fmt: skip


def plain(value: Decimal) -> str:
    """A quantity as it is signed: the same digits whichever database gave it."""
    return f"{value.normalize():f}"


def digest(message: bytes) -> str:
    """SM3 of a line's signed bytes, which hold the digest of the line before."""
    return sm.sm3(bytes(message)).hex()


def missed(account: Account) -> bool:
    """Whether a day that moved was left without reconciliation, past the hour of grace of the next."""
    found = duties.of(account.medicine)
    if found is None or not found.reconcile or account.moved_since is None:
        return False
    local = now().astimezone(HOSPITAL_ZONE)
    closes = account.moved_since.astimezone(HOSPITAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return local >= closes + timedelta(days=1, hours=found.grace_hour)


def require_open(account: Account) -> None:
    """Raises Blocked while a mismatch is open, or a day was not reconciled where that stops the issue."""
    drug = terms.medicine(account.medicine)
    words = f"{drug.generic} {drug.strength}" if drug else account.medicine
    if account.mismatch_id:
        raise refusals.Blocked(
            message=format_lazy(_("{drug}：清点账物不符，尚未处理，暂停发出。"), drug=words),
            next=_("请药房负责人在「麻精药品」写明原因和上报情况后再发。"),
            facts={"account": account.pk, "counted": account.mismatch_id},
        )
    found = duties.of(account.medicine)
    if found is not None and found.missed_blocks and missed(account):
        raise refusals.Blocked(
            message=format_lazy(_("{drug}：前一日没有日清日结，暂停发出。"), drug=words),
            next=_("请两人在「麻精药品」清点后再发。"),
            facts={"account": account.pk, "missed": True},
        )


def seen(account: Account) -> int:
    """A number that changes with every line and every empty of an account, and tells neither balance."""
    returned = Empty.objects.filter(owed__issue__account=account).count()
    return account.lines + returned + account.destructions.count()


def intact(account: int) -> bool:
    """Whether the chain of an account's lines holds: seq, balance and digest of each follow from the one before."""
    before, balance = "", Decimal(0)
    for number, row in enumerate(BookLine.objects.filter(account=account).order_by("seq"), 1):
        balance += row.qty
        told = canonical.text({"before": before})[1:-1]
        signed = (
            f'"balance":"{plain(row.balance)}"' in bytes(row.message).decode() and told in bytes(row.message).decode()
        )
        if row.seq != number or row.balance != balance or not signed or row.digest != digest(bytes(row.message)):
            return False
        before = row.digest
    return True
