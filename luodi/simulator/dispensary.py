"""The pharmacy: review, return and second review, preparation, second check, hand-over."""

from typing import Any

from luodi.orders.loop import Step
from luodi.pharmacy import actions as pharmacy
from luodi.pharmacy import queries as shelves
from luodi.simulator import desk
from luodi.simulator.crew import minutes
from luodi.simulator.place import Hospital, Script

RETURNED = 0.045
LEFT_OPEN = 0.25  # part of the returned ones whose doctor has not answered yet
NO_PICKUP = 0.02


def reviewed(hospital: Hospital, doctor: str, rx: int) -> Script:
    """From the signature to a pass; ends early where the doctor does not answer."""
    rng = hospital.rng
    yield minutes(rng.uniform(1, 6))
    yield from hospital.busy("review1", minutes(rng.uniform(0.4, 1.6)))
    by = hospital.crew("review1")
    if rng.random() < RETURNED:
        pharmacy.review(by, rx, "return", ["2-5"], "请核对用法用量与疗程。", rev=desk.rev(rx))
        hospital.counts["returned"] += 1
        if rng.random() < LEFT_OPEN:
            return
        yield minutes(rng.uniform(4, 20))
        desk.reply(hospital, doctor, rx)
        yield minutes(rng.uniform(1, 5))
        yield from hospital.busy("review1", minutes(rng.uniform(0.4, 1.2)))
    if rng.random() < 0.01:
        desk.mistake(
            hospital,
            "review_of_a_stale_page",
            lambda: pharmacy.review(hospital.crew("review1"), rx, "pass", rev=desk.rev(rx) - 1),
        )
    pharmacy.review(hospital.crew("review1"), rx, "pass", rev=desk.rev(rx))


def filled(hospital: Hospital, rx: int, *, to_ward: bool) -> Script:
    """From the pass to the hand-over."""
    rng = hospital.rng
    yield minutes(rng.uniform(1, 5))
    yield from hospital.busy("dispense1", minutes(rng.uniform(0.5, 1.8)))
    pharmacy.prepare(hospital.crew("dispense1"), rx, rev=desk.rev(rx))
    yield minutes(rng.uniform(1, 4))
    yield from hospital.busy("check1", minutes(rng.uniform(0.3, 1.0)))
    scanned = codes(rx)
    if rng.random() < 0.015:
        desk.mistake(
            hospital,
            "package_not_scanned",
            lambda: pharmacy.check(hospital.crew("check1"), rx, scanned[1:], rev=desk.rev(rx)),
        )
    pharmacy.check(hospital.crew("check1"), rx, scanned, rev=desk.rev(rx))
    yield minutes(rng.uniform(1, 15))
    if not to_ward and rng.random() < NO_PICKUP:
        hospital.counts["uncollected"] += 1
        return
    asked: tuple[Any, ...] = () if to_ward else ("name", "birth_date")
    pharmacy.hand_over(hospital.crew("check1"), rx, rev=desk.rev(rx), asked=asked)
    hospital.counts["dispensed"] += 1


def codes(rx: int) -> list[str]:
    """Barcodes of a prescription's packages."""
    return [package.barcode for package in shelves.packages(rx)]


def passed(rx: int) -> bool:
    """True where review let it through."""
    return desk.step(rx) is Step.REVIEWED
