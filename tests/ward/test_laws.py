"""Laws of the ward, on SQLite and on PostgreSQL: a package is given once, one patient a bed."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.trust import clock, ledger
from luodi.trust.refusal import Refusal
from luodi.ward import actions
from luodi.ward.models import Administration, Placement
from luodi.ward.refusals import AlreadyPlaced, BedTaken
from tests.pharmacy.store import MONDAY
from tests.ward.scene import Scene

pytestmark = pytest.mark.law


def together(at: datetime, jobs: Sequence[Callable[[], object]]) -> list[object]:
    """Run all jobs at once, each on a connection of its own; a job's answer is its result or its Refusal."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            with clock.at(at):
                gate.wait(20)
                return job()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_nurses_scan_one_package_and_one_gives_it(open_scene: Scene) -> None:
    scene = open_scene
    rx = scene.inpatient()
    for dose in scene.doses(rx)[:3]:
        nurses = [scene.nurse, scene.second] * 2
        answers = together(dose.planned_at, [lambda by=by, dose=dose: scene.give(dose, by=by) for by in nurses])
        refusals = [answer for answer in answers if isinstance(answer, Refusal)]
        assert len(refusals) == 3
        row = Administration.objects.get(task=dose.pk)
        giver = "测试nurse" if row.staff_id == scene.nurse.staff else "second"
        at = dose.planned_at.astimezone(clock.HOSPITAL_ZONE).strftime("%H:%M")
        for refusal in refusals:
            assert refusal.code in ("already_settled", "package_given")
            assert giver in str(refusal.message)
            assert at in str(refusal.message)
        assert prescriptions.task(dose.pk).step == Step.ADMINISTERED


def test_every_giving_has_one_entry_and_every_refusal_one_refused(open_scene: Scene) -> None:
    scene = open_scene
    dose = scene.doses(scene.inpatient())[0]
    before = len(list(ledger.entries(verb="refused")))
    together(dose.planned_at, [lambda by=by: scene.give(dose, by=by) for by in (scene.nurse, scene.second)])
    assert len(list(ledger.entries(verb="medication.administer"))) == 1
    assert len(list(ledger.entries(verb="refused"))) == before + 1


def test_giving_and_refusing_at_once_ends_one_way(open_scene: Scene) -> None:
    scene = open_scene
    dose = scene.doses(scene.inpatient())[0]

    def refuse() -> object:
        return actions.administer(scene.second, dose.pk, outcome="refused", reason="patient_declines")

    answers = together(dose.planned_at, [lambda: scene.give(dose), refuse])
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert Administration.objects.filter(task=dose.pk).count() == 1


def test_one_bed_takes_one_of_many(open_scene: Scene) -> None:
    scene = open_scene
    encounters = [scene.encounter("inpatient") for _ in range(4)]
    answers = together(MONDAY, [lambda one=one: actions.place(scene.nurse, one, scene.beds[0]) for one in encounters])
    assert sum(isinstance(answer, BedTaken) for answer in answers) == 3
    assert Placement.objects.filter(bed=scene.beds[0], open=True).count() == 1


def test_one_patient_takes_one_of_many_beds(open_scene: Scene) -> None:
    scene = open_scene
    encounter = scene.encounter("inpatient")
    answers = together(MONDAY, [lambda bed=bed: actions.place(scene.nurse, encounter, bed) for bed in scene.beds])
    assert sum(isinstance(answer, AlreadyPlaced) for answer in answers) == 2
    assert Placement.objects.filter(encounter=encounter, open=True).count() == 1


def test_a_bed_and_an_ending_never_pass_each_other(open_scene: Scene) -> None:
    """One nurse places while the doctor closes: never a closed encounter in a bed."""
    scene = open_scene
    for round_ in range(6):
        encounter = scene.encounter("inpatient")
        together(MONDAY, [
            lambda encounter=encounter, bed=round_ % 3: actions.place(scene.nurse, encounter, scene.beds[bed]),
            lambda encounter=encounter: chart.close_encounter(scene.ward_doctor, encounter, "home"),
        ])  # fmt: skip
        placed = Placement.objects.filter(encounter=encounter, open=True).first()
        closed = charts.encounter(encounter).closed_at is not None
        assert bool(placed) != closed
        if placed:
            with clock.at(MONDAY):
                actions.release(scene.nurse, placed.pk)
