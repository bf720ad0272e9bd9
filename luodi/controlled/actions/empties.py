"""空安瓿、废贴回收与销毁: each comes back once, of the lot that was issued, and two persons destroy it."""

from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.controlled import book, refusals, two
from luodi.controlled.models import Account, Destruction, Empty, Owed
from luodi.trust import once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

HOWS = {
    "crushed": _("毁形"),
    "burned": _("焚烧"),
    "flushed": _("稀释后弃入下水"),
    "solidified": _("吸附固化后按医疗废物处理"),
}


@act("controlled.take_back", may="controlled.keep")
def take_back(by: Actor, owed: int, qty: int, lot_no: str, *, idempotency: str = "") -> int:
    """Take back `qty` empties of an issue; `lot_no` is read off them. Returns how many are still out.

    Raises BadEntry for another lot than the issued one, for more than is out; SecondMissing, NotFound, TokenUsed.
    """
    row = Owed.objects.select_related("issue__lot", "issue__account").filter(pk=owed, issue__unit=by.unit).first()
    if row is None:
        raise refusals.NotFound()
    about("owed", row.pk, patient=row.issue.patient_id, care=False)
    if (token := once.token(idempotency)) and Empty.objects.filter(idempotency=token).exists():
        evidence(repeated=True)
        return row.qty - row.returned
    if lot_no.strip() != row.issue.lot.lot_no:
        raise refusals.BadEntry(
            code="empty_other_lot",
            message=_("批号与发出的批号不一致，不能回收到这一笔。"),
            next=_("请核对空安瓿或废贴上的批号；查不清时报告麻精专管员。"),
        )
    account = book.held(row.issue.account_id)
    assert account is not None
    if qty < 1 or not Owed.objects.filter(pk=row.pk, returned__lte=F("qty") - qty).update(returned=F("returned") + qty):
        row.refresh_from_db()
        raise refusals.BadEntry(
            code="empty_twice",
            message=format_lazy(_("这一笔只有 {n} 个待回收。"), n=row.qty - row.returned),
            next=_("已经回收的不能再次回收。"),
        )
    facts = {"owed": row.pk, "qty": qty, "lot_no": lot_no.strip()}
    Empty.objects.create(owed=row, qty=qty, idempotency=token, **two.signed(by, **facts))
    Account.objects.filter(pk=account.pk).update(empties=F("empties") + qty)
    left = row.qty - row.returned - qty
    evidence(issue=row.issue_id, qty=qty, left=left, second=two.pair(by).second)
    return left


@act("controlled.destroy", may="controlled.keep")
def destroy(by: Actor, account: int, qty: int, how: str, *, idempotency: str = "") -> int:
    """Destroy empties that were returned. Returns how many are left. how: a code of HOWS.

    Raises BadEntry for more than are there; SecondMissing, NotFound, TokenUsed.
    """
    row = book.held(account)
    if row is None or row.unit_id != by.unit:
        raise refusals.NotFound()
    about("account", row.pk)
    if (token := once.token(idempotency)) and Destruction.objects.filter(idempotency=token).exists():
        evidence(repeated=True)
        return row.empties
    if how not in HOWS:
        raise refusals.BadEntry(message=_("请选择销毁方式。"))
    if not 1 <= qty <= row.empties:
        raise refusals.BadEntry(message=format_lazy(_("只有 {n} 个空安瓿或废贴可以销毁。"), n=row.empties))
    columns = two.signed(by, account=row.pk, qty=qty, how=how)
    Destruction.objects.create(account=row, qty=qty, how=how, idempotency=token, **columns)
    row.empties -= qty
    row.save()
    evidence(qty=qty, how=how, left=row.empties, second=two.pair(by).second)
    return row.empties
