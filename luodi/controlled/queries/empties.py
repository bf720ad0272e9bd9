"""What must come back, and what is left of opened ampoules."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from luodi.controlled.leftover import amounts
from luodi.controlled.models import Issue, Owed, Residue
from luodi.controlled.refusals import BadEntry
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust.clock import now


@dataclass(frozen=True, slots=True)
class OwedCard:
    """Empties of one issue that are still out."""

    pk: int
    kind: str
    left: int
    qty: int
    due: datetime
    overdue: bool
    number: str
    lot_no: str
    patient: Any
    drug: Any


@dataclass(frozen=True, slots=True)
class ResidueCard:
    """One given dose that leaves a rest: amounts in `unit`."""

    issue: int
    task: int | None
    number: str
    patient: Any
    drug: Any
    at: datetime
    issued: Decimal
    given: Decimal
    unit: str

    @property
    def wasted(self) -> Decimal:
        return self.issued - self.given


def owed(unit: int) -> list[OwedCard]:
    """All that is out of what a unit issued, the longest due first."""
    return _cards(Owed.objects.filter(issue__unit=unit))


def owed_of(patient: int) -> list[OwedCard]:
    """All that a person has to bring back, all their records together."""
    return _cards(Owed.objects.filter(issue__patient__in=patients.whole(patient).records))


def _cards(rows: Any) -> list[OwedCard]:
    rows = rows.select_related("issue__lot", "issue__account").order_by("due", "pk")
    open_rows = [row for row in rows if row.returned < row.qty]
    cards = patients.cards(row.issue.patient_id for row in open_rows)
    return [
        OwedCard(
            row.pk, row.kind, row.qty - row.returned, row.qty, row.due, row.due < now(), row.issue.number,
            row.issue.lot.lot_no, cards.get(row.issue.patient_id), terms.medicine(row.issue.account.medicine),
        )
        for row in open_rows
    ]  # fmt: skip


def residues(unit: int) -> list[ResidueCard]:
    """Doses given in a unit within two days whose rest was not yet destroyed; of outpatients, what was handed over."""
    rows = Issue.objects.filter(ordered_in=unit, at__gte=now() - timedelta(days=2), owed__kind="ampoule")
    found: list[ResidueCard] = []
    done = set(Residue.objects.filter(issue__in=rows).values_list("issue__line", "task"))
    told: set[tuple[int, int | None]] = set()
    for row in rows.select_related("account").order_by("pk"):
        for task, line in _doses(row):
            if (row.line_id, task) in done | told:
                continue
            told.add((row.line_id, task))
            found += _left(row, task, line)
    return found


def _doses(row: Issue) -> list[tuple[int | None, Any]]:
    card = prescriptions.prescription(row.prescription_id)
    if not card.bedside:
        return [(None, line) for line in card.lines if line.pk == row.line_id]
    return [
        (task.pk, task.line)
        for task in prescriptions.tasks(row.prescription_id)
        if task.line.pk == row.line_id and task.step == Step.ADMINISTERED
    ]


def _left(row: Issue, task: int | None, line: Any) -> list[ResidueCard]:
    try:
        issued, given, unit = amounts(line, row.account.medicine)
    except BadEntry:
        return []
    if issued <= given:
        return []
    card = patients.card(row.patient_id)
    drug = terms.medicine(row.account.medicine)
    return [ResidueCard(row.pk, task, row.number, card, drug, row.at, issued, given, unit)]
