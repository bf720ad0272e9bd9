"""The demo's store: places, suppliers, a month of trade, and work that waits on each of its screens."""

from datetime import timedelta
from decimal import Decimal

from luodi.simulator.crew import Crew
from luodi.stock import actions as stock
from luodi.stock import queries as store
from luodi.stock.actions import Arrived, OrderWish
from luodi.trust import clock
from luodi.trust.clock import today

GOODS = ("M0565", "M0572", "M0306", "M0105", "M0001", "M0010", "M0020", "M0030")
PRICES = tuple(Decimal(fen) / 100 for fen in (35, 28, 120, 260, 85, 410, 66, 1850))
PAR = (("M0565", 20), ("M0001", 10))


def founded(crew: Crew) -> None:
    """Places and suppliers, and a first delivery to the central store, weeks before today."""
    head = crew("pharmhead1")
    sto, pha, cabinet = crew.unit("STO"), crew.unit("PHA"), crew.unit("W1C")
    stock.set_place(head, sto, "central")
    stock.set_place(head, pha, "pharmacy")
    stock.set_place(head, cabinet, "cabinet", crew.unit("W1"))
    supplier = stock.new_supplier(crew("buyer1"), "演示医药公司甲")
    stock.new_supplier(crew("buyer1"), "演示医药公司乙")
    goods = [_goods(medicine, "600", price) for medicine, price in zip(GOODS, PRICES, strict=True)]
    stock.inspect(crew("store2"), supplier, [*goods, _goods(GOODS[0], "90", PRICES[0], 200, "SN")])
    for medicine in GOODS:
        stock.set_levels(head, sto, medicine, Decimal(100), Decimal(800))
    for medicine, par in PAR:
        stock.set_levels(head, cabinet, medicine, Decimal(par) / 2, Decimal(par))


def delivered(medicine: str) -> str:
    """The lot number that the first delivery of a medicine brought, "" where none did."""
    return f"S1-{medicine}" if medicine in GOODS else ""


def _goods(medicine: str, qty: str, price: Decimal, days: int = 700, lot: str = "S1") -> Arrived:
    amount = Decimal(qty)
    expiry = today() + timedelta(days=days)
    return Arrived(medicine, f"{lot}-{medicine}", expiry, amount, amount, price, certificate="合格", place="K-01")


def at_work(crew: Crew) -> None:
    """What the demo opens with: orders in several states, transfers, a stocktake that is being counted."""
    sto, pha, cabinet = crew.unit("STO"), crew.unit("PHA"), crew.unit("W1C")
    buyer, keeper = crew("buyer1"), crew("store2")
    with clock.at(clock.now() - timedelta(days=3)):
        crew_then = Crew()
        for each in (0, 1, 2):
            pk = stock.ask(crew_then("store1"), sto, [(medicine, Decimal(170 + each)) for medicine in GOODS[:4]])
            stock.send(crew_then("store2"), pk, dict.fromkeys(GOODS[:4], Decimal(170)), rev=0)
            if each < 2:
                _received(crew_then, pk)
        refill = stock.refill(crew_then("nurse1"), cabinet, sto, [(m, Decimal(par)) for m, par in PAR])
    stock.send(keeper, refill, {medicine: Decimal(par) for medicine, par in PAR}, rev=0)
    stock.ask(crew("store1"), sto, [(GOODS[4], Decimal(60)), (GOODS[5], Decimal(40))])
    (supplier, _name), *_rest = store.suppliers()
    for state in range(3):
        wishes = [OrderWish(GOODS[state + n], Decimal(300), PRICES[state + n]) for n in range(2)]
        pk = stock.draft_order(buyer, supplier, wishes)
        if state:
            stock.submit_order(buyer, pk, rev=0)
        if state > 1:
            stock.approve_order(crew("approver1"), pk, rev=1)
            stock.send_order(buyer, pk, rev=2)
    stock.open_stocktake(keeper)
    stock.open_stocktake(crew("store1"), "A-01", unit=pha)


def _received(crew: Crew, pk: int) -> None:
    arrived = {row.pk: row.on_way for row, _drug in store.cargo(pk)}
    stock.receive_transfer(crew("store1"), pk, arrived, rev=1)
