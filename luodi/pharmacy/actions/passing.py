"""自动通过: the head of the pharmacy sets the rule, the program passes what it allows."""

from typing import Any, NamedTuple, cast

from django.utils.translation import gettext_lazy as _

from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import automatic, refusals
from luodi.pharmacy.actions.reviewing import Prepared, due, keep
from luodi.pharmacy.models import PassRule, Review
from luodi.pharmacy.queries import passing
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now
from luodi.trust.refusal import Forbidden

CLASSES = ("outpatient", "emergency", "observation", "inpatient")
OLDEST = 120


class RuleWish(NamedTuple):
    """What the program may pass; the fields are those of PassRule."""

    on: bool
    classes: tuple[str, ...] = ()
    told: bool = False
    antibiotics: bool = False
    high_alert: bool = False
    youngest: int = 18
    oldest: int = 64
    most_drugs: int = 5


@act("review.rule", may="review.rule")
def set_rule(by: Actor, wish: RuleWish, reason: str) -> int:
    """Set from now on what the program may pass, or switch it off. Returns the rule's pk. Raises BadReview."""
    about("unit", by.unit)
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise refusals.BadReview(message=_("请写明原因，不超过 200 字。"))
    if wish.on and (not wish.classes or set(wish.classes) - set(CLASSES)):
        raise refusals.BadReview(message=_("请选择至少一种就诊类别。"))
    if not 0 <= wish.youngest <= wish.oldest <= OLDEST:
        raise refusals.BadReview(message=_("年龄范围不合理。"), next=_("请填写 0 到 120 岁之间，先小后大。"))
    held = wish._asdict() | {"classes": " ".join(wish.classes), "reason": reason}
    last = passing.held_rule()
    if last is not None and all(getattr(last, name) == value for name, value in held.items()):
        evidence(rule=last.pk, repeated=True)
        return last.pk
    row = PassRule.objects.create(**held, staff_id=by.staff, at=now())
    evidence(rule=row.pk, **wish._asdict())
    return row.pk


class Judged(NamedTuple):
    """What was read before the transaction: the rule, what speaks against it, and what the review's row wants."""

    rule: PassRule | None
    against: str
    ready: Prepared
    rev: int


def _judge(by: Actor, prescription: int, **_more: Any) -> Judged:
    card = prescriptions.prescription(prescription)
    found = prescriptions.findings(card)
    row = passing.rule()
    against = automatic.against(row, card, found, passing.person(card), passing.knowledge())
    return Judged(row, against, Prepared(b"", found, due(card)), card.rev)


@act("prescription.pass", may=None, prepare=_judge)
def pass_alone(by: Actor, prescription: int, *, prepared: Judged | None = None) -> bool:
    """Pass a waiting prescription under the rule of the house. Returns whether it passed: what speaks against it stays.

    The program alone does it. The rule is asked again inside and held: one that was switched off passes nothing more.
    Raises Forbidden for a person, LoopMoved where somebody was first.
    """
    judged = cast(Judged, prepared)
    card = prescriptions.header(prescription)
    about("prescription", card.pk, patient=card.patient, care=False)
    if not is_program(by):
        raise Forbidden
    current = passing.held_rule()
    if current is None or judged.rule is None or current.pk != judged.rule.pk or judged.against:
        evidence(passed=False, against=judged.against or "rule_changed")
        return False
    orders.advance(by, card.pk, Step.REVIEWED, {"version": card.version, "rule": current.pk}, rev=judged.rev)
    keep(by, card, Review.Verdict.PASS, (), judged.ready, rule=current, findings=len(judged.ready.findings))
    return True
