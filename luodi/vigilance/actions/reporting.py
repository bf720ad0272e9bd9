"""上报: a report is drafted from doses really given, saved again as often as needed, and reported."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as patients
from luodi.patients import written
from luodi.trust import access, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.refusal import Forbidden
from luodi.vigilance import codes, refusals
from luodi.vigilance.models import End, Group, Reaction, Report, Suspect, Version
from luodi.vigilance.queries.exposures import exposures
from luodi.vigilance.queries.stages import held, newest, require_open
from luodi.vigilance.types import Form

OFFICER = "adr_officer"
LISTS = ("outcome", "action", "dechallenge", "rechallenge", "impact", "causality")


def relation(reaction: int) -> str:
    """The kind of care relation that a report makes to the officer's post, until it ends."""
    return f"adr:{reaction}"


@act("adr.draft", may="adr.report")
def draft(by: Actor, patient: int, form: Form, *, idempotency: str = "") -> int:
    """Begin a report; returns its pk. idempotency: a token of the form, which begins one report.

    The suspects are packages that were given or handed over to this person. Raises Invalid, TokenUsed, NoCare.
    """
    about("patient", patient, patient=patient)
    token = once.token(idempotency)
    patients.hold(patient)
    before = Reaction.objects.filter(idempotency=token).first() if token else None
    if before is not None:
        if before.patient_id not in patients.person(patient):
            raise once.TokenUsed
        evidence(reaction=before.pk, repeated=True)
        return before.pk
    patient = patients.survivor(patient)
    row = Reaction.objects.create(
        patient_id=patient, unit_id=by.unit, reporter_id=by.staff, at=now(), idempotency=token
    )
    _save(by, row, 1, form)
    return row.pk


@act("adr.amend", may="adr.report")
def amend(by: Actor, reaction: int, form: Form, *, version: int) -> int:
    """Save the form anew, by its reporter or the officer, until the end; returns the version.

    version: the one that the page showed. After an assessment the new version waits for another one.
    Raises Moved, WrongStage, Invalid, Forbidden, NoCare.
    """
    row = held(reaction)
    about("reaction", row.pk, patient=row.patient_id)
    require_mine(by, row)
    require_open(row)
    last = newest(row)
    if last.number != version:
        raise refusals.Moved
    _save(by, row, version + 1, form)
    return version + 1


@act("adr.report", may="adr.report")
def report(by: Actor, reaction: int) -> None:
    """上报 to the officer, whose post has to do with the patient until the report ends. Raises WrongStage, NoCare."""
    row = held(reaction)
    about("reaction", row.pk, patient=row.patient_id)
    require_mine(by, row)
    require_open(row)
    if Report.objects.filter(reaction=row).exists():
        evidence(repeated=True)
        return
    Report.objects.create(reaction=row, staff_id=by.staff, at=now())
    access.relate(row.patient_id, kind=relation(row.pk), post=OFFICER)
    evidence(version=newest(row).number)


@act("adr.withdraw", may="adr.report")
def withdraw(by: Actor, reaction: int, reason: str) -> None:
    """撤回, with a reason: a draft by its reporter, a reported one by the officer. Raises Invalid, WrongStage."""
    row = held(reaction)
    about("reaction", row.pk, patient=row.patient_id)
    reported = Report.objects.filter(reaction=row).exists()
    if reported:
        access.require(by, "adr.assess")
    require_mine(by, row)
    require_open(row)
    if hasattr(row, "submission"):
        raise refusals.WrongStage(message=_("已经报送国家系统，不能撤回。"), next=_("请随访后结案。"))
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise refusals.Invalid(_("请写明撤回的原因。"), "reason")
    words = patients.seal_for(row.patient_id, why, "adr")
    End.objects.create(reaction=row, kind="withdrawn", words=words, staff_id=by.staff, at=now())
    access.unrelate(row.patient_id, kind=relation(row.pk), post=OFFICER)
    evidence(reported=reported)


