"""Phase gates: verdicts, minimum samples, signatures, and the replay."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from luodi.orders import actions as orders
from luodi.orders import wording
from luodi.rollout import actions, queries
from luodi.rollout.actions import CriterionWish
from luodi.rollout.judgement import overall
from luodi.rollout.models import FrozenReading, Gate, GateSignature, Verdict, Weighing
from luodi.trust import clock
from luodi.trust.write import write
from tests.orders.place import refused
from tests.pharmacy.store import MONDAY
from tests.ward.scene import Scene, hire

NIGHT = MONDAY + timedelta(hours=23)
LOOP = CriterionWish("closed_loop_rate", ">=", Decimal(95), 7, 1)
WAIT = CriterionWish("minutes_to_doctor", "<=", Decimal(30), 7, 1)
RETURNED = CriterionWish("returned_per_100", "<=", Decimal(10), 7, 1)


class Office:
    """The project's people, and a gate to weigh."""

    def __init__(self, scene: Scene) -> None:
        unit = scene.units["IT"]
        self.scene = scene
        self.manager = hire("manager", "project_manager", unit)
        self.director = hire("director", "director", unit)

    def gate(self, *wishes: CriterionWish) -> int:
        return actions.define(
            self.manager, "pilot", name="试点门", phase="pilot", criteria=wishes or (LOOP, WAIT, RETURNED)
        )

    def weigh(self, gate: int) -> Weighing:
        return Weighing.objects.get(pk=actions.weigh(self.manager, gate, at=clock.now()))

    def closed(self, count: int = 1) -> None:
        """Outpatient prescriptions whose loop is closed."""
        from luodi.pharmacy import actions as pharmacy

        for _ in range(count):
            rx = self.scene.prepared()
            pharmacy.check(self.scene.checker, rx, self.scene.codes(rx), rev=self.scene.rev(rx))
            pharmacy.hand_over(self.scene.checker, rx, rev=self.scene.rev(rx), asked=["name", "birth_date"])


@pytest.fixture
def office(scene: Scene) -> Office:
    return Office(scene)


def later():
    return clock.at(MONDAY + timedelta(minutes=5))


def test_all_criteria_met_is_a_pass(office: Office) -> None:
    office.closed()
    with later():
        weighing = office.weigh(office.gate())
    assert weighing.verdict == Verdict.PASS
    assert [r.verdict for r in weighing.readings.all()] == ["pass", "pass", "pass"]


def test_one_failure_fails_the_gate(office: Office) -> None:
    office.closed()
    office.scene.signed()
    with later():
        weighing = office.weigh(office.gate())
    assert weighing.verdict == Verdict.FAIL
    assert FrozenReading.objects.get(weighing=weighing, criterion__measure="closed_loop_rate").value == 50


def test_too_few_cases_is_no_data_whatever_the_value(office: Office) -> None:
    office.closed()
    with later():
        weighing = office.weigh(office.gate(LOOP._replace(minimum=2)))
    reading = weighing.readings.get()
    assert (weighing.verdict, reading.verdict, reading.value) == ("no_data", "no_data", 100)


def test_an_empty_hospital_is_no_data(office: Office) -> None:
    with later():
        weighing = office.weigh(office.gate())
    assert weighing.verdict == Verdict.NO_DATA
    assert {r.value for r in weighing.readings.all()} == {None}


def test_a_criterion_may_ask_about_one_part(office: Office) -> None:
    office.closed()
    office.scene.inpatient()
    with clock.at(NIGHT):
        weighing = office.weigh(office.gate(LOOP._replace(part="outpatient"), LOOP._replace(part="emergency")))
    assert [r.verdict for r in weighing.readings.all()] == ["pass", "no_data"]


@pytest.mark.parametrize(("verdicts", "whole"), [
    (["pass", "pass"], "pass"), (["pass", "fail"], "fail"), (["no_data", "fail"], "fail"),
    (["pass", "no_data"], "no_data"), ([], "no_data"),
])  # fmt: skip
def test_the_whole_verdict(verdicts: list[str], whole: str) -> None:
    assert overall(verdicts) == whole


