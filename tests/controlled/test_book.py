"""专用账册: no movement without two persons and a line; a line that was changed afterwards is found."""

from datetime import timedelta
from decimal import Decimal

import pytest

from luodi.controlled import book, duties
from luodi.controlled.models import Account, BookLine
from luodi.controlled.two import countersigned
from luodi.pharmacy import actions as pharmacy
from luodi.stock import actions as stock
from luodi.stock.models import Lot, Movement
from luodi.trust import clock
from luodi.trust import vault as keys
from luodi.trust.models import Entry
from tests.controlled.vault import MORPHINE, PASSWORD, SLOW, Vault, agree
from tests.orders.place import refused
from tests.pharmacy.store import FAR, MONDAY


def test_goods_come_in_by_two_and_make_a_signed_line(vault: Vault) -> None:
    lot = vault.lot("M0457")
    row = BookLine.objects.get()
    assert (row.lot_id, row.kind, row.qty, row.balance, row.other) == (lot, "receipt", 20, 20, "医药公司")
    assert (row.first_id, row.second_id) == (vault.keeper.staff, vault.other.staff)
    for key, value in ((row.first_key, row.first_value), (row.second_key, row.second_value)):
        assert keys.verify_signature(key, bytes(row.message), bytes(value))
    assert row.first_key != row.second_key
    assert agree()


@pytest.mark.parametrize("act", ["receive", "open_stock", "adjust", "prepare", "unprepare"])
def test_no_door_of_the_store_goes_past_the_book(vault: Vault, act: str) -> None:
    lot = vault.lot("M0457")
    rx = vault.checked(MORPHINE, visit_class="inpatient")
    fresh = vault.ready("inpatient", MORPHINE)
    before = Movement.objects.count()
    approver = vault.store.also("stock_approver").staff
    doors = {
        "receive": lambda: stock.receive(vault.keeper, "M0457", "B", FAR, Decimal(5)),
        "open_stock": lambda: stock.open_stock(vault.keeper, [stock.Receipt("M0458", "B", FAR, Decimal(5))]),
        "adjust": lambda: stock.adjust(
            vault.keeper, lot, Decimal(1), "lost", rev=Lot.objects.get(pk=lot).rev, beside=approver
        ),
        "prepare": lambda: pharmacy.prepare(vault.dispenser, fresh, rev=vault.rev(fresh)),
        "unprepare": lambda: pharmacy.unprepare(vault.dispenser, rx, "damaged", rev=vault.rev(rx)),
    }
    with refused("second_missing"):
        doors[act]()
    assert Movement.objects.count() == before
    assert agree()


def test_other_medicines_need_nobody(vault: Vault) -> None:
    vault.store.lot("M0565")
    assert not BookLine.objects.exists()


def test_the_second_is_another_with_a_password_and_a_right(vault: Vault) -> None:
    with refused("second_credentials"), countersigned(vault.keeper, "other", "wrong"):
        pytest.fail("a wrong password lets nobody in")
    with refused("second_same"), countersigned(vault.keeper, "keeper", PASSWORD):
        pytest.fail("nobody is their own second")
    from django.contrib.auth.hashers import make_password

    from tests.ward.scene import hire

    hire("clerk", "registrar", vault.units["PHA"], make_password(PASSWORD))
    with refused("second_post"), countersigned(vault.keeper, "clerk", PASSWORD):
        pytest.fail("a post without the right is no second")
    assert PASSWORD not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_a_second_does_not_outlive_the_block_nor_serve_another(vault: Vault) -> None:
    with countersigned(vault.keeper, "other", PASSWORD), refused("second_missing"):
        stock.receive(vault.store.keeper, "M0457", "B", FAR, Decimal(5))
    with refused("second_missing"):
        stock.receive(vault.keeper, "M0457", "B", FAR, Decimal(5))


def test_a_second_with_a_phone_shows_its_code(vault: Vault) -> None:
    import pyotp

    from luodi.trust import actions as trust

    secret = pyotp.random_base32()
    moment = clock.now().timestamp()
    trust.enrol_second_factor(vault.other, secret, pyotp.TOTP(secret).at(moment))
    with refused("second_code"), countersigned(vault.keeper, "other", PASSWORD):
        pytest.fail("a code is asked")
    with clock.at(MONDAY + timedelta(minutes=2)):
        code = pyotp.TOTP(secret).at(clock.now().timestamp())
        with countersigned(vault.keeper, "other", PASSWORD, code):
            stock.receive(vault.keeper, "M0457", "B", FAR, Decimal(5))
        with refused("second_code"), countersigned(vault.keeper, "other", PASSWORD, code):
            pytest.fail("a code serves once")


def test_an_issue_and_its_way_back_are_lines_with_the_prescription(vault: Vault) -> None:
    vault.lot("M0458")
    rx = vault.ready("outpatient", SLOW)
    with vault.with_second(vault.dispenser):
        pharmacy.prepare(vault.dispenser, rx, rev=vault.rev(rx))
    with vault.with_second(vault.dispenser):
        pharmacy.unprepare(vault.dispenser, rx, "damaged", rev=vault.rev(rx))
    rows = list(BookLine.objects.order_by("seq").values_list("kind", "qty", "balance"))
    assert rows == [("receipt", 20, 20), ("dispense", -6, 14), ("return", 6, 20)]
    from luodi.orders import queries as prescriptions

    number = prescriptions.prescription(rx).number
    assert list(BookLine.objects.order_by("seq").values_list("document", flat=True))[1:] == [number, number]
    assert agree()


def test_a_difference_is_no_matter_of_a_stocktake(vault: Vault) -> None:
    lot = vault.lot("M0457")
    approver = vault.store.also("stock_approver").staff
    with refused("controlled_adjust"), vault.with_second(vault.keeper):
        stock.adjust(vault.keeper, lot, Decimal(19), "lost", rev=Lot.objects.get(pk=lot).rev, beside=approver)
    with vault.with_second(vault.keeper):
        stock.adjust(vault.keeper, lot, Decimal(19), "expired", rev=Lot.objects.get(pk=lot).rev, beside=approver)
    assert Account.objects.get().balance == 19


def test_a_book_opened_late_carries_what_lay_there(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr("luodi.stock.keeping._keepers", [])
        stock.receive(vault.keeper, "M0457", "OLD", FAR, Decimal(7))
    assert not Account.objects.exists()
    vault.lot("M0457")
    assert list(BookLine.objects.order_by("seq").values_list("kind", "balance")) == [("carried", 7), ("receipt", 27)]
    assert agree()


@pytest.mark.parametrize("column", ["qty", "balance", "digest", "message"])
def test_a_line_changed_afterwards_breaks_the_chain(vault: Vault, column: str) -> None:
    for number in range(3):
        vault.lot("M0457", lot_no=f"L{number}")
    account = Account.objects.get()
    assert book.intact(account.pk)
    value = {"qty": Decimal(1), "balance": Decimal(1), "digest": "0" * 64, "message": b"{}"}[column]
    BookLine.objects.filter(seq=2).update(**{column: value})
    assert not book.intact(account.pk)


def test_duties_are_dated() -> None:
    assert duties.of_class("narcotic", MONDAY.date()).two_persons  # type: ignore[union-attr]
    assert duties.of_class("narcotic", MONDAY.date().replace(year=2004)) is None
    assert not duties.of_class("toxic", MONDAY.date()).ledger  # type: ignore[union-attr]
    assert duties.of_class("psych2", MONDAY.date()) is None
