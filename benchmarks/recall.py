"""The trace of a recall: 100,000 packages of a hospital, from one lot number to every patient and every dose.

The floor is what cannot be spared: reading the packages of the lot by their keys, without asking where they are.
"""

import time
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

LOTS, DOSES = 100, 3  # lots that the packages are spread over; packages of a preparation
MEDICINE = "M0565"


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """Seconds from a lot number to the list of patients among 100,000 packages; quick: 20,000."""
    from luodi.simulator import seed

    seed.hospital()
    return measured(20_000 if quick else 100_000, 5)


def measured(many: int, times: int) -> dict[str, Any]:
    """The results among `many` packages; an error is a trace that misses a package or does not add up."""
    from luodi.vigilance import queries

    wanted = filled(many)
    spent, bare, wrong = [], [], 0
    for _turn in range(times):
        begin = time.perf_counter()
        found = queries.trace(MEDICINE, ["R000"])
        spent.append(time.perf_counter() - begin)
        wrong += len(found.pieces) != wanted or bool(found.sums.gap) or not found.patients
        bare.append(_floor([piece.carried.package for piece in found.pieces]))
    value, floor = median(spent), median(bare)
    results = [
        {
            "metric": "trace_s", "value": round(value, 4), "unit": "s", "floor": round(floor, 4),
            "ratio": round(value / floor, 1), "found": wanted,
        },
    ]  # fmt: skip
    return {"results": results, "errors": wrong, "packages": many, "lots": LOTS}


def _floor(packages: list[int]) -> float:
    from luodi.pharmacy.models import Package

    begin = time.perf_counter()
    read = sum(
        len(list(Package.objects.filter(pk__in=packages[start : start + 500]).values_list()))
        for start in range(0, len(packages), 500)
    )
    assert read == len(packages)
    return time.perf_counter() - begin


def filled(many: int) -> int:
    """Packages handed to wards and homes, a third of them given; returns how many hold the lot that is traced."""
    from luodi.simulator.crew import Crew
    from luodi.trust.act import about, act

    crew = Crew()

    @act("bench.fill", may=None)
    def fill(_by: Any) -> int:
        about("packages", 0, care=False)
        return _rows(crew, many)

    return int(fill(crew("store1")))


def _rows(crew: Any, many: int) -> int:
    from luodi.orders.models import Line, Prescription
    from luodi.pharmacy import barcode
    from luodi.pharmacy.models import Dispense, HandOver, Package, Picked
    from luodi.stock.models import Lot, Movement
    from luodi.trust.clock import now, today

    at, unit, staff = now(), crew.unit("PHA"), crew.staff("dispense1")
    per_lot = -(-many // LOTS)
    lots = [
        Lot.objects.create(
            unit_id=unit, medicine=MEDICINE, lot_no=f"R{n:03d}", expiry=today() + timedelta(days=400),
            on_hand=Decimal(0),
        )
        for n in range(LOTS)
    ]  # fmt: skip
    heads = _prescriptions(crew, Prescription, Line, -(-many // DOSES), at)
    dispenses = Dispense.objects.bulk_create(
        (
            Dispense(prescription_id=rx, attempt=1, version=1, unit_id=unit, preparer_id=staff, at=at)
            for rx, _l in heads
        ),
        batch_size=500,
    )
    packages = Package.objects.bulk_create(
        (
            Package(
                dispense=dispenses[n // DOSES], barcode=barcode.new(), line_id=heads[n // DOSES][1], seq=n % DOSES + 1,
                medicine=MEDICINE, qty=Decimal(1),
            )
            for n in range(many)
        ),
        batch_size=500,
    )  # fmt: skip
    Picked.objects.bulk_create(
        (Picked(package=pack, lot=lots[n // per_lot], qty=Decimal(1)) for n, pack in enumerate(packages)),
        batch_size=500,
    )
    HandOver.objects.bulk_create(
        (HandOver(dispense=each, hander_id=staff, to_ward=bool(n % 2), at=at) for n, each in enumerate(dispenses)),
        batch_size=500,
    )
    held = [min(per_lot, max(0, many - n * per_lot)) for n in range(LOTS)]
    rows = [(lots[n], count) for n, count in enumerate(held) if count]
    Movement.objects.bulk_create(
        Movement(lot=lot, kind="receipt", qty=Decimal(count), staff_id=staff, at=at) for lot, count in rows
    )
    Movement.objects.bulk_create(
        Movement(lot=lot, kind="dispense", qty=Decimal(-count), dispense=dispenses[0].pk, staff_id=staff, at=at)
        for lot, count in rows
    )
    return held[0]


def _prescriptions(crew: Any, prescription: Any, line: Any, count: int, at: Any) -> list[tuple[int, int]]:
    """(prescription, line) of as many prescriptions, over two hundred patients."""
    from luodi.simulator import people
    from luodi.simulator.place import Hospital

    visits = _visits(crew, people, Hospital, 200)
    doctor = crew.staff("doctor1")
    rows = prescription.objects.bulk_create(
        (
            prescription(
                patient_id=visits[n % len(visits)][0], encounter_id=visits[n % len(visits)][1],
                visit_class="outpatient", unit_id=crew.unit("GIM"), prescriber_id=doctor, number=f"BENCH{n:08d}",
                step="dispensed", drafted_at=at, signed_at=at, valid_until=at + timedelta(days=1),
            )
            for n in range(count)
        ),
        batch_size=500,
    )  # fmt: skip
    lines = line.objects.bulk_create(
        (
            line(
                prescription=row, version=1, seq=1, place=1, medicine=MEDICINE, generic="氨溴索", dose=Decimal(30),
                dose_unit="mg", route="po", frequency="tid", days=Decimal(1), quantity=Decimal(DOSES), pack_unit="片",
            )
            for row in rows
        ),
        batch_size=500,
    )  # fmt: skip
    return [(row.pk, each.pk) for row, each in zip(rows, lines, strict=True)]


def _visits(crew: Any, people: Any, hospital: Any, count: int) -> list[tuple[int, int]]:
    from random import Random

    from luodi.reception import actions as reception
    from luodi.trust.clock import now, today

    place = hospital(Random(5), crew, now())
    made = [
        reception.register_new(crew("clerk1"), people.patient(place.rng, n, today()), unit=crew.unit("ED"))
        for n in range(count)
    ]
    return [(each.patient, each.encounter) for each in made]