def test_a_failed_gate_cannot_be_signed_as_passed(office: Office) -> None:
    office.scene.signed()
    with later():
        weighing = office.weigh(office.gate(LOOP))
        with refused("gate_not_passed"):
            actions.sign(office.director, weighing.pk, decision="go")
        with refused("gate_reason"):
            actions.sign(office.director, weighing.pk, decision="hold", reason=" ")
        actions.sign(office.director, weighing.pk, decision="hold", reason="闭环率不足，两周后再评")
    (signed,) = queries.signatories(weighing)
    assert signed.valid
    assert signed.signature.decision == "hold"


def test_the_database_refuses_go_on_a_failure(office: Office) -> None:
    office.scene.signed()
    with later():
        weighing = office.weigh(office.gate(LOOP))
    with pytest.raises(IntegrityError), write():
        GateSignature.objects.create(
            weighing=weighing, staff_id=office.director.staff, decision="go", verdict=weighing.verdict,
            key_id=1, message=b"", value=b"", at=clock.now(), entry_id=weighing.entry_id,
        )  # fmt: skip


def test_a_pass_is_signed_and_the_signature_covers_what_was_read(office: Office) -> None:
    office.closed()
    with later():
        weighing = office.weigh(office.gate())
        actions.sign(office.director, weighing.pk, decision="go")
        with refused("gate_signed"):
            actions.sign(office.director, weighing.pk, decision="go")
    row = weighing.signatures.get()
    assert b'"closed_loop_rate"' in bytes(row.message)
    assert f'"head":{weighing.head}'.encode() in bytes(row.message)
    GateSignature.objects.filter(pk=row.pk).update(message=bytes(row.message).replace(b'"go"', b'"no"'))
    assert not queries.signatories(weighing)[0].valid


def test_only_the_newest_weighing_is_signed(office: Office) -> None:
    office.closed()
    with later():
        gate = office.gate()
        older, _newer = office.weigh(gate), office.weigh(gate)
        with refused("gate_older"):
            actions.sign(office.director, older.pk, decision="go")


def test_who_may_do_what(office: Office) -> None:
    with later():
        gate = office.gate()
        with refused("forbidden"):
            actions.weigh(office.director, gate)
        with refused("forbidden"):
            actions.sign(office.manager, office.weigh(gate).pk, decision="hold", reason="x")


def test_a_gate_is_defined_anew_and_the_old_version_is_not_weighed(office: Office) -> None:
    first = office.gate()
    second = office.gate(LOOP)
    assert [g.version for g in Gate.objects.order_by("pk")] == [1, 2]
    assert [g.pk for g in queries.gates()] == [second]
    with refused("gate_superseded"):
        actions.weigh(office.manager, first)


@pytest.mark.parametrize(("wishes", "code"), [
    ([], "gate_empty"),
    ([LOOP._replace(measure="beauty")], "unknown_measure"),
    ([LOOP._replace(bound="==")], "criterion_bad"),
    ([LOOP._replace(minimum=0)], "criterion_bad"),
])  # fmt: skip
def test_a_gate_that_cannot_be_weighed_is_not_defined(office: Office, wishes: list[CriterionWish], code: str) -> None:
    with refused(code):
        actions.define(office.manager, "pilot", name="试点门", phase="pilot", criteria=wishes)
    assert not Gate.objects.exists()


def test_a_gate_is_not_weighed_ahead_of_time(office: Office) -> None:
    with refused("gate_future"):
        actions.weigh(office.manager, office.gate(), at=clock.now() + timedelta(days=1))


def test_a_replay_gives_the_same_verdict_after_further_acts(office: Office) -> None:
    scene = office.scene
    office.closed()
    with later():
        gate = office.gate()
        weighing = office.weigh(gate)
        rx = scene.signed()
        orders.stop(scene.doctor, rx, wording.choices("stop_reasons")[0][0])
        scene.signed()
        scene.inpatient()
        again = queries.replay(weighing)
        assert again.same
        assert again.verdict == "pass"
    with clock.at(NIGHT):
        assert office.weigh(gate).verdict == "fail"
        assert queries.replay(weighing).same


def test_a_replay_tells_a_figure_that_was_changed(office: Office) -> None:
    office.closed()
    with later():
        weighing = office.weigh(office.gate())
    FrozenReading.objects.filter(weighing=weighing, criterion__seq=1).update(value=Decimal(96))
    again = queries.replay(weighing)
    assert not again.same
    assert [row.same for row in again.rows] == [False, True, True]
