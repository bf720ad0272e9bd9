"""Publish a period's report, export it, decide what follows, and look at the doctors' volumes."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.commentary import consequences, drawing, figures, refusals
from luodi.commentary.consequences import Judgement, Suggested
from luodi.commentary.judged import Stands, load
from luodi.commentary.models import Case, Decision, Proposal, ProposalCase, Report, Sample
from luodi.commentary.population import Span
from luodi.orders import facts as orders
from luodi.trust import canonical, clock, ledger, once, policy
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

EXTRAORDINARY = "extraordinary"
FORMS = ("pdf", "csv")
PURPOSES = {
    "quality": _("质量管理"),
    "supply": _("供应保障"),
    "inspection": _("上级检查"),
    "complaint": _("投诉核查"),
}


class Computed(NamedTuple):
    """A report before it is written."""

    span: Span
    head: int
    body: dict[str, Any]
    suggested: dict[int, Suggested]


def _computed(by: Actor, first: date, last: date) -> Computed:
    span = Span.of(first, last)
    _require_ready(span)
    ledger.seal()
    anchor = ledger.anchor()
    return Computed(span, anchor.head, figures.body(anchor.head, anchor.digest, span), _suggested(span, anchor.head))


def _require_ready(span: Span) -> None:
    samples = Sample.objects.filter(start=span.start, end=span.end)
    if not samples:
        raise refusals.NotReady(message=_("这段期间没有样本。"), next=_("请先抽样。"))
    if Report.objects.filter(start=span.start, end=span.end).exists():
        raise refusals.Done
    moment = clock.now()
    cases = load(Case.objects.filter(sample__in=samples))
    unfinished = sum(one.stands(moment) is not Stands.CLOSED for one in cases)
    if unfinished:
        raise refusals.NotReady(
            message=format_lazy(_("还有 {n} 例没有完成，不能发布。"), n=unfinished), facts={"open": unfinished}
        )


def _suggested(span: Span, head: int) -> dict[int, Suggested]:
    """By doctor: what the judged cases suggest, those of the months that count or since the last accepted warning."""
    since = span.end - timedelta(days=31 * policy.number("commentary_count_months"))
    cases = load(
        Case.objects.as_of(head)
        .filter(prescriber__isnull=False, dated__gte=since, dated__lt=span.end)
        .order_by("dated", "pk"),
        head,
    )
    warned = _warned()
    found: dict[int, Suggested] = {}
    for doctor in sorted({one.case.prescriber_id for one in cases if one.case.prescriber_id}):
        before = warned.get(doctor)
        history = [
            Judgement(one.case.pk, one.verdict == EXTRAORDINARY)
            for one in cases
            if one.case.prescriber_id == doctor and one.verdict and _counts(one.case, before)
        ]
        suggested = consequences.suggest(
            history, warned=before is not None, warn_at=policy.number("commentary_warn_count"),
            cancel_at=policy.number("commentary_cancel_count"),
        )  # fmt: skip
        if suggested:
            found[doctor] = suggested
    return found


def _counts(case: Case, before: tuple[datetime, frozenset[int]] | None) -> bool:
    """Whether a case counts after the last accepted warning: signed later, and not one that it rested on."""
    return before is None or (case.dated > before[0] and case.pk not in before[1])


def _warned() -> dict[int, tuple[datetime, frozenset[int]]]:
    """By doctor: when the last warning was accepted, and the cases it rested on."""
    rows = Decision.objects.filter(accepted=True, proposal__step=Proposal.Step.WARN).select_related("proposal")
    found: dict[int, tuple[datetime, frozenset[int]]] = {}
    for row in rows.order_by("pk"):
        cases = frozenset(row.proposal.cases.values_list("case", flat=True))
        found[row.proposal.doctor_id] = (row.at, cases)
    return found


@act("commentary.publish", may="commentary.publish", prepare=_computed)
def publish(by: Actor, first: date, last: date, *, prepared: Computed | None = None) -> int:
    """Freeze the report of the samples drawn from first … last, computed as of the head sealed now. Returns its pk.

    Raises NotReady while a case is open or none was drawn, Done where it was published before.
    """
    made = cast(Computed, prepared)
    _require_ready(made.span)
    report = Report.objects.create(
        start=made.span.start, end=made.span.end, head=made.head, body=canonical.text(made.body), staff_id=by.staff,
        at=clock.now(),
    )  # fmt: skip
    about("commentary_report", report.pk)
    for doctor, suggested in made.suggested.items():
        proposal = Proposal.objects.create(report=report, doctor_id=doctor, step=suggested.step)
        ProposalCase.objects.bulk_create(ProposalCase(proposal=proposal, case_id=case) for case in suggested.cases)
    evidence(head=made.head, rows=len(made.body["rows"]), verdicts=made.body["verdicts"], proposals=len(made.suggested))
    return report.pk


@act("commentary.export", may="commentary.export")
def export(by: Actor, report: int, form: str) -> None:
    """Note that the report leaves the house as a file. form: pdf | csv. Raises NotFound."""
    if form not in FORMS or not Report.objects.filter(pk=report).exists():
        raise refusals.NotFound
    about("commentary_report", report)
    evidence(form=form)


@act("commentary.decide", may="commentary.decide")
def decide(by: Actor, proposal: int, *, accepted: bool, reason: str, idempotency: str = "") -> int:
    """Decide on a proposal, with the reason. Rights are changed by whoever grants them, never by this.

    Raises NotFound, BadComment without a reason, Done for a second decision.
    """
    held = Proposal.objects.filter(pk=proposal).first()
    if held is None:
        raise refusals.NotFound
    about("commentary_proposal", held.pk)
    if not reason.strip():
        raise refusals.BadComment(message=_("决定须写明理由。"), next=_("请写明理由后再提交。"))
    if held.doctor_id == by.staff:
        raise refusals.BadComment(message=_("不能决定自己的事项。"), next=_("请由另一位负责人决定。"))
    if Decision.objects.filter(proposal=held).exists():
        raise refusals.Done
    made = Decision.objects.create(
        proposal=held, accepted=accepted, reason=reason.strip()[:500], staff_id=by.staff, at=clock.now(),
        idempotency=once.token(idempotency),
    )  # fmt: skip
    evidence(doctor=held.doctor_id, step=held.step, accepted=accepted)
    return made.pk


class Volume(NamedTuple):
    """What one doctor signed in a period."""

    doctor: int
    prescriptions: int
    drugs: int
    antibacterial: int
    injection: int


@act("commentary.volumes", may="commentary.doctors")
def volumes(by: Actor, first: date, last: date, purpose: str) -> list[Volume]:
    """Prescribing by doctor: a reading that leaves an entry with its purpose, against promotion by numbers (防统方).

    purpose: a key of PURPOSES. Raises BadComment for none, or dates in the wrong order.
    """
    about("commentary_volumes", 0)
    if purpose not in PURPOSES or first > last:
        raise refusals.BadComment(message=_("查看须选明用途，日期须有先后。"), next=_("请填写后再查看。"))
    sheets = orders.sheets(ledger.head(), Span.of(first, last))
    evidence(first=first, last=last, purpose=purpose)
    return [_volume(doctor, sheets) for doctor in sorted({sheet.prescriber for sheet in sheets})]


def _volume(doctor: int, sheets: list[orders.SheetFact]) -> Volume:
    mine = [sheet for sheet in sheets if sheet.prescriber == doctor]
    lines = [line for sheet in mine for line in sheet.lines]
    return Volume(
        doctor, len(mine), len({line.medicine for line in lines}),
        sum(any(drawing.antibacterial(line) for line in sheet.lines) for sheet in mine),
        sum(any(drawing.injection(line) for line in sheet.lines) for sheet in mine),
    )  # fmt: skip
