"""The bedside: what is given and with which evidence, and every wrong turn with its answer."""

from datetime import timedelta

import pytest

from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders import wording
from luodi.orders.loop import Step
from luodi.pharmacy import queries as pharmacy
from luodi.stock import actions as stock
from luodi.stock.models import Lot
from luodi.trust import clock, ledger
from luodi.ward import actions, bedside, queries
from luodi.ward.models import Administration
from tests.orders.place import refused, wish
from tests.pharmacy.store import DAILY
from tests.ward.scene import PASSWORD, Scene, when


@pytest.fixture
def rx(scene: Scene) -> int:
    return scene.inpatient()


def test_both_scans_and_five_rights_give(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        pk = scene.give(dose)
    row = Administration.objects.get(pk=pk)
    assert (row.wristband_scanned, row.package_scanned, row.unscanned_reason) == (True, True, "")
    assert row.package.task_id == dose.pk
    assert prescriptions.task(dose.pk).step == Step.ADMINISTERED
    last = prescriptions.task_strip(dose.pk)[-1]
    assert last["state"] == "done"


def test_the_wrong_patients_wristband(scene: Scene, rx: int) -> None:
    other = scene.inpatient(bed=1)
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at), refused("wrong_patient"):
        scene.give(dose, wristband=scene.band(other))
    assert not Administration.objects.exists()


def test_another_patients_package(scene: Scene, rx: int) -> None:
    other = scene.inpatient(bed=1)
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at), refused("package_of_another"):
        scene.give(dose, package=scene.code(scene.doses(other)[0]))


def test_a_package_of_another_drug_and_of_another_dose(scene: Scene) -> None:
    rx = scene.inpatient(wish("M0565", "30", "mg"), DAILY)
    doses = scene.doses(rx)
    mine = [d for d in doses if d.line.medicine == "M0565"]
    other = next(d for d in doses if d.line.medicine == "M0572")
    with clock.at(mine[0].planned_at):
        with refused("wrong_drug"):
            scene.give(mine[0], package=scene.code(other))
        with refused("other_dose"):
            scene.give(mine[0], package=scene.code(mine[1]))