@act("adr.group", may="adr.assess")
def open_group(by: Actor, title: str) -> int:
    """群体不良事件: open an event that reports can be put under; returns its pk. Raises Invalid."""
    about("group", 0)
    named = written.line(title, longest=80, field="title")
    if not named:
        raise refusals.Invalid(_("请写明群体事件的名称。"), "title")
    row = Group.objects.create(title=named, staff_id=by.staff, at=now())
    evidence(group=row.pk)
    return row.pk


def require_mine(by: Actor, row: Reaction) -> None:
    """The reporter and the officer go on with a report, nobody else. Raises Forbidden."""
    if by.staff != row.reporter_id and not access.may(by, "adr.assess"):
        raise Forbidden(facts={"rule": "reporter_or_officer"})


def _save(by: Actor, row: Reaction, number: int, form: Form) -> None:
    given = _checked(row.patient_id, form, form_before=number > 1 and _packages(row))
    version = Version.objects.create(
        reaction=row, number=number, onset=form.onset, known_at=form.known_at, seriousness=list(form.seriousness),
        new=form.new, terms=list(form.terms), group_id=form.group, staff_id=by.staff, at=now(),
        words=patients.seal_for(row.patient_id, written.body(form.words, longest=2000, field="words"), "adr"),
        **{name: getattr(form, name) for name in LISTS},
    )  # fmt: skip
    chosen = [("suspect", pk) for pk in form.suspects] + [("concomitant", pk) for pk in form.concomitants]
    Suspect.objects.bulk_create(
        Suspect(
            version=version, role=role, package_id=pk, administration_id=given[pk][0], medicine=given[pk][1]
        )
        for role, pk in chosen
    )  # fmt: skip
    evidence(reaction=row.pk, version=number, serious=list(form.seriousness), new=form.new, drugs=len(chosen))


def _packages(row: Reaction) -> dict[int, tuple[int | None, str]]:
    rows = Suspect.objects.filter(version__reaction=row).values_list("package", "administration", "medicine")
    return {package: (administration, medicine) for package, administration, medicine in rows}


def _checked(patient: int, form: Form, form_before: Any) -> dict[int, tuple[int | None, str]]:
    """(administration, medicine) of the packages that may be named. Raises Invalid."""
    given = {each.package: (each.administration, each.pack.medicine) for each in exposures(patient)}
    given = {**(form_before or {}), **given}
    if not form.suspects:
        raise refusals.Invalid(_("请至少选择一种怀疑药品。"), "suspects")
    if not set(form.suspects + form.concomitants) <= given.keys():
        raise refusals.Invalid(_("只能选择这位患者实际用过或领走的药品。"), "suspects")
    if set(form.suspects) & set(form.concomitants):
        raise refusals.Invalid(_("同一药品不能既是怀疑药品又是并用药品。"), "concomitants")
    _require_codes(form)
    if form.outcome == "died" and "death" not in form.seriousness:
        raise refusals.Invalid(_("结果为死亡的，严重程度须包含“导致死亡”。"), "seriousness")
    if form.onset > now() or form.known_at > now() or form.known_at < form.onset:
        raise refusals.Invalid(_("发生时间不能晚于获知时间，也不能在将来。"), "onset")
    if form.group is not None and not Group.objects.filter(pk=form.group).exists():
        raise refusals.Invalid(_("没有这个群体事件。"), "group")
    return given


def _require_codes(form: Form) -> None:
    """What is chosen from lists stands in them, and the words say something. Raises Invalid."""
    if not form.terms or not all(codes.known("reaction", code) for code in form.terms):
        raise refusals.Invalid(_("请至少选择一种反应。"), "terms")
    if not written.line(form.words[:200], field="words").strip():
        raise refusals.Invalid(_("请描述反应的过程。"), "words")
    if not all(codes.known("seriousness", code) for code in form.seriousness):
        raise refusals.Invalid(_("请选择严重程度的依据。"), "seriousness")
    for name in LISTS:
        if not codes.known(name, getattr(form, name)):
            raise refusals.Invalid(_("请从列表中选择。"), name)
