"""The measures over a small hospital: counted by hand, and read again at an old head."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from luodi.chart import actions as chart
from luodi.insight import queries
from luodi.insight.measure import Window
from luodi.orders import actions as orders
from luodi.orders import wording
from luodi.orders.loop import Step
from luodi.pharmacy import actions as pharmacy
from luodi.trust import clock, ledger
from luodi.ward import actions
from tests.orders.place import refused, relate
from tests.pharmacy.store import MONDAY
from tests.ward.scene import Scene, when

DAY = Window(MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=23))


def read(code: str, window: Window = DAY, head: int | None = None):
    ledger.seal()
    return queries.read(code, window, head)


def parts(code: str) -> dict[str, tuple[Decimal, int]]:
    return {part.code: (part.top, part.bottom) for part in read(code).parts}


def test_nothing_sealed_is_no_data(scene: Scene) -> None:
    for one in queries.as_json(DAY, 0):
        assert one["value"] is None
        assert one["bottom"] == 0


def test_an_outpatient_loop_closes_when_it_is_dispensed(scene: Scene) -> None:
    one, other, third = scene.prepared(), scene.prepared(), scene.ready()
    for rx in (one, other):
        pharmacy.check(scene.checker, rx, scene.codes(rx), rev=scene.rev(rx))
    assert parts("closed_loop_rate") == {"outpatient": (0, 3)}
    pharmacy.hand_over(scene.checker, one, rev=scene.rev(one), asked=["name", "birth_date"])
    assert parts("closed_loop_rate") == {"outpatient": (1, 3)}
    orders.stop(scene.doctor, third, wording.choices("stop_reasons")[0][0])
    assert parts("closed_loop_rate") == {"outpatient": (1, 2)}


def test_an_inpatient_loop_closes_dose_by_dose(scene: Scene) -> None:
    doses = [d for d in scene.doses(scene.inpatient()) if DAY.holds(d.planned_at)]
    assert parts("closed_loop_rate") == {"inpatient": (0, len(doses))}
    with clock.at(doses[0].planned_at):
        scene.give(doses[0])
    with clock.at(doses[1].planned_at):
        actions.administer(scene.nurse, doses[1].pk, outcome="refused", reason="patient_declines")
    assert parts("closed_loop_rate") == {"inpatient": (2, len(doses))}


def test_a_missed_dose_is_not_closed(scene: Scene) -> None:
    dose = scene.doses(scene.inpatient())[0]
    with clock.at(dose.planned_at):
        actions.administer(scene.nurse, dose.pk, outcome="missed", reason="patient_away")
    assert read("closed_loop_rate").top == 0


def test_minutes_from_registration_to_the_doctor(scene: Scene) -> None:
    for minutes in (10, 20, 60):
        patient = scene.patient()
        relate(scene.registrar, patient, scene.units["GIM"])
        visit = chart.arrive(scene.registrar, patient, visit_class="outpatient", unit=scene.units["GIM"])
        with clock.at(MONDAY + timedelta(minutes=minutes)):
            chart.open_encounter(scene.doctor, visit)
    unseen = chart.arrive(scene.registrar, patient, visit_class="emergency", unit=scene.units["ED"])
    assert unseen
    reading = read("minutes_to_doctor")
    assert (reading.top, reading.bottom, reading.value, reading.median) == (90, 3, 30, 20)


def test_returned_per_hundred_counts_a_prescription_once(scene: Scene) -> None:
    rx, other = scene.signed(), scene.signed()
    pharmacy.review(scene.pharmacist, rx, "return", ["2-5"], "剂量", rev=scene.rev(rx))
    orders.reply(scene.doctor, rx, "已核对", rev=scene.rev(rx))
    pharmacy.review(scene.pharmacist, rx, "pass", rev=scene.rev(rx))
    pharmacy.review(scene.pharmacist, other, "pass", rev=scene.rev(other))
    reading = read("returned_per_100")
    assert (reading.top, reading.bottom, reading.value) == (1, 2, 50)
    assert [part.code for part in reading.parts] == ["outpatient"]


def test_the_scan_rate_counts_a_manual_check_as_not_scanned(scene: Scene) -> None:
    first, second = scene.doses(scene.inpatient())[:2]
    with clock.at(first.planned_at):
        scene.give(first)
    with clock.at(second.planned_at):
        scene.give(second, wristband="", unscanned_reason="wristband_unreadable")
    reading = read("scan_rate", Window(MONDAY, when(second, minutes=1)))
    assert (reading.top, reading.bottom, reading.value) == (1, 2, 50)


def test_a_reading_at_an_old_head_does_not_move(scene: Scene) -> None:
    rx = scene.inpatient()
    first, second = scene.doses(rx)[:2]
    with clock.at(first.planned_at):
        scene.give(first)
    head = ledger.seal()
    before = [queries.read(code, DAY, head) for code in queries.REGISTRY]
    with clock.at(second.planned_at):
        scene.give(second)
    orders.stop(scene.ward_doctor, rx, wording.choices("stop_reasons")[0][0])
    scene.signed()
    ledger.seal()
    assert [queries.read(code, DAY, head) for code in queries.REGISTRY] == before
    assert scene.step(rx) == Step.STOPPED
    assert queries.read("closed_loop_rate", DAY) != before[0]


def test_what_is_not_sealed_is_not_read(scene: Scene) -> None:
    head = ledger.seal()
    scene.signed()
    assert queries.read("closed_loop_rate", DAY).bottom == 0
    assert ledger.head() == head
    ledger.seal()
    assert queries.read("closed_loop_rate", DAY).bottom == 1


def test_an_unknown_measure_is_refused(scene: Scene) -> None:
    with refused("unknown_measure"):
        queries.read("no_such", DAY)


def test_json_holds_numbers_digit_for_digit(scene: Scene) -> None:
    scene.signed()
    ledger.seal()
    rows = json.loads(json.dumps(queries.as_json(DAY)))
    row = next(r for r in rows if r["measure"] == "closed_loop_rate")
    assert (row["value"], row["bottom"], row["head"]) == ("0.000000", 1, ledger.head())
    assert row["parts"] == [{"part": "outpatient", "value": "0.000000", "top": "0.000000", "bottom": 1}]


@pytest.mark.django_db(transaction=True)
def test_reading_waits_for_no_writer(open_scene: Scene) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from luodi.trust.write import write

    ledger.seal()

    def elsewhere() -> int:
        try:
            return queries.read("closed_loop_rate", DAY).bottom
        finally:
            connection.close()

    with write(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(elsewhere).result(timeout=5) == 0
