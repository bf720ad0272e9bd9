"""审方: a pharmacist passes a signed prescription or returns it to the doctor.

Legal base: 药品管理法 art. 72-73 (suitability review; what is incompatible or excessive is refused until corrected or
signed again), 医疗机构处方审核规范 2018.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from django.utils.translation import gettext_lazy as _

from luodi.advice.types import Finding, Grade
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.orders.refusals import LoopMoved
from luodi.patients import queries as patients
from luodi.pharmacy import limits, refusals
from luodi.pharmacy import reasons as coded
from luodi.pharmacy.models import Call, Claim, PassRule, Review, ReviewReason
from luodi.trust import once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

TEXT_FIELD, CALL_FIELD = "pharmacy.review", "pharmacy.call"
LONGEST = 500
CLAIM_HOLDS = timedelta(minutes=10)  # then whoever had it open has left it


class Prepared(NamedTuple):
    """What is worked out before the transaction: the sealed text, the findings as of now, when it was due."""

    text: bytes
    findings: list[Finding]
    due: datetime | None


def _before(
    by: Actor, prescription: int, verdict: str, reasons: Sequence[str] = (), text: str = "", **_more: Any
) -> Prepared:
    text = text.strip()
    _require_whole(verdict, reasons, text)
    card = prescriptions.prescription(prescription)
    findings = prescriptions.findings(card) if verdict == Review.Verdict.PASS else []
    return Prepared(patients.seal_for(card.patient, text, TEXT_FIELD) if text else b"", findings, due(card))


def due(card: Any) -> datetime | None:
    """When the review of this version is due; None for a draft, and where the hospital set no limit."""
    if card.signed_at is None:
        return None
    urgent = any(line.frequency_code == prescriptions.AT_ONCE for line in card.lines)
    return limits.due(limits.REVIEW, card.visit_class, card.signed_at, urgent=urgent)


def _require_whole(verdict: str, reasons: Sequence[str], text: str) -> None:
    if verdict not in Review.Verdict.values:
        raise refusals.BadReview(message=_("请选择通过或退回。"))
    if len(text) > LONGEST:
        raise refusals.BadReview(message=_("说明不能超过 500 字。"), next=_("请写得简短些。"))
    if verdict == Review.Verdict.RETURN:
        _require_reasons(reasons, text)


def _require_reasons(reasons: Sequence[str], text: str) -> None:
    if not reasons:
        raise refusals.BadReview(message=_("退回须选择至少一项原因。"), next=_("请选择原因后再退回。"))
    unknown = set(reasons) - coded.by_code().keys()
    if unknown:
        raise refusals.BadReview(message=_("原因代码不在名单中。"), next=_("请刷新页面后重选。"))
    if any(code in coded.NEED_TEXT for code in reasons) and not text:
        raise refusals.BadReview(message=_("所选原因须写明具体情况。"), next=_("请在说明中写清楚。"))


@act("prescription.review", may="prescription.review", prepare=_before)
def review(
    by: Actor,
    prescription: int,
    verdict: str,
    reasons: Sequence[str] = (),
    text: str = "",
    *,
    rev: int,
    prepared: Prepared | None = None,
) -> int:
    """Pass or return the version that the pharmacist saw (`rev`). Returns the review's pk.

    verdict: "pass" | "return"; reasons: codes of `reasons.all_reasons()`, at least one for a return.
    Raises BadReview, OwnWork (the prescriber), StillRefused (the check now finds what is never right),
    orders' LoopMoved for a stale rev, Lapsed past the validity.
    """
    ready = cast(Prepared, prepared)
    card = prescriptions.header(prescription)
    about("prescription", card.pk, patient=card.patient)
    if by.staff == card.prescriber:
        raise refusals.OwnWork(
            message=_("开立处方的人不能审核自己的处方。"),
            next=_("请由另一位药师审方。"),
            facts={"rule": "own_prescription"},
        )
    refusing = [f for f in ready.findings if f.grade is Grade.REFUSE]
    if refusing:
        raise refusals.StillRefused([f.rule for f in refusing], [f.why for f in refusing])
    passed = verdict == Review.Verdict.PASS
    if passed and (bare := prescriptions.unseconded(card.pk)):
        raise refusals.NotSeconded([f.rule for f in bare], [f.why for f in bare])
    if passed:
        orders.advance(by, card.pk, Step.REVIEWED, {"version": card.version}, rev=rev)
    else:
        _return(by, card, reasons, text, rev)
    return keep(by, card, verdict, () if passed else reasons, ready, findings=len(ready.findings))


def _before_send_back(by: Actor, prescription: int, reasons: Sequence[str], text: str = "", **_more: Any) -> Prepared:
    return _before(by, prescription, Review.Verdict.RETURN, reasons, text)


@act("prescription.send_back", may="dispense.prepare", prepare=_before_send_back)
def send_back(
    by: Actor, prescription: int, reasons: Sequence[str], text: str = "", *, rev: int, prepared: Prepared | None = None
) -> int:
    """Return a reviewed prescription from the dispensing desk, e.g. for a drug out of stock. Returns the review's pk.

    Raises BadReview and what orders.advance raises.
    """
    ready = cast(Prepared, prepared)
    card = prescriptions.header(prescription)
    about("prescription", card.pk, patient=card.patient)
    _return(by, card, reasons, text, rev)
    return keep(by, card, Review.Verdict.RETURN, reasons, ready)


def _return(by: Actor, card: Any, reasons: Sequence[str], text: str, rev: int) -> None:
    """The step back, with the reasons in words for the doctor, who reads them in a room below this one."""
    words = [f"{reason.code} {reason.name_zh}" for reason in coded.named(set(reasons))]
    told = "\n".join([*words, text.strip()]).strip()
    orders.advance(
        by, card.pk, Step.RETURNED, {"version": card.version, "reasons": sorted(set(reasons))}, rev=rev, text=told
    )


def keep(
    by: Actor,
    card: Any,
    verdict: str,
    reasons: Sequence[str],
    ready: Prepared,
    rule: PassRule | None = None,
    **facts: Any,
) -> int:
    """The verdict's row, by a person or under a rule of the house. Returns its pk."""
    row = Review.objects.create(
        prescription_id=card.pk, version=card.version, verdict=verdict, text=ready.text, rule=rule,
        reviewer_id=by.staff or None, since=card.signed_at, due=ready.due, at=now(),
    )  # fmt: skip
    ReviewReason.objects.bulk_create(ReviewReason(review=row, code=code) for code in sorted(set(reasons)))
    evidence(version=card.version, verdict=str(verdict), reasons=sorted(set(reasons)), **facts)
    return row.pk


