"""Steps taken by the rooms above, through the loop table alone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from luodi.advice.amounts import doses_supplied
from luodi.orders import moving, reading, refusals
from luodi.orders.checking import wish_line
from luodi.orders.loop import LOOP, Step
from luodi.orders.models import Prescription, Task
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import clock, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.question import NUMBER, Question
from luodi.trust.refusal import Refusal

# These carry more than a step (a signature, a reason, a validity) and have acts of their own.
OWN_ACTS = frozenset({Step.DRAFTED, Step.SIGNED, Step.STOPPED, Step.EXPIRED, Step.PLANNED})
_TASK = Question(lambda pk: Task.objects.filter(pk=pk).select_related("prescription", "line"), NUMBER)
STEP_FIELD = "orders.step"
MOST_TEXT = 4000
SOS_HOURS = 12  # a short standby order lapses unused after twelve hours (textbook rule)


def _sealed_text(by: Actor, prescription: int, *given: Any, text: str = "", **more: Any) -> bytes:
    words = text.strip()
    if not words:
        return b""
    if len(words) > MOST_TEXT:
        raise refusals.unknown("text_too_long", _("文字太长，最多 4000 字。"))
    return patients.seal_for(reading.load(prescription).patient_id, words, STEP_FIELD)


@act("prescription.advance", may=None, prepare=_sealed_text)
def advance(
    by: Actor,
    prescription: int,
    step: str,
    proof: Mapping[str, Any] | None = None,
    *,
    rev: int | None = None,
    text: str = "",
    rest_until: datetime | None = None,
    prepared: bytes = b"",
) -> int:
    """Take the next step of a prescription and return its new rev.

    step: a `loop.Step` of a prescription. proof: the keys that the table asks for; codes and numbers, never free text.
    text: what the next person should read (why it is returned); kept sealed.
    rest_until: with the first hand-over of a part, until when the rest may be fetched.
    Raises OwnAct, Forbidden, LoopMoved, LoopSkipped, Lapsed, NoProof.
    """
    wanted = Step(step)
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id, care=not is_program(by))
    if wanted in OWN_ACTS or LOOP[wanted].of != "prescription":
        raise refusals.OwnAct(wanted)
    moving.require_step(by, wanted)
    columns = {"rest_until": rest_until} if rest_until else {}
    new = moving.move(by, rx, wanted, proof or {}, rev=rev, words=prepared, **columns)
    evidence(step=str(wanted), version=rx.version, rev=new, proof=dict(proof or {}))
    return new


@act("task.advance", may=None)
def advance_task(
    by: Actor, task: int, step: str, proof: Mapping[str, Any] | None = None, *, rev: int | None = None
) -> int:
    """Take a step of one planned dose and return its new rev.

    Raises OwnAct, Forbidden, DoseNotDue (the prescription is not at the bedside), LoopMoved, LoopSkipped, NoProof.
    """
    wanted = Step(step)
    row = _task(task)
    about("task", row.pk, row.prescription.patient_id)
    if wanted in OWN_ACTS or LOOP[wanted].of != "task":
        raise refusals.OwnAct(wanted)
    moving.require_step(by, wanted)
    new = moving.move_task(by, row, wanted, proof or {}, rev=rev)
    evidence(step=str(wanted), prescription=row.prescription_id, rev=new, proof=dict(proof or {}))
    return new


def _task(pk: int) -> Task:
    row: Task | None = _TASK.first(pk)
    if row is None:
        raise refusals.NotFound
    return row


@act("task.request", may="medication.administer")
def request_prn(by: Actor, prescription: int, seq: int, *, idempotency: str = "") -> int:
    """Ask for one dose of an as-needed line, due now, and return the key of its task.

    idempotency: a token of the form; the same token asks once.
    Raises Refusal: the line is not as needed, a dose is open, the supply is used up, a short standby order is over.
    """
    rx = Prescription.objects.select_for_update().filter(pk=prescription).first()
    if rx is None:
        raise refusals.NotFound
    about("prescription", rx.pk, rx.patient_id)
    row = next((line for line in reading.line_rows(rx) if line.seq == seq), None)
    if row is None:
        raise refusals.NotFound
    token = once.token(idempotency)
    before = _asked_by(token, row.pk)
    if before is not None:
        evidence(seq=seq, task=before, repeated=True)
        return before
    route = reading.route_for(rx)
    if not route.bedside or rx.step != route.steps[-1]:
        raise refusals.DoseNotDue(Step(rx.step), ())
    if not row.prn:
        raise Refusal("line_not_prn", _("这条医嘱按时执行，不是必要时用药。"), _("请在执行单上按计划时间给药。"))
    made = Task.objects.filter(line=row)
    if made.filter(step__in=[Step.PLANNED, Step.HELD]).exists():
        raise Refusal("prn_open", _("这条必要时医嘱已有一次待给药。"), _("请先完成或取消上一次。"))
    _require_supply(rx, row, made.filter(step=Step.ADMINISTERED).count())
    task = Task.objects.create(
        prescription=rx,
        line=row,
        seq=(made.aggregate(last=Max("seq"))["last"] or 0) + 1,
        planned_at=clock.now(),
        prn=True,
        idempotency=token,
    )
    evidence(seq=seq, task=task.pk)
    return task.pk


def _asked_by(token: str | None, line: int) -> int | None:
    """The dose that this form asked for. Raises TokenUsed where that was another line's."""
    made = Task.objects.filter(idempotency=token).first() if token else None
    if made is not None and made.line_id != line:
        raise once.TokenUsed
    return made.pk if made else None


def _require_supply(rx: Prescription, row: Any, given: int) -> None:
    if row.frequency == "sos" and rx.signed_at and clock.now() >= rx.signed_at + timedelta(hours=SOS_HOURS):
        raise Refusal("sos_over", _("临时备用医嘱 12 小时内有效，现已失效。"), _("如仍需用药，请医师另开。"))
    card = reading.line_cards([(rx.patient_id, row)])[0]
    drug = terms.ruleset(clock.today()).drugs.get(row.medicine)
    supplied = doses_supplied(wish_line(card), drug) if drug else None
    if supplied is not None and Decimal(given) >= supplied:
        raise Refusal("prn_used_up", _("这条必要时医嘱的药量已用完。"), _("如仍需用药，请医师另开。"))
