"""A pharmacy with a keeper and a head of its controlled drugs, and passwords for the second person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password

from luodi.controlled.models import Account, BookLine
from luodi.controlled.register import Shown
from luodi.controlled.two import countersigned
from luodi.pharmacy import actions as pharmacy
from luodi.stock import actions as stock
from luodi.stock.models import Lot
from luodi.trust.actor import Actor
from tests.orders.place import wish
from tests.pharmacy.store import FAR, Store, furnished
from tests.ward.scene import hire

PASSWORD = "correct-horse-7"
MORPHINE = wish("M0457", "10", "mg", "q8h", "1", route="sc")  # an ampoule of 10 mg a dose
HALF = wish("M0457", "5", "mg", "q8h", "1", route="sc")  # half an ampoule a dose
ONCE = wish("M0457", "5", "mg", "st", "1", route="sc")  # half an ampoule, here
SLOW = wish("M0458", "30", "mg", "q12h", "3")  # six tablets
PATCH = wish("M0462", "4.2", "mg", "q72h", "3", route="td")
ID_NO = "11010519491231002X"
SHOWN = Shown(ID_NO)


@dataclass
class Vault:
    """`store` is the pharmacy; `keeper` and `other` keep its controlled drugs, `head` resolves."""

    store: Store
    keeper: Actor
    other: Actor
    head: Actor

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["store"], name)

    @contextmanager
    def with_second(self, by: Actor, **more: Any) -> Iterator[None]:
        with countersigned(by, "other", PASSWORD, **more):
            yield

    def lot(self, medicine: str, qty: str = "20", lot_no: str = "A1") -> int:
        with self.with_second(self.keeper, other="医药公司"):
            return stock.receive(self.keeper, medicine, lot_no, FAR, Decimal(qty), place="M-01")

    def checked(self, *lines: Any, visit_class: str = "outpatient") -> int:
        """A prescription that was prepared by two and checked."""
        rx = self.store.ready(visit_class, *lines)
        with self.with_second(self.dispenser):
            pharmacy.prepare(self.dispenser, rx, rev=self.rev(rx))
        pharmacy.check(self.checker, rx, self.codes(rx), rev=self.rev(rx))
        return rx

    def handed(self, *lines: Any, visit_class: str = "outpatient", shown: Shown = SHOWN) -> int:
        rx = self.checked(*lines, visit_class=visit_class)
        asked = ("name", "id_card")
        pharmacy.hand_over(self.checker, rx, rev=self.rev(rx), asked=asked, shown=shown)
        return rx


def opened() -> Vault:
    store = furnished()
    unit = store.units["PHA"]
    secret = make_password(PASSWORD)
    return Vault(
        store,
        hire("keeper", "controlled_keeper", unit, secret),
        hire("other", "controlled_keeper", unit, secret),
        hire("head", "pharmacy_head", unit, secret),
    )


def agree() -> bool:
    """The law of the book: at every line and now, the balance is what the lots hold, and no line has one person."""
    for account in Account.objects.all():
        balance = Decimal(0)
        for row in BookLine.objects.filter(account=account).order_by("seq"):
            balance += row.qty
            assert row.balance == balance >= 0
            assert row.first_id != row.second_id
        held = sum(
            (lot.on_hand for lot in Lot.objects.filter(unit=account.unit, medicine=account.medicine)), Decimal(0)
        )
        assert account.balance == balance == held, (account.medicine, account.balance, balance, held)
    return True
