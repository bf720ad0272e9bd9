"""The law of the gate, on SQLite and on PostgreSQL: one ledger head, one verdict, whatever happens after."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from luodi.chart import actions as chart
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders import wording
from luodi.patients import actions as patients
from luodi.rollout import queries
from luodi.rollout.models import Weighing
from luodi.trust import clock, ledger
from luodi.ward import actions
from tests.pharmacy.store import MONDAY
from tests.rollout.copies import restored
from tests.rollout.test_gate import NIGHT, Office
from tests.ward.scene import Scene

pytestmark = pytest.mark.law
SAME = ("registered_twice", "户口簿")


def test_replay_after_further_acts_amendments_and_a_restore(open_scene: Scene, tmp_path: Path) -> None:
    scene, office = open_scene, Office(open_scene)
    office.closed(2)
    open_rx = scene.signed()
    inpatient = scene.inpatient()
    first, second = scene.doses(inpatient)[:2]
    with clock.at(first.planned_at):
        scene.give(first)
    with clock.at(NIGHT):
        weighing = office.weigh(office.gate())
    _go_on(scene, open_rx, inpatient, second)
    assert queries.replay(weighing).same
    with restored(tmp_path):
        assert ledger.verify().ok
        kept = Weighing.objects.select_related("gate").get(pk=weighing.pk)
        again = queries.replay(kept)
        assert again.same
        assert [row.again.value for row in again.rows] == [row.frozen.value for row in again.rows]
        with clock.at(NIGHT + timedelta(hours=1)):
            _later(office, kept)


def _go_on(scene: Scene, open_rx: int, inpatient: int, dose) -> None:
    """What may happen after a weighing: doses, a stop, amendments of record and identity, new work, a seal."""
    card = prescriptions.prescription(open_rx)
    with clock.at(dose.planned_at):
        actions.administer(scene.nurse, dose.pk, outcome="missed", reason="patient_away")
    with clock.at(NIGHT + timedelta(minutes=1)):
        orders.stop(scene.doctor, open_rx, wording.choices("stop_reasons")[0][0])
        note = chart.note(scene.doctor, card.encounter, "complaint", "咳嗽三天")
        chart.note(scene.doctor, card.encounter, "complaint", "咳嗽五天", supersedes=note, reason="更正")
        patients.correct(scene.registrar, card.patient, {"birth_date": None}, "证件更正")
        other = prescriptions.prescription(inpatient).patient
        patients.unmerge(
            scene.registrar, patients.merge(scene.registrar, card.patient, other, *SAME), "wrong_pair", "否"
        )
        patients.merge(scene.registrar, other, card.patient, *SAME)
        orders.stop(scene.ward_doctor, inpatient, wording.choices("stop_reasons")[0][0])
    for _ in range(5):  # dated inside the weighed window, sealed after it
        scene.signed()
    ledger.seal()


def _later(office: Office, kept: Weighing) -> None:
    """The restored hospital goes on: it weighs anew, and the old weighing still replays."""
    fresh = office.weigh(kept.gate_id)
    assert fresh.head > kept.head
    assert queries.replay(fresh).same
    assert queries.replay(kept).same


def test_a_reading_while_the_ledger_grows_sees_one_head(open_scene: Scene) -> None:
    """Weighings made while others sign agree with their own replay."""
    from concurrent.futures import ThreadPoolExecutor

    scene, office = open_scene, Office(open_scene)
    gate, _first = office.gate(), scene.signed()

    def work(turn: int) -> Weighing | None:
        try:
            with clock.at(MONDAY + timedelta(minutes=5 + turn)):
                if turn % 2:
                    scene.signed()
                    return None
                return office.weigh(gate)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = [weighing for weighing in pool.map(work, range(8)) if weighing]
    assert len(made) == 4
    assert all(queries.replay(weighing).same for weighing in made)
