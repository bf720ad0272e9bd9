"""Published reports, and what they propose."""

import json
from dataclasses import dataclass
from typing import Any

from luodi.commentary import figures, refusals
from luodi.commentary.models import Decision, Proposal, Report
from luodi.commentary.population import Span
from luodi.trust import ledger, people


@dataclass(frozen=True)
class ReportCard:
    """A published report with its frozen body."""

    row: Report
    span: Span
    body: dict[str, Any]
    publisher: str


@dataclass(frozen=True)
class ProposalCard:
    """A proposal with the doctor's name, how many cases it rests on, and the decision if there is one."""

    row: Proposal
    doctor: str
    span: Span
    cases: tuple[int, ...]
    decision: Decision | None
    by: str


def reports(limit: int = 24) -> list[ReportCard]:
    """The newest reports first."""
    return [_card(row) for row in Report.objects.order_by("-pk")[:limit]]


def report(pk: int) -> ReportCard:
    """One report. Raises NotFound."""
    row = Report.objects.filter(pk=pk).first()
    if row is None:
        raise refusals.NotFound
    return _card(row)


def _card(row: Report) -> ReportCard:
    return ReportCard(row, Span(row.start, row.end), json.loads(row.body), people.name(row.staff_id))


def recomputed(pk: int) -> dict[str, Any]:
    """The body computed again as of the report's own head. Raises NotFound."""
    card = report(pk)
    return figures.body(card.row.head, ledger.anchor(card.row.head).digest, card.span)


def proposals() -> list[ProposalCard]:
    """Undecided proposals first, then the newest."""
    rows = list(Proposal.objects.select_related("report", "decision").order_by("-pk"))
    cards = _proposals(rows)
    return sorted(cards, key=lambda card: card.decision is not None)


def proposal(pk: int) -> ProposalCard:
    """One proposal. Raises NotFound."""
    found = _proposals(list(Proposal.objects.filter(pk=pk).select_related("report", "decision")))
    if not found:
        raise refusals.NotFound
    return found[0]


def _proposals(rows: list[Proposal]) -> list[ProposalCard]:
    decided = {row.pk: getattr(row, "decision", None) for row in rows}
    staff = {row.doctor_id for row in rows} | {made.staff_id for made in decided.values() if made}
    names = people.names(staff)
    return [
        ProposalCard(
            row, names.get(row.doctor_id, ""), Span(row.report.start, row.report.end),
            tuple(row.cases.order_by("pk").values_list("case", flat=True)), made := decided[row.pk],
            names.get(made.staff_id, "") if made else "",
        )
        for row in rows
    ]  # fmt: skip
