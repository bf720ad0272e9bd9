"""The account books of a unit."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from luodi.controlled import book
from luodi.controlled.models import Account, BookLine, Counted, Owed
from luodi.terms import queries as terms
from luodi.trust import people
from luodi.trust.clock import HOSPITAL_ZONE


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One account. `mismatch`: the open one; `missed`: a day was not reconciled; `out`: empties still owed."""

    pk: int
    medicine: str
    drug: Any
    balance: Decimal
    empties: int
    out: int
    seen: int
    mismatch: Counted | None
    missed: bool

    @property
    def name(self) -> str:
        return f"{self.drug.generic} {self.drug.strength}" if self.drug else self.medicine


class LineCard(NamedTuple):
    """One line of the book as it is printed; `came` and `went` are None on the other side."""

    at: datetime
    kind: str
    other: str
    document: str
    came: Decimal | None
    went: Decimal | None
    balance: Decimal
    lot_no: str
    expiry: date
    first: str
    second: str
    seq: int


class Page(NamedTuple):
    """A month of an account: what it began and ended with, and its lines."""

    before: Decimal
    came: Decimal
    went: Decimal
    after: Decimal
    lines: list[LineCard]


def accounts(unit: int) -> list[AccountCard]:
    """All accounts of a unit, by medicine."""
    rows = Account.objects.filter(unit=unit).select_related("mismatch__reconciliation").order_by("medicine")
    return [_card(row) for row in rows]


def account(unit: int, pk: int) -> AccountCard | None:
    """One account of a unit."""
    row = Account.objects.filter(unit=unit, pk=pk).select_related("mismatch__reconciliation").first()
    return _card(row) if row else None


def _card(row: Account) -> AccountCard:
    owed = Owed.objects.filter(issue__account=row).values_list("qty", "returned")
    return AccountCard(
        row.pk, row.medicine, terms.medicine(row.medicine), row.balance, row.empties,
        sum(qty - returned for qty, returned in owed), book.seen(row), row.mismatch, book.missed(row),
    )  # fmt: skip


def span(month: date) -> tuple[datetime, datetime]:
    """The month of a day, [start, end), in UTC."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    start, end = (datetime.combine(day, time(), HOSPITAL_ZONE).astimezone(UTC) for day in (first, after))
    return start, end


def months(today: date, count: int = 13) -> list[date]:
    """The first days of this month and those before it."""
    first, found = today.replace(day=1), []
    for _turn in range(count):
        found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def page(account: int, month: date) -> Page:
    """The lines of one month, the balance carried into it, and its totals."""
    start, end = span(month)
    rows = BookLine.objects.filter(account=account)
    before = rows.filter(at__lt=start).order_by("-seq").values_list("balance", flat=True).first() or Decimal(0)
    mine = list(rows.filter(at__gte=start, at__lt=end).select_related("lot").order_by("seq"))
    names = people.names({person for row in mine for person in (row.first_id, row.second_id)})
    lines = [
        LineCard(
            row.at, row.kind, row.other, row.document, row.qty if row.qty > 0 else None,
            -row.qty if row.qty < 0 else None, row.balance, row.lot.lot_no, row.lot.expiry,
            names.get(row.first_id, ""), names.get(row.second_id, ""), row.seq,
        )
        for row in mine
    ]  # fmt: skip
    came = sum((line.came for line in lines if line.came), Decimal(0))
    went = sum((line.went for line in lines if line.went), Decimal(0))
    return Page(before, came, went, lines[-1].balance if lines else before, lines)
