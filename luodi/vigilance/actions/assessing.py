"""评价, 报送, 随访, 结案: what the officer does with a report, and the allergy that goes to the chart."""

from collections.abc import Mapping

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.chart.types import AllergyItem
from luodi.patients import queries as patients
from luodi.patients import written
from luodi.terms import queries as terms
from luodi.trust import access, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.write import write
from luodi.vigilance import codes, refusals
from luodi.vigilance.actions.reporting import OFFICER, relation
from luodi.vigilance.models import Assessment, Dismissal, End, FollowUp, Reaction, Report, Submission, Version
from luodi.vigilance.queries.stages import held, newest, require_open


def _begun(by: Actor, reaction: int) -> tuple[Reaction, Version]:
    """A report that was reported and has not ended, and its version. Raises NotFound, NoCare, WrongStage."""
    row = held(reaction)
    about("reaction", row.pk, patient=row.patient_id)
    require_open(row)
    if not Report.objects.filter(reaction=row).exists():
        raise refusals.WrongStage(message=_("这份报告还没有上报。"), next=_("请报告人先上报。"))
    return row, newest(row)


@act("adr.assess", may="adr.assess")
def assess(
    by: Actor,
    reaction: int,
    causality: str,
    *,
    version: int,
    naranjo: Mapping[str, str] | None = None,
    words: str = "",
) -> int:
    """评价 of the version that was seen; returns the assessment's pk. causality: one of the six grades.

    naranjo: answers by number of the question (yes, no, unknown). Raises Moved, Invalid, WrongStage, NoCare.
    """
    row, last = _begun(by, reaction)
    if last.number != version:
        raise refusals.Moved
    if Assessment.objects.filter(reaction=row, version=version).exists():
        raise refusals.WrongStage(message=_("这一版已经评价过。"))
    if not codes.known("causality", causality):
        raise refusals.Invalid(_("请选择关联性评价。"), "causality")
    answers = {key: value for key, value in (naranjo or {}).items() if value}
    numbers = {str(question.number) for question in codes.naranjo()}
    if not set(answers) <= numbers or not set(answers.values()) <= {"yes", "no", "unknown"}:
        raise refusals.Invalid(_("Naranjo 评分的回答不对。"), "naranjo")
    score = codes.score(answers) if answers else None
    told = written.body(words, longest=1000, field="words")
    made = Assessment.objects.create(
        reaction=row, version=version, causality=causality, naranjo=answers, score=score,
        words=patients.seal_for(row.patient_id, told, "adr") if told else b"", staff_id=by.staff, at=now(),
    )  # fmt: skip
    evidence(assessment=made.pk, version=version, causality=causality, score=score)
    return made.pk


@act("adr.submit", may="adr.assess")
def submit(by: Actor, reaction: int, reference: str) -> None:
    """The national system took the assessed version under this number. Raises Invalid, WrongStage, NoCare."""
    row, last = _begun(by, reaction)
    number = written.line(reference, longest=40, field="reference")
    if not number:
        raise refusals.Invalid(_("请填写国家系统返回的报告编号。"), "reference")
    if not Assessment.objects.filter(reaction=row, version=last.number).exists():
        raise refusals.WrongStage(message=_("这一版还没有评价，不能报送。"), next=_("请先完成评价。"))
    if Submission.objects.filter(reaction=row).exists():
        raise refusals.WrongStage(message=_("这份报告已经报送。"))
    limit = codes.limit_of(
        death="death" in last.seriousness, serious=bool(last.seriousness), new=last.new,
        group=last.group_id is not None, known_at=last.known_at,
    )  # fmt: skip
    try:
        with write():
            Submission.objects.create(
                reaction=row, version=last.number, reference=number, limit=limit.code, due=limit.due(last.known_at),
                staff_id=by.staff, at=now(),
            )  # fmt: skip
    except IntegrityError as taken:
        raise refusals.Invalid(_("这个编号已经用在另一份报告上。"), "reference") from taken
    evidence(version=last.number, limit=limit.code, late=now() > limit.due(last.known_at))


