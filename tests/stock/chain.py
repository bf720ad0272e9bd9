"""A hospital with a central store, a pharmacy and a ward cabinet, and the people who buy, keep, count and approve."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from luodi.stock import actions as stock
from luodi.stock import costs
from luodi.stock.models import Account, Cargo, Lot, Movement, Order, Stocktake, Transfer
from luodi.trust import sessions
from luodi.trust.actor import Actor
from luodi.trust.models import Holding, Post, Staff, Unit
from tests.orders.place import BEGAN
from tests.pharmacy.store import AMBROXOL, FAR, LORATADINE, Store, furnished

OUTSIDE = ("opening", "receipt", "dispense", "return", "adjust", "waste", "use", "unuse")
ZERO = Decimal(0)


@dataclass
class Chain:
    """`central`, `pharmacy` and `cabinet` are units; the others are people at work."""

    store: Store
    central: int
    pharmacy: int
    cabinet: int
    keeper: Actor  # of the central store
    second: Actor  # another keeper there
    dispensary: Actor  # the keeper of the pharmacy
    buyer: Actor
    approver: Actor
    head: Actor
    nurse: Actor
    supplier: int

    def goods(
        self, medicine: str = AMBROXOL, qty: str = "100", price: str = "0.5", lot_no: str = "S1"
    ) -> stock.Arrived:
        amount = Decimal(qty)
        return stock.Arrived(medicine, lot_no, FAR, amount, amount, Decimal(price), certificate="合格")

    def deliver(self, medicine: str = AMBROXOL, qty: str = "100", price: str = "0.5", lot_no: str = "S1") -> int:
        stock.inspect(self.keeper, self.supplier, [self.goods(medicine, qty, price, lot_no)])
        return Lot.objects.get(unit=self.central, medicine=medicine, lot_no=lot_no).pk

    def asked(self, qty: str = "30", medicine: str = AMBROXOL) -> int:
        return stock.ask(self.dispensary, self.central, [(medicine, Decimal(qty))])

    def sent(self, qty: str = "30") -> int:
        pk = self.asked(qty)
        stock.send(self.keeper, pk, {AMBROXOL: Decimal(qty)}, rev=0)
        return pk

    def held(self, unit: int, medicine: str = AMBROXOL) -> Decimal:
        return sum(Lot.objects.filter(unit=unit, medicine=medicine).values_list("on_hand", flat=True), ZERO)


def _person(login: str, post: str, unit: int) -> Actor:
    staff = Staff.objects.create(login=f"s-{login}", name_zh=login, password="!", password_at=BEGAN, must_change=False)
    holding = Holding.objects.create(staff=staff, post=Post.objects.get(code=post), unit_id=unit, since=BEGAN)
    _token, row = sessions.begin(staff.pk, "test", second_factor=True, holding=holding.pk)
    return sessions.actor_of(row)


def linked() -> Chain:
    store = furnished()
    central, cabinet = (
        Unit.objects.create(code=code, name_zh=name, name_en=code, kind="store").pk
        for code, name in (("STO", "药库"), ("W1C", "一病区备药柜"))
    )
    pharmacy = store.units["PHA"]
    head, buyer = _person("head", "pharmacy_head", central), _person("buyer", "purchaser", central)
    for unit, kind, ward in (
        (central, "central", None),
        (pharmacy, "pharmacy", None),
        (cabinet, "cabinet", store.units["W1"]),
    ):
        stock.set_place(head, unit, kind, ward)
    return Chain(
        store, central, pharmacy, cabinet, _person("keeper", "stock_keeper", central),
        _person("second", "stock_keeper", central), store.keeper, buyer, _person("approver", "stock_approver", central),
        head, _person("nurse", "ward_nurse", store.units["W1"]), stock.new_supplier(buyer, "演示供应商"),
    )  # fmt: skip


def conserved() -> bool:
    """The law: what lies everywhere and what is on its way is what came from outside less what left the house."""
    on_hand = sum(Lot.objects.values_list("on_hand", flat=True), ZERO)
    on_way = sum(Cargo.objects.values_list("on_way", flat=True), ZERO)
    moved = Movement.objects.filter(kind__in=OUTSIDE)
    assert on_hand + on_way == sum(moved.values_list("qty", flat=True), ZERO)
    worth = sum(Account.objects.values_list("value", flat=True), ZERO)
    way = sum(Cargo.objects.values_list("value", flat=True), ZERO)
    assert costs.rounded(worth + way) == sum(moved.values_list("value", flat=True), ZERO)
    for lot in Lot.objects.all():
        assert lot.on_hand == sum(lot.movements.values_list("qty", flat=True), ZERO)
    for account in Account.objects.all():
        rows = Movement.objects.filter(lot__unit=account.unit_id, lot__medicine=account.medicine)
        assert account.qty == sum(rows.values_list("qty", flat=True), ZERO)
        assert account.value == sum(rows.values_list("value", flat=True), ZERO)
        assert account.qty or not account.value
    return True


__all__ = ["AMBROXOL", "FAR", "LORATADINE", "Chain", "Order", "Stocktake", "Transfer", "conserved", "date", "linked"]
