"""Acts of the stock chain in any order, by threads and by a process that is killed."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from luodi.stock import actions as stock
from luodi.stock.models import Cargo, Lot, Sheet, Stocktake, Transfer
from luodi.trust.actor import Actor
from luodi.trust.refusal import Refusal
from tests.pharmacy.store import FAR

MEDICINES = ("M0565", "M0572")


class Crew(NamedTuple):
    """Who acts, and where. A tuple of plain values, so that another process can be told of it."""

    central: int
    pharmacy: int
    supplier: int
    keeper: Actor
    second: Actor
    dispensary: Actor
    approver: Actor

    @classmethod
    def told(cls, values: list[Any]) -> "Crew":
        return cls(*(Actor(*value) if isinstance(value, list) else value for value in values))


def _deliver(crew: Crew, rng: Random) -> None:
    qty = Decimal(rng.randrange(1, 400)) / 8
    price = Decimal(rng.randrange(1, 3000)) / 1000
    line = stock.Arrived(rng.choice(MEDICINES), rng.choice("AB"), FAR, qty, qty, price, certificate="1")
    stock.inspect(crew.keeper, crew.supplier, [line])


def _ask_and_send(crew: Crew, rng: Random) -> None:
    wants = {medicine: Decimal(rng.randrange(1, 90)) / 3 for medicine in MEDICINES}
    wants = {medicine: round(qty, 3) for medicine, qty in wants.items()}
    pk = stock.ask(crew.dispensary, crew.central, list(wants.items()))
    stock.send(crew.keeper, pk, wants, rev=0)


def _one(state: str, rng: Random) -> Transfer | None:
    rows = list(Transfer.objects.filter(state=state).order_by("pk")[:4])
    return rng.choice(rows) if rows else None


def _receive(crew: Crew, rng: Random) -> None:
    if row := _one("sent", rng):
        less = rng.choice([0, 0, 1])
        arrived = {c.pk: max(c.on_way - less, Decimal(0)) for c in Cargo.objects.filter(transfer=row)}
        stock.receive_transfer(crew.dispensary, row.pk, arrived, rev=row.rev, reason="少")


def _settle(crew: Crew, rng: Random) -> None:
    if row := _one("differs", rng):
        stock.settle(crew.approver, row.pk, rng.choice(["found", "returned", "lost"]), "查清", rev=row.rev)


def _cancel(crew: Crew, rng: Random) -> None:
    if row := _one("sent", rng):
        stock.cancel_transfer(crew.keeper, row.pk, "取消", rev=row.rev)


def _adjust(crew: Crew, rng: Random) -> None:
    by = rng.choice([crew.keeper, crew.dispensary])
    lots = list(Lot.objects.filter(unit=by.unit, on_hand__gt=0).order_by("pk"))
    if lots:
        lot = rng.choice(lots)
        reason = rng.choice(["routine", "damaged", "found"])
        stock.adjust(
            by,
            lot.pk,
            round(lot.on_hand * rng.randrange(0, 12) / 10, 3),
            reason,
            rev=lot.rev,
            beside=crew.approver.staff,
        )


def _stocktake(crew: Crew, rng: Random) -> None:
    with suppress(Refusal):
        stock.open_stocktake(crew.keeper)
    for sheet in Sheet.objects.filter(stocktake__state__in=["counting", "recounting"]).select_related("lot"):
        by = crew.keeper if sheet.stocktake.state == "counting" else crew.second
        with suppress(Refusal):
            counted = max(sheet.lot.on_hand + rng.choice([-1, 0, 0, 1]), Decimal(0))
            stock.tally(by, sheet.pk, counted, seen=sheet.lot.rev)
    row = Stocktake.objects.filter(state__in=["counting", "recounting"]).first()
    if row:
        stock.submit_stocktake(crew.keeper, row.pk, rev=row.rev)
    row = Stocktake.objects.filter(state="submitted").first()
    if row:
        stock.approve_stocktake(crew.approver, row.pk, rev=row.rev)


ACTS: tuple[Callable[[Crew, Random], None], ...] = (
    _deliver, _deliver, _ask_and_send, _ask_and_send, _receive, _receive, _settle, _cancel, _adjust, _stocktake,
)  # fmt: skip


def work(crew: Crew, seed: int, turns: int) -> int:
    """Do so many acts; a refusal is an answer. Returns how many were done."""
    rng, done = Random(seed), 0
    for _turn in range(turns):
        with suppress(Refusal):
            rng.choice(ACTS)(crew, rng)
            done += 1
    return done
