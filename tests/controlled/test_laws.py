"""Laws of controlled drugs, on both engines: the book is the shelf, by two, once, and never half-written."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from luodi.controlled import actions, queries
from luodi.controlled.actions.reckoning import Tally
from luodi.controlled.models import Account, BookLine, Empty, Issue, Owed
from luodi.pharmacy import actions as pharmacy
from luodi.stock import actions as stock
from luodi.stock.models import Lot, Movement
from luodi.stock.refusals import StockShort
from luodi.trust.refusal import Refusal
from tests.controlled.vault import MORPHINE, SHOWN, SLOW, Vault, agree
from tests.pharmacy.store import FAR
from tests.pharmacy.test_laws import together

pytestmark = pytest.mark.law


def prepared(vault: Vault, rx: int, rev: int) -> None:
    with vault.with_second(vault.dispenser):
        pharmacy.prepare(vault.dispenser, rx, rev=rev)


def handed(vault: Vault, rx: int, rev: int) -> None:
    pharmacy.hand_over(vault.checker, rx, rev=rev, asked=("name", "id_card"), shown=SHOWN)


def received(vault: Vault, lot_no: str) -> None:
    with vault.with_second(vault.keeper):
        stock.receive(vault.keeper, "M0458", lot_no, FAR, Decimal(6))


def test_the_balance_is_the_stock_while_many_issue_and_receive(open_vault: Vault) -> None:
    vault = open_vault
    for number in range(3):
        vault.lot("M0458", "6", f"L{number}")
    pks = [(rx, vault.rev(rx)) for rx in (vault.ready("outpatient", SLOW) for _turn in range(5))]
    jobs = [lambda rx=rx, rev=rev: prepared(vault, rx, rev) for rx, rev in pks]
    answers = together([*jobs, lambda: received(vault, "N1"), lambda: received(vault, "N2")])
    assert all(isinstance(answer, StockShort) for answer in answers if isinstance(answer, Refusal))
    assert agree()
    assert Account.objects.count() == 1
    assert list(BookLine.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, BookLine.objects.count() + 1)
    )


def test_a_book_is_opened_once_by_two_first_receipts(open_vault: Vault) -> None:
    together([lambda n=n: received(open_vault, f"F{n}") for n in range(4)])
    assert Account.objects.get().balance == 24
    assert agree()


def test_an_ampoule_comes_back_once_however_many_bring_it(open_vault: Vault) -> None:
    vault = open_vault
    vault.lot("M0457")
    vault.handed(MORPHINE, visit_class="inpatient")
    owed = Owed.objects.get()

    def bring() -> int:
        with vault.with_second(vault.keeper):
            return actions.take_back(vault.keeper, owed.pk, 2, "A1")

    answers = together([bring] * 4)
    assert sum(isinstance(answer, Refusal) for answer in answers) == 3
    assert Owed.objects.get().returned == 2 == Account.objects.get().empties
    assert Empty.objects.count() == 1


def test_a_mismatch_and_an_issue_at_once_never_pass_each_other(open_vault: Vault) -> None:
    vault = open_vault
    vault.lot("M0458")
    rx = vault.ready("outpatient", SLOW)
    rev, (card,) = vault.rev(rx), queries.accounts(vault.units["PHA"])

    def count() -> list[int]:
        with vault.with_second(vault.keeper):
            return actions.reconcile(vault.keeper, "daily", [Tally(card.pk, Decimal(3), 0, card.seen)])

    counted, issued = together([count, lambda: prepared(vault, rx, rev)])
    codes = {answer.code for answer in (counted, issued) if isinstance(answer, Refusal)}
    assert codes in ({"controlled_moved"}, {"controlled_blocked"})
    assert agree()


@pytest.mark.parametrize("where", ["book._line", "register._enter"])
def test_a_kill_in_the_middle_leaves_nothing(vault: Vault, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.lot("M0458")
    late = where.startswith("register")
    rx = vault.checked(SLOW) if late else vault.ready("outpatient", SLOW)
    before = (Movement.objects.count(), BookLine.objects.count(), Lot.objects.get().on_hand, vault.step(rx))

    def broken(*_args: object) -> None:
        raise RuntimeError("power lost")

    monkeypatch.setattr(f"luodi.controlled.{where}", broken)
    with pytest.raises(RuntimeError):
        (handed if late else prepared)(vault, rx, vault.rev(rx))
    assert (Movement.objects.count(), BookLine.objects.count(), Lot.objects.get().on_hand, vault.step(rx)) == before
    assert not Issue.objects.exists()
    assert agree()


def test_the_database_itself_refuses_one_person_and_less_than_nothing(vault: Vault) -> None:
    vault.lot("M0457")
    row = BookLine.objects.get()
    for change in ({"second_id": row.first_id}, {"balance": Decimal(-1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BookLine.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.update(balance=Decimal("-0.001"))
    vault.handed(MORPHINE, visit_class="inpatient")
    with pytest.raises(IntegrityError), transaction.atomic():
        Owed.objects.update(returned=4)
