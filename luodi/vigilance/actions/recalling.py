"""召回 of the whole hospital: a case is opened and everything stops in the same act; it is closed when it adds up."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.patients import written
from luodi.stock import actions as stock
from luodi.terms import queries as terms
from luodi.trust import access, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.write import write
from luodi.vigilance import codes, refusals
from luodi.vigilance.models import RecallCase, RecallEnd, RecallLot
from luodi.vigilance.queries.recalls import recall
from luodi.vigilance.queries.tracing import trace

OFFICER = "recall_officer"


def relation(case: int) -> str:
    """The kind of care relation that a recall makes to the officer's post, until it ends."""
    return f"recall:{case}"


@act("recall.open", may="recall.manage")
def open_recall(
    by: Actor,
    medicine: str,
    lot_nos: Iterable[str],
    *,
    level: str,
    source: str,
    reason: str,
    noticed_at: datetime,
    notice: str = "",
    idempotency: str = "",
) -> int:
    """Recall lot numbers of a medicine in every unit at once; returns the case.

    Whoever was given or has some of it may be told from now on by the post of recalls. idempotency: a token of the
    form, which opens one case. Raises Invalid, AlreadyRecalled, TokenUsed.
    """
    about("recall", 0)
    token = once.token(idempotency)
    before = RecallCase.objects.filter(idempotency=token).first() if token else None
    if before is not None:
        if before.medicine != medicine:
            raise once.TokenUsed
        evidence(case=before.pk, repeated=True)
        return before.pk
    wanted, why = _checked(medicine, lot_nos, level, source, reason, noticed_at)
    try:
        with write():
            row = RecallCase.objects.create(
                medicine=medicine, level=level, source=source, notice=written.line(notice, longest=60, field="notice"),
                reason=why, noticed_at=noticed_at, unit_id=by.unit, staff_id=by.staff, at=now(), idempotency=token,
            )  # fmt: skip
            RecallLot.objects.bulk_create(RecallLot(case=row, medicine=medicine, lot_no=lot_no) for lot_no in wanted)
    except IntegrityError as taken:  # by another sending of this form at the same moment, too
        raise refusals.AlreadyRecalled from taken
    about("recall", row.pk)
    turned = stock.recall_everywhere(by, medicine, wanted, why)
    found = trace(medicine, wanted)
    for patient in found.patients:
        access.relate(patient, kind=relation(row.pk), post=OFFICER)
    evidence(case=row.pk, medicine=medicine, lot_nos=wanted, lots=turned, patients=len(found.patients))
    return row.pk


def _checked(
    medicine: str, lot_nos: Iterable[str], level: str, source: str, reason: str, noticed_at: datetime
) -> tuple[list[str], str]:
    if terms.medicine(medicine) is None:
        raise refusals.Invalid(_("药品目录中没有这个药品。"), "medicine")
    wanted = sorted({written.line(lot_no, longest=32, field="lot_nos") for lot_no in lot_nos} - {""})
    if not wanted:
        raise refusals.Invalid(_("请填写至少一个批号。"), "lot_nos")
    if level not in codes.LEVELS:
        raise refusals.Invalid(_("请选择召回级别。"), "level")
    if not codes.known("source", source):
        raise refusals.Invalid(_("请选择召回的来源。"), "source")
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise refusals.Invalid(_("请写明召回原因。"), "reason")
    if noticed_at > now():
        raise refusals.Invalid(_("收到通知的时间不能在将来。"), "noticed_at")
    return wanted, why


@act("recall.close", may="recall.manage")
def close_recall(by: Actor, case: int, words: str) -> None:
    """结案 with a summary: everybody was told or could not be, nothing lies prepared, and the quantities add up.

    The figures are kept as they stand. Raises WrongStage, Invalid, NotFound.
    """
    held(case)
    about("recall", case)
    card = recall(case)
    assert card.trace is not None
    told = written.line(words, longest=400, field="words")
    if not told:
        raise refusals.Invalid(_("请写明召回的总结。"), "words")
    if any(not one.tries for one in card.people):
        raise refusals.WrongStage(message=_("还有患者没有联系过，不能结案。"), next=_("请先逐一联系并记录。"))
    if card.trace.sums.prepared:
        raise refusals.WrongStage(message=_("药篮里还有这一批的包装。"), next=_("请药房先退回调配。"))
    if card.trace.sums.gap:
        raise refusals.WrongStage(
            message=_("数量对不上，不能结案。"),
            next=_("请先盘点核对。"),
            facts={"gap": f"{card.trace.sums.gap:f}"},
        )
    states = {state: sum(one.state == state for one in card.people) for state in {one.state for one in card.people}}
    figures = card.trace.sums.told() | {"patients": len(card.people), "states": states}
    RecallEnd.objects.create(case_id=case, figures=figures, words=told, staff_id=by.staff, at=now())
    for patient in card.trace.patients:
        access.unrelate(patient, kind=relation(case), post=OFFICER)
    evidence(case=case, **figures)


def held(case: int) -> RecallCase:
    """The case, held until the act ends, where it has not been closed. Raises NotFound, WrongStage."""
    row: RecallCase | None = RecallCase.objects.select_for_update().filter(pk=case).first()
    if row is None:
        raise refusals.NotFound
    if RecallEnd.objects.filter(case=case).exists():
        raise refusals.WrongStage(message=_("这次召回已经结案。"))
    return row
