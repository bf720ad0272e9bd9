"""专册: what was given to whom, opened for whoever may read it; every reading is recorded by the screen."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from luodi.controlled.models import Issue
from luodi.controlled.queries.books import span
from luodi.controlled.register import FIELD
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import people


@dataclass(frozen=True, slots=True)
class IssueCard:
    """One row of the register."""

    pk: int
    seq: int
    at: datetime
    number: str
    record: int
    patient: Any = field(repr=False)
    id_no: str = field(repr=False)
    agent: str = field(repr=False)
    agent_id: str = field(repr=False)
    diagnosis: str = field(repr=False)
    department: str = ""
    drug: Any = None
    qty: Decimal = Decimal(0)
    lot_no: str = ""
    prescriber: str = ""
    dispenser: str = ""
    checker: str = ""
    hander: str = ""


def issues(unit: int, month: date) -> list[IssueCard]:
    """The register of a unit in the month of a day, in order."""
    start, end = span(month)
    rows = list(
        Issue.objects.filter(unit=unit, at__gte=start, at__lt=end).select_related("lot", "account").order_by("seq")
    )
    opened = patients.open_many((row.patient_id, row.sealed, FIELD) for row in rows)
    cards = patients.cards(row.patient_id for row in rows)
    staff = {p for row in rows for p in (row.prescriber_id, row.dispenser_id, row.checker_id, row.hander_id)}
    names, units = people.names(staff), people.unit_names({row.ordered_in_id for row in rows})
    return [
        IssueCard(
            row.pk, row.seq, row.at, row.number, row.patient_id, cards.get(row.patient_id), words["id_no"],
            words["agent"], words["agent_id"], words["diagnosis"], units.get(row.ordered_in_id, ""),
            terms.medicine(row.account.medicine), row.qty, row.lot.lot_no, names.get(row.prescriber_id, ""),
            names.get(row.dispenser_id, ""), names.get(row.checker_id, ""), names.get(row.hander_id, ""),
        )
        for row, words in zip(rows, (json.loads(text) for text in opened), strict=True)
    ]  # fmt: skip
