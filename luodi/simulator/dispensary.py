"""The pharmacy: review, return and second review, preparation, second check, hand-over, and what the store buys in."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from luodi.orders.loop import Step
from luodi.pharmacy import actions as pharmacy
from luodi.pharmacy import queries as shelves
from luodi.simulator import desk
from luodi.simulator.crew import minutes
from luodi.simulator.place import Hospital, Script
from luodi.simulator.seed import SCARCE
from luodi.stock import actions as stock
from luodi.stock import queries as store
from luodi.trust.actor import Actor
from luodi.trust.clock import today
from luodi.ward import actions as ward
from luodi.ward import leftover

RETURNED = 0.045
LEFT_OPEN = 0.25  # part of the returned ones whose doctor has not answered yet
NO_PICKUP = 0.02
TWICE = 40  # one hand-over in so many is confirmed a second time
OLD_GOODS = 3  # one delivery in so many has an expired box on top
GIVEN_BACK = 3  # packages
DELIVERY, LITTLE = Decimal(240), Decimal(40)  # in pack units


def reviewed(hospital: Hospital, doctor: str, rx: int) -> Script:
    """From the signature to a pass; ends early where the doctor does not answer."""
    rng = hospital.rng
    yield minutes(rng.uniform(1, 6))
    by = yield from hospital.served("review1", minutes(rng.uniform(0.4, 1.6)))
    if rng.random() < RETURNED:
        pharmacy.review(by, rx, "return", ["2-5"], "请核对用法用量与疗程。", rev=desk.valid(hospital, doctor, rx))
        hospital.counts["returned"] += 1
        if rng.random() < LEFT_OPEN:
            return
        yield minutes(rng.uniform(4, 20))
        desk.reply(hospital, doctor, rx)
        yield minutes(rng.uniform(1, 5))
        by = yield from hospital.served("review1", minutes(rng.uniform(0.4, 1.2)))
    rev = desk.valid(hospital, doctor, rx)
    if rng.random() < 0.01:
        desk.mistake(
            hospital,
            "review_of_a_stale_page",
            lambda: pharmacy.review(by, rx, "pass", rev=rev - 1),
        )
    pharmacy.review(by, rx, "pass", rev=rev)


def filled(hospital: Hospital, doctor: str, rx: int, *, to_ward: bool) -> Script:
    """From the pass to the hand-over."""
    rng = hospital.rng
    yield minutes(rng.uniform(1, 5))
    by = yield from hospital.served("dispense1", minutes(rng.uniform(0.5, 1.8)))
    prepared(hospital, by, doctor, rx)
    yield minutes(rng.uniform(1, 4))
    checker = yield from hospital.served("check1", minutes(rng.uniform(0.3, 1.0)))
    scanned, rev = codes(rx), desk.valid(hospital, doctor, rx)
    if rng.random() < 0.015:
        desk.mistake(
            hospital,
            "package_not_scanned",
            lambda: pharmacy.check(checker, rx, scanned[1:], rev=rev),
        )
    pharmacy.check(checker, rx, scanned, rev=rev)
    yield minutes(rng.uniform(1, 15))
    if not to_ward and rng.random() < NO_PICKUP:
        hospital.counts["uncollected"] += 1
        return
    _hand_over(hospital, rx, desk.valid(hospital, doctor, rx), () if to_ward else ("name", "birth_date"))


def prepared(hospital: Hospital, by: Actor, doctor: str, rx: int) -> None:
    """Prepare; what is short is tried all the same, refused, bought, and prepared then."""
    rev = desk.valid(hospital, doctor, rx)
    if _little_left(by.unit) and shelves.plan(rx, by.unit).short:
        refusal = desk.mistake(hospital, "prepared_when_short", lambda: pharmacy.prepare(by, rx, rev=rev))
        for short in refusal.facts["short"]:
            _bought(hospital, short["medicine"])
    pharmacy.prepare(by, rx, rev=rev)


def parted(by: Actor, rx: int) -> None:
    """Prepare what the shelf has; the rest is owed after the hand-over."""
    lines = shelves.plan(rx, by.unit).parts
    pharmacy.prepare(by, rx, rev=desk.rev(rx), part={each.line.pk: each.offered for each in lines})


def coded(by: Actor, rx: int) -> None:
    """A made-up traceability code on each package, as its boxes would carry it."""
    for package in shelves.packages(rx):
        product = f"8{int(package.medicine[1:]):06d}"
        pharmacy.trace(by, rx, f"{product}{package.pk:013d}", package=package.pk)


def delivered(hospital: Hospital, medicine: str) -> None:
    """One delivery to the pharmacy's shelf."""
    by = hospital.crew("store1")
    stock.receive(by, medicine, f"N{today():%m%d}", today() + timedelta(days=540), DELIVERY, place="R-02")


def came_back(hospital: Hospital, nurses: dict[str, str]) -> None:
    """Wards (unit → nurse) give back some of what was not taken; one package is judged, the others wait."""
    made: list[int] = []
    for unit, nurse in nurses.items():
        by = hospital.crew(nurse)
        unused = leftover.leftovers(by, hospital.crew.unit(unit), {})[:-1]
        made += [ward.give_back(by, each.package.pk, each.reason, intact=True) for each in unused[:GIVEN_BACK]]
    if len(made) > 1:
        pharmacy.judge(hospital.crew("check1"), made[0], "restock")


def _little_left(unit: int) -> bool:
    usable = (lot.on_hand for lot in store.lots(unit, SCARCE) if not lot.blocked)
    return sum(usable, Decimal(0)) < LITTLE


def _bought(hospital: Hospital, medicine: str) -> None:
    """A delivery; the box on top may be past its day, and is refused at the door."""
    by, lot = hospital.crew("store1"), f"B{today():%m%d}-{hospital.chances['expired_goods_received']}"
    if hospital.slips("expired_goods_received", OLD_GOODS):
        yesterday = today() - timedelta(days=1)
        desk.mistake(
            hospital,
            "expired_goods_received",
            lambda: stock.receive(by, medicine, f"{lot}X", yesterday, DELIVERY),
        )
    stock.receive(by, medicine, lot, today() + timedelta(days=540), DELIVERY, place="R-01")


def _hand_over(hospital: Hospital, rx: int, rev: int, asked: tuple[Any, ...]) -> None:
    by = hospital.crew("check1")
    pharmacy.hand_over(by, rx, rev=rev, asked=asked)
    hospital.counts["dispensed"] += 1
    if hospital.slips("handed_over_twice", TWICE):
        desk.mistake(hospital, "handed_over_twice", lambda: pharmacy.hand_over(by, rx, rev=rev, asked=asked))


def codes(rx: int) -> list[str]:
    """Barcodes of a prescription's packages."""
    return [package.barcode for package in shelves.packages(rx)]


def passed(rx: int) -> bool:
    """True where review let it through."""
    return desk.step(rx) is Step.REVIEWED