@act("adr.follow_up", may="adr.assess")
def follow_up(by: Actor, reaction: int, outcome: str, words: str, *, idempotency: str = "") -> None:
    """随访. Raises Invalid, WrongStage, NoCare, TokenUsed."""
    row, _last = _begun(by, reaction)
    token = once.token(idempotency)
    before = FollowUp.objects.filter(idempotency=token).first() if token else None
    if before is not None:
        if before.reaction_id != row.pk:
            raise once.TokenUsed
        evidence(repeated=True)
        return
    told = written.body(words, longest=1000, field="words")
    if not told:
        raise refusals.Invalid(_("请写明随访的情况。"), "words")
    if not codes.known("outcome", outcome):
        raise refusals.Invalid(_("请选择结果。"), "outcome")
    FollowUp.objects.create(
        reaction=row, outcome=outcome, words=patients.seal_for(row.patient_id, told, "adr"), staff_id=by.staff,
        at=now(), idempotency=token,
    )  # fmt: skip
    evidence(outcome=outcome)


@act("adr.close", may="adr.assess")
def close(by: Actor, reaction: int) -> None:
    """结案: submitted, and followed up at least once where it was serious or new. Raises WrongStage, NoCare."""
    row, last = _begun(by, reaction)
    if not Submission.objects.filter(reaction=row).exists():
        raise refusals.WrongStage(message=_("还没有报送国家系统，不能结案。"), next=_("请先报送并填写编号。"))
    followed = FollowUp.objects.filter(reaction=row).exists()
    if (last.seriousness or last.new) and not followed:
        raise refusals.WrongStage(message=_("新的、严重的不良反应须随访后结案。"), next=_("请先记录随访。"))
    End.objects.create(reaction=row, kind="closed", staff_id=by.staff, at=now())
    access.unrelate(row.patient_id, kind=relation(row.pk), post=OFFICER)
    evidence(version=last.number)


@act("adr.to_chart", may="adr.assess")
def to_chart(by: Actor, reaction: int, medicine: str, severity: str, *, rev: int) -> int:
    """Write the suspect drug into the patient's allergies, beside those that are listed; returns the list's version.

    rev: that of the list that the page showed. Offered where the hospital judged possible or more; from then on every
    prescription of the drug is asked about. Raises WrongStage, Invalid, and what chart raises.
    """
    row, last = _begun(by, reaction)
    judged = Assessment.objects.filter(reaction=row).order_by("-version").first()
    if judged is None or judged.version != last.number or judged.causality not in codes.RELATED:
        raise refusals.WrongStage(message=_("关联性评价为“可能”及以上，才能写入过敏史。"))
    if not last.drugs.filter(role="suspect", medicine=medicine).exists():
        raise refusals.Invalid(_("只能写入这份报告的怀疑药品。"), "medicine")
    drug = terms.medicine(medicine)
    if drug is None:
        raise refusals.Invalid(_("药品目录中没有这个药品。"), "medicine")
    stated = charts.allergies(row.patient_id)
    item = AllergyItem(medicine, drug.generic, severity, codes.names("reaction", last.terms)[:200])
    others = [each for each in stated.items if each.code != medicine]
    version = chart.state_allergies(by, row.patient_id, "listed", [*others, item], rev=rev)
    evidence(medicine=medicine, statement=version)
    return int(version)


@act("adr.dismiss", may="adr.assess")
def dismiss(by: Actor, trigger: str, source: int, reason: str) -> None:
    """A candidate is none, with the reason. Raises Invalid, NotFound."""
    from luodi.vigilance.queries.triggers import candidates

    found = next((each for each in candidates() if (each.trigger, each.source) == (trigger, source)), None)
    if found is None:
        raise refusals.NotFound(message=_("这条线索已经处理过。"))
    about("patient", found.patient, patient=found.patient, care=False)
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise refusals.Invalid(_("请写明排除的理由。"), "reason")
    Dismissal.objects.create(
        trigger=trigger, source=source, patient_id=found.patient,
        words=patients.seal_for(found.patient, why, "adr"), staff_id=by.staff, at=now(),
    )  # fmt: skip
    evidence(trigger=trigger, source=source)