@act("prescription.claim", may="prescription.review")
def claim(by: Actor, prescription: int) -> None:
    """Tell the others that one has this prescription open (在审), or take it over from somebody who had it.

    It locks nothing: the verdict still asks for the version that was seen. Raises LoopMoved where it waits no more.
    """
    card = prescriptions.header(prescription)
    about("prescription", card.pk, patient=card.patient)
    if card.step != Step.SIGNED:
        raise LoopMoved(card.step)
    last = Claim.objects.filter(prescription=card.pk).order_by("-pk").first()
    mine = last is not None and last.staff_id == by.staff and last.at > now() - CLAIM_HOLDS / 2
    if not mine:
        Claim.objects.create(prescription_id=card.pk, staff_id=by.staff, at=now())
    evidence(version=card.version, before=last.staff_id if last and not mine else None)


def _words(by: Actor, prescription: int, outcome: str, text: str = "", **_more: Any) -> bytes:
    text = text.strip()
    if outcome not in Call.Outcome.values:
        raise refusals.BadReview(message=_("请选择联系的结果。"))
    if outcome == Call.Outcome.CONFIRMED and not text:
        raise refusals.BadReview(message=_("请写明医师坚持原处方的理由。"), next=_("理由会留在处方的往来记录里。"))
    if len(text) > LONGEST:
        raise refusals.BadReview(message=_("说明不能超过 500 字。"), next=_("请写得简短些。"))
    return patients.seal_for(prescriptions.header(prescription).patient, text, CALL_FIELD) if text else b""


@act("prescription.call", may="prescription.review", prepare=_words)
def call(
    by: Actor, prescription: int, outcome: str, text: str = "", *, idempotency: str = "", prepared: bytes = b""
) -> int:
    """Note a call to the prescriber about the present version. Returns the call's pk; it moves nothing by itself.

    outcome: Call.Outcome. Raises BadReview, TokenUsed, LoopMoved where nobody reviews or answers it any more.
    """
    card = prescriptions.header(prescription)
    about("prescription", card.pk, patient=card.patient)
    token = once.token(idempotency)
    before = Call.objects.filter(idempotency=token).first() if token else None
    if before is not None:
        if before.prescription_id != card.pk:
            raise once.TokenUsed
        evidence(call=before.pk, repeated=True)
        return before.pk
    if card.step not in (Step.SIGNED, Step.RETURNED):
        raise LoopMoved(card.step)
    row = Call.objects.create(
        prescription_id=card.pk, version=card.version, outcome=outcome, words=prepared, staff_id=by.staff, at=now(),
        idempotency=token,
    )  # fmt: skip
    evidence(version=card.version, outcome=str(outcome))
    return row.pk
