"""医师答复 and 裁定: the prescriber's word, and the last one."""

from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext_lazy as _

from luodi.commentary import refusals, tables
from luodi.commentary.actions.judging import open_to_the_next
from luodi.commentary.judged import Judged, Stands, one
from luodi.commentary.models import Ruling, Statement
from luodi.commentary.writing import RULE_FIELD, STATE_FIELD, require_codes, sealed
from luodi.trust import clock
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor


def _held(pk: int) -> Judged:
    judged = one(pk)
    if judged is None:
        raise refusals.NotFound
    return judged


def _state_ready(by: Actor, case: int, *, objects: bool, text: str = "") -> bytes:
    judged = _held(case)
    if judged.case.prescriber_id != by.staff:
        raise refusals.NotFound
    if objects and not text.strip():
        raise refusals.BadComment(message=_("提出异议须写明理由。"), next=_("请写明理由后再提交。"))
    return sealed(judged.case.patient_id, text, STATE_FIELD)


@act("commentary.state", may="commentary.state", prepare=_state_ready)
def state(by: Actor, case: int, *, objects: bool, text: str = "", prepared: bytes | None = None) -> int:
    """The prescriber accepts a comment, or objects to it with a reason. Returns the statement's pk.

    Raises NotFound for another's prescription, BadComment, Late after the policy `commentary_objection_days`, Done.
    """
    judged = _held(case)
    about("commentary_case", case, patient=judged.case.patient_id)
    if judged.statement is not None:
        raise refusals.Done
    stands = judged.stands(clock.now())
    if stands is not Stands.TOLD:
        raise refusals.Late if stands is Stands.CLOSED else refusals.NotFound
    made = Statement.objects.create(
        case_id=case, staff_id=by.staff, objects_to_it=objects, words=cast(bytes, prepared), at=clock.now()
    )
    evidence(objects=objects)
    open_to_the_next(case)
    return made.pk


def _rule_ready(by: Actor, case: int, codes: Sequence[str], text: str) -> bytes:
    if not text.strip():
        raise refusals.BadComment(message=_("裁定须写明理由。"), next=_("请写明理由后再提交。"))
    require_codes(codes, text)
    return sealed(_held(case).case.patient_id, text, RULE_FIELD)


@act("commentary.rule", may="commentary.rule", prepare=_rule_ready)
def rule(by: Actor, case: int, codes: Sequence[str], text: str, *, prepared: bytes | None = None) -> int:
    """Set the final codes of a case that stands split or objected. Returns the ruling's pk.

    Raises BadComment without reasons, Done where nothing is to be ruled, NotFound; BadComment where the actor judged
    the case or wrote the prescription.
    """
    judged = _held(case)
    about("commentary_case", case, patient=judged.case.patient_id)
    stands = judged.stands(clock.now())
    if stands not in (Stands.SPLIT, Stands.OBJECTED):
        raise refusals.Done
    if by.staff in {judged.case.prescriber_id, *(row.staff_id for row in judged.assignments.values())}:
        raise refusals.BadComment(
            message=_("点评过或开立这张处方的人不能裁定。"),
            next=_("请由另一位负责人裁定。"),
            facts={"rule": "own_case"},
        )
    cause = Ruling.Cause.SPLIT if stands is Stands.SPLIT else Ruling.Cause.OBJECTION
    made = Ruling.objects.create(
        case_id=case, cause=cause, verdict=tables.verdict(list(codes)), codes=" ".join(sorted(set(codes))),
        words=cast(bytes, prepared), staff_id=by.staff, at=clock.now(),
    )  # fmt: skip
    evidence(cause=str(cause), verdict=made.verdict, codes=sorted(set(codes)))
    open_to_the_next(case)
    return made.pk