def test_unknown_codes(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        with refused("unknown_wristband"):
            scene.give(dose, wristband="W0000000000X")
        with refused("unknown_package"):
            scene.give(dose, package="👾 <script>")


def test_a_package_already_given_names_who_and_when(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        scene.give(dose)
    with clock.at(when(dose, minutes=5)), refused("already_settled") as caught:
        scene.give(dose, by=scene.second)
    assert "测试nurse" in str(caught.value.message)
    assert dose.planned_at.astimezone(clock.HOSPITAL_ZONE).strftime("%H:%M") in str(caught.value.message)


def test_a_stopped_prescription(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    orders.stop(scene.ward_doctor, rx, wording.choices("stop_reasons")[0][0])
    with clock.at(dose.planned_at), refused("prescription_stopped"):
        scene.give(dose)


def test_not_received_yet(scene: Scene) -> None:
    rx = scene.handed()
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at), refused("not_received"):
        scene.give(dose)


def test_a_lot_quarantined_after_packing(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    lot = next(p for p in pharmacy.packages(rx) if p.task == dose.pk).lots[0].lot
    stock.quarantine(scene.keeper, lot, "查验", rev=Lot.objects.get(pk=lot).rev)
    with clock.at(dose.planned_at), refused("package_blocked"):
        scene.give(dose)


def test_too_early_and_too_late_need_a_reason(scene: Scene, rx: int) -> None:
    first, second = scene.doses(rx)[:2]
    with clock.at(when(first, minutes=-61)):
        with refused("too_early"):
            scene.give(first)
        with refused("too_early"):
            scene.give(first, timing_reason="workload")
        scene.give(first, timing_reason="procedure")
    with clock.at(when(second, minutes=61)):
        with refused("too_late"):
            scene.give(second)
        pk = scene.give(second, timing_reason="delivery_late")
    assert Administration.objects.get(pk=pk).timing_reason == "delivery_late"


def test_a_late_dose_keeps_its_distance_to_the_next(scene: Scene, rx: int) -> None:
    first, second = scene.doses(rx)[:2]
    with clock.at(second.planned_at - timedelta(minutes=50)):
        scene.give(first, timing_reason="workload")
    with clock.at(second.planned_at), refused("too_near"):
        scene.give(second)


def test_a_missing_scan_needs_a_coded_reason_and_is_counted(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        with refused("scan_missing"):
            scene.give(dose, wristband="")
        with refused("scan_missing"):
            scene.give(dose, wristband="", unscanned_reason="no_such_reason")
        pk = scene.give(dose, package="", unscanned_reason="package_unreadable")
        assert queries.scan_counts(scene.units["W1"]) == (1, 0, [("package_unreadable", 1)])
    row = Administration.objects.get(pk=pk)
    assert (row.wristband_scanned, row.package_scanned) == (True, False)
    assert row.package.task_id == dose.pk


@pytest.mark.parametrize(("outcome", "reason", "step"), [
    ("refused", "patient_declines", Step.REFUSED),
    ("held", "vital_signs", Step.HELD),
    ("missed", "patient_away", Step.MISSED),
])  # fmt: skip
def test_what_is_not_given_says_why(scene: Scene, rx: int, outcome: str, reason: str, step: Step) -> None:
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        with refused("reason_missing"):
            actions.administer(scene.nurse, dose.pk, outcome=outcome, reason="")
        with refused("reason_missing"):
            actions.administer(scene.nurse, dose.pk, outcome=outcome, reason="procedure")
        actions.administer(scene.nurse, dose.pk, outcome=outcome, reason=reason)
    assert prescriptions.task(dose.pk).step == step


def test_a_held_dose_may_still_be_given(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        actions.administer(scene.nurse, dose.pk, outcome="held", reason="fasting")
        with refused("already_settled"):
            actions.administer(scene.nurse, dose.pk, outcome="held", reason="fasting")
        scene.give(dose)
    assert [a.outcome for a in Administration.objects.filter(task=dose.pk).order_by("pk")] == ["held", "given"]


def test_an_unknown_outcome(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at), refused("reason_missing"):
        actions.administer(scene.nurse, dose.pk, outcome="swallowed", reason="fasting")


def test_receipt_wants_every_package_and_no_other(scene: Scene) -> None:
    rx, other = scene.handed(), scene.handed(bed=1)
    codes = scene.codes(rx)
    with refused("receipt_short"):
        actions.receive(scene.nurse, rx, codes[:-1], rev=scene.rev(rx))
    with refused("receipt_foreign"):
        actions.receive(scene.nurse, rx, [*codes, scene.codes(other)[0]], rev=scene.rev(rx))
    actions.receive(scene.nurse, rx, [*codes, codes[0].lower()], rev=scene.rev(rx))
    assert scene.step(rx) == Step.RECEIVED


def test_the_nurse_verifies_or_sends_back(scene: Scene) -> None:
    from luodi.pharmacy import actions as pharmacists

    rx = scene.signed("inpatient")
    pharmacists.review(scene.pharmacist, rx, "pass", rev=scene.rev(rx))
    with refused("reason_missing"):
        actions.send_back(scene.nurse, rx, rev=scene.rev(rx), reason="")
    with refused("loop_moved"):
        actions.verify(scene.nurse, rx, rev=scene.rev(rx) - 1)
    actions.verify(scene.nurse, rx, rev=scene.rev(rx))
    assert scene.step(rx) == Step.VERIFIED
    actions.send_back(scene.nurse, rx, rev=scene.rev(rx), reason="allergy_told")
    assert scene.step(rx) == Step.RETURNED


def test_an_as_needed_dose_is_asked_for_and_given(scene: Scene) -> None:
    from decimal import Decimal

    scene.lot("M0472", "100")
    rx = scene.inpatient(wish("M0472", "500", "mg", "prn", quantity=Decimal(4)))
    card = prescriptions.prescription(rx)
    package = pharmacy.packages(rx)[0]
    with refused("no_dose"):
        bedside.dose_of(package)
    task = orders.request_prn(scene.nurse, rx, card.lines[0].seq)
    assert bedside.dose_of(package) == task
    actions.administer(scene.nurse, task, outcome="given", wristband=scene.band(rx), package=package.barcode)
    assert prescriptions.task(task).step == Step.ADMINISTERED
    again = orders.request_prn(scene.nurse, rx, card.lines[0].seq)
    with refused("package_given"):
        actions.administer(scene.nurse, again, outcome="given", wristband=scene.band(rx), package=package.barcode)


def test_rounds_sort_doses_by_their_window(scene: Scene, rx: int) -> None:
    first, second = scene.doses(rx)[:2]
    with clock.at(when(first, minutes=61)):
        (found,) = queries.rounds(scene.nurse, scene.units["W1"])
        assert [d.task.pk for d in found.overdue] == [first.pk]
        assert second.pk in [d.task.pk for d in (*found.due, *found.later)]
    with clock.at(first.planned_at):
        (found,) = queries.rounds(scene.nurse, scene.units["W1"])
        assert [d.task.pk for d in found.due] == [first.pk]


def test_a_refused_scan_leaves_a_refused_entry_without_codes(scene: Scene, rx: int) -> None:
    other = scene.inpatient(bed=1)
    dose = scene.doses(rx)[0]
    band = scene.band(other)
    with clock.at(dose.planned_at), refused("wrong_patient"):
        scene.give(dose, wristband=band)
    (line,) = [line for line in ledger.entries(verb="refused") if line.facts.get("code") == "wrong_patient"]
    assert band not in str(line.facts)
    assert PASSWORD not in str(line.facts)
