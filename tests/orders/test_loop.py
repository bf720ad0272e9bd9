"""The loop table, its routes, its refusals in words."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from luodi.orders import actions, loop, queries
from luodi.orders.loop import LABEL, LOOP, STATE, Step
from luodi.orders.models import LoopStep, Task
from luodi.orders.quantity import needed
from luodi.orders.refusals import LoopMoved, LoopSkipped
from luodi.orders.split import doses, planned_times
from luodi.terms.rulebook import DrugFact, FrequencyFact
from luodi.trust import access, clock, ledger
from luodi.trust.refusal import Forbidden
from tests.orders.place import AMBROXOL, IBUPROFEN, PARACETAMOL_PRN, later, refused, relate

ON = date(2026, 11, 23)
SHANGHAI = clock.HOSPITAL_ZONE


def test_every_step_has_rule_label_and_state():
    assert set(LOOP) == set(LABEL) == set(STATE) == set(Step)


def test_shipped_routes():
    short = ("signed", "reviewed", "prepared", "checked", "dispensed")
    long = ("signed", "reviewed", "verified", "prepared", "checked", "dispensed", "received")
    assert loop.route("outpatient", ON) == loop.route("emergency", ON) == short
    assert loop.route("observation", ON) == loop.route("inpatient", ON) == long
    assert loop.route_of("outpatient", ON).last == ("dispensed",)
    assert loop.route_of("inpatient", ON).last == ("administered", "refused", "held")


def test_payment_is_in_the_table_and_in_no_shipped_route():
    assert all(Step.PAID not in route.steps for route in loop.routes())
    steps = (Step.SIGNED, Step.REVIEWED, Step.PAID, Step.PREPARED, Step.CHECKED, Step.DISPENSED)
    loop.checked(loop.Route("outpatient", steps, (Step.DISPENSED,), 1, ON, None, ""))
    assert loop.predecessors(Step.PREPARED, steps) == {Step.PAID, Step.UNPREPARED, Step.OWED}


@pytest.mark.parametrize(
    "steps",
    [
        "reviewed signed prepared checked dispensed",
        "signed prepared checked dispensed",
        "signed reviewed prepared dispensed",
        "signed reviewed checked prepared dispensed",
        "signed reviewed reviewed prepared checked dispensed",
        "signed reviewed prepared checked dispensed administered",
        "",
    ],
)
def test_a_route_that_skips_or_reorders_is_refused(steps):
    chosen = tuple(Step(word) for word in steps.split())
    with pytest.raises(loop.BadRouteError):
        loop.checked(loop.Route("outpatient", chosen, chosen[-1:], 1, ON, None, ""))


def test_no_route_is_an_error_never_an_empty_one():
    with pytest.raises(loop.BadRouteError):
        loop.route("outpatient", date(2000, 1, 1))


def test_the_refusal_names_what_is_missing(place):
    rx = place.signed()
    with pytest.raises(LoopSkipped) as refusal:
        place.take(rx, Step.PREPARED)
    assert str(refusal.value.message) == "尚未审方，不能调配。"
    assert str(refusal.value.next) == "请先完成：审方。"
    with pytest.raises(LoopSkipped) as refusal:
        place.take(rx, Step.CHECKED)
    assert str(refusal.value.message) == "尚未审方 调配，不能药师核对。"
    actions.stop(place.doctor, rx, "wrong_entry")
    with pytest.raises(LoopSkipped) as refusal:
        place.take(rx, Step.REVIEWED)
    assert str(refusal.value.message) == "处方已停止，不能审方。"


def test_a_step_that_the_route_lacks(place):
    rx = place.signed()
    place.take(rx, Step.REVIEWED)
    relate(place.registrar, queries.prescription(rx).patient, place.units["W1"])
    with pytest.raises(LoopSkipped) as refusal:
        actions.advance(place.nurse, rx, Step.VERIFIED, {"version": 1})
    assert "没有“护士核对”这一环节" in str(refusal.value)


def test_permission_of_each_step_comes_from_the_table(place):
    rx = place.signed()
    with pytest.raises(Forbidden):
        actions.advance(place.dispenser, rx, Step.REVIEWED, {"version": 1})
    assert access.may(place.dispenser, "dispense.prepare")


def test_proof_is_required(place):
    rx = place.signed()
    with refused("loop_no_proof") as refusal:
        actions.advance(place.pharmacist, rx, Step.RETURNED, {"reasons": []})
    assert "reasons" in str(refusal.value)


@pytest.mark.parametrize("step", [Step.SIGNED, Step.STOPPED, Step.EXPIRED, Step.DRAFTED, Step.ADMINISTERED])
def test_signing_and_stopping_are_never_a_bare_step(place, step):
    rx = place.draft()
    with refused("loop_own_act"):
        actions.advance(place.doctor, rx, step, {"signature": 1, "version": 1, "reason": "x", "valid_until": "x"})


def test_a_stale_page_does_not_advance(place):
    rx = place.signed()
    seen = queries.prescription(rx).rev
    place.take(rx, Step.REVIEWED)
    with pytest.raises(LoopMoved) as refusal:
        actions.advance(place.pharmacist, rx, Step.RETURNED, {"reasons": ["2-5"]}, rev=seen)
    assert "已审方" in str(refusal.value)


def test_undoing_the_preparation_leads_back_before_it(place):
    rx = place.to(place.signed(), Step.CHECKED)
    place.take(rx, Step.UNPREPARED)
    assert [row.pk for row in queries.awaiting_preparation()] == [rx]
    assert queries.awaiting_check() == []
    place.take(rx, Step.PREPARED)
    assert [row.pk for row in queries.awaiting_check()] == [rx]


def test_worklists_follow_the_route_of_each_visit_class(place):
    out, inside = place.signed(), place.signed("inpatient")
    assert {row.pk for row in queries.awaiting_review()} == {out, inside}
    for rx in (out, inside):
        place.take(rx, Step.REVIEWED)
    assert [row.pk for row in queries.awaiting_preparation()] == [out]
    assert [row.pk for row in queries.awaiting_verification(place.units["W1"])] == [inside]
    assert queries.awaiting_verification(place.units["GIM"]) == []
    place.take(inside, Step.VERIFIED)
    assert [row.pk for row in queries.awaiting_preparation()] == [out, inside]
    place.take(inside, Step.PREPARED)
    place.take(inside, Step.CHECKED)
    assert [row.pk for row in queries.awaiting_handing()] == [inside]
    place.take(inside, Step.DISPENSED)
    assert [row.pk for row in queries.awaiting_receipt(place.units["W1"])] == [inside]


def test_a_worklist_row_says_since_when_and_what_to_mind(place):
    with clock.at(later(minutes=5)):
        rx = place.signed("outpatient", AMBROXOL, IBUPROFEN)
    (row,) = queries.awaiting_review()
    assert (row.pk, row.since, row.drugs, row.high_alert, row.controlled) == (rx, later(minutes=5), 2, False, False)


def test_returned_replied_with_a_change_and_reviewed_again(place):
    rx = place.signed("outpatient", AMBROXOL, IBUPROFEN)
    place.take(rx, Step.RETURNED)
    assert [row.pk for row in queries.returned(place.doctor.staff)] == [rx]
    with refused("loop_moved"):
        actions.sign(place.doctor, rx)
    actions.drop_line(place.doctor, rx, 2)
    assert [line.medicine for line in queries.prescription(rx, 1).lines] == ["M0565", "M0424"]
    actions.reply(place.doctor, rx, "已删去布洛芬")
    card = queries.prescription(rx)
    assert (card.step, card.version, [line.medicine for line in card.lines]) == (Step.SIGNED, 2, ["M0565"])
    assert [(s.version, s.valid, s.matches) for s in queries.signatures(rx)] == [(1, True, True), (2, True, True)]
    assert [(word.text, word.changed, word.version) for word in queries.replies(rx)] == [("已删去布洛芬", True, 2)]
    assert [row.version for row in queries.awaiting_review()] == [2]
    assert card.number == f"261123-{place.doctor.staff}-001"


def test_returned_and_confirmed_as_it_was(place):
    rx = place.signed("outpatient", IBUPROFEN)
    place.take(rx, Step.RETURNED)
    with refused("reply_missing"):
        actions.reply(place.doctor, rx, "  ")
    actions.reply(place.colleague, rx, "已与药师电话沟通，按原方")
    assert [(word.text, word.changed) for word in queries.replies(rx)] == [("已与药师电话沟通，按原方", False)]
    first, second = queries.signatures(rx)
    assert (first.version, second.version, second.staff) == (1, 2, place.colleague.staff)
    assert second.matches
    assert queries.prescription(rx, 2).lines[0].dose == queries.prescription(rx, 1).lines[0].dose


def test_stop_with_a_code_or_in_words(place):
    first, second = place.signed(), place.signed()
    actions.stop(place.doctor, first, "patient_refused")
    actions.stop(place.doctor, second, "家属要求转院")
    assert queries.stop_words(first).text == "患者拒绝"
    assert queries.stop_words(second).text == "家属要求转院"
    codes = [entry.facts["reason"] for entry in ledger.entries(verb="prescription.stop")]
    assert codes == ["patient_refused", "written"]
    with refused("loop_skipped"):
        actions.stop(place.doctor, first, "wrong_entry")


def test_a_dispensed_outpatient_prescription_cannot_be_stopped(place):
    rx = place.to(place.signed(), Step.DISPENSED)
    with refused("loop_skipped"):
        actions.stop(place.doctor, rx, "wrong_entry")


def test_stopped_after_preparation_is_listed_for_the_pharmacy(place):
    rx = place.to(place.signed(), Step.PREPARED)
    untouched = place.signed()
    for pk in (rx, untouched):
        actions.stop(place.doctor, pk, "changed_treatment")
    assert [row.pk for row in queries.stopped_after(Step.PREPARED)] == [rx]


def test_doses_are_split_at_signing_for_a_bed_and_not_for_the_clinic(place):
    out, inside = place.signed(), place.signed("inpatient", AMBROXOL, PARACETAMOL_PRN)
    assert queries.tasks(out) == []
    planned = [task.planned_at.astimezone(SHANGHAI) for task in queries.tasks(inside)]
    assert len(planned) == 9
    assert planned[0] == datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
    assert planned[-1] == datetime(2026, 11, 26, 8, tzinfo=SHANGHAI)
    assert queries.prescription(inside).bedside


def test_a_dose_is_given_only_after_receipt_and_never_after_a_stop(place):
    rx = place.to(place.signed("inpatient"), Step.DISPENSED)
    first, second = queries.tasks(rx)[:2]
    proof = {"outcome": "given", "identity": "scanned"}
    with refused("dose_not_ready") as refusal:
        actions.advance_task(place.nurse, first.pk, Step.ADMINISTERED, proof)
    assert "尚未病区接收" in str(refusal.value)
    place.take(rx, Step.RECEIVED)
    actions.advance_task(place.nurse, first.pk, Step.ADMINISTERED, proof)
    with refused("loop_skipped"):
        actions.advance_task(place.nurse, first.pk, Step.ADMINISTERED, proof)
    actions.stop(place.ward_doctor, rx, "adverse_reaction")
    with refused("dose_not_ready") as refusal:
        actions.advance_task(place.nurse, second.pk, Step.ADMINISTERED, proof)
    assert "已停止" in str(refusal.value)


def test_a_held_dose_may_be_given_later_and_a_refused_one_not(place):
    rx = place.to(place.signed("inpatient"), Step.RECEIVED)
    first, second = queries.tasks(rx)[:2]
    held = {"outcome": "held", "reason": "npo"}
    actions.advance_task(place.nurse, first.pk, Step.HELD, held)
    actions.advance_task(place.nurse, first.pk, Step.ADMINISTERED, {"outcome": "given", "identity": "scanned"})
    actions.advance_task(place.nurse, second.pk, Step.REFUSED, {"outcome": "refused", "reason": "patient"})
    with refused("loop_skipped"):
        actions.advance_task(place.nurse, second.pk, Step.ADMINISTERED, {"outcome": "given", "identity": "scanned"})


def test_due_doses_of_patients_at_the_bedside(place):
    rx = place.to(place.signed("inpatient"), Step.DISPENSED)
    patient = queries.prescription(rx).patient
    window = (later(hours=-1), later(hours=8))
    assert queries.due_tasks([patient], *window) == []
    place.take(rx, Step.RECEIVED)
    assert [task.planned_at.astimezone(SHANGHAI).hour for task in queries.due_tasks([patient], *window)] == [12, 16]
    assert queries.due_tasks([patient + 1], *window) == []


def test_a_second_signature_plans_anew_and_the_old_doses_are_gone(place):
    rx = place.signed("inpatient")
    old = {task.pk for task in queries.tasks(rx)}
    place.take(rx, Step.RETURNED)
    actions.put_line(place.ward_doctor, rx, AMBROXOL._replace(frequency="bid", days=Decimal(1)), seq=1)
    actions.reply(place.ward_doctor, rx, "减为每日两次")
    new = {task.pk for task in queries.tasks(rx)}
    assert len(new) == 2
    assert not old & new
    place.to(rx, Step.RECEIVED)
    with refused("dose_not_ready"):
        actions.advance_task(place.nurse, min(old), Step.ADMINISTERED, {"outcome": "given", "identity": "scanned"})


def test_an_as_needed_dose_is_made_on_request(place):
    rx = place.to(place.signed("inpatient", PARACETAMOL_PRN, AMBROXOL), Step.RECEIVED)
    ((_patient, _rx, line),) = queries.prn_lines([queries.prescription(rx).patient])
    assert line.prn
    with refused("line_not_prn"):
        actions.request_prn(place.nurse, rx, 2)
    proof = {"outcome": "given", "identity": "scanned"}
    for _dose in range(4):
        task = actions.request_prn(place.nurse, rx, line.seq)
        with refused("prn_open"):
            actions.request_prn(place.nurse, rx, line.seq)
        actions.advance_task(place.nurse, task, Step.ADMINISTERED, proof)
    with refused("prn_used_up"):
        actions.request_prn(place.nurse, rx, line.seq)
    assert Task.objects.filter(prescription=rx, prn=True).count() == 4


def test_a_short_standby_order_lapses(place):
    rx = place.to(place.signed("inpatient", PARACETAMOL_PRN._replace(frequency="sos")), Step.RECEIVED)
    with clock.at(later(hours=12)), refused("sos_over"):
        actions.request_prn(place.nurse, rx, 1)


def test_the_strip_shows_each_node_with_who_when_and_where(place):
    rx = place.signed("inpatient")
    with clock.at(later(minutes=7)):
        place.take(rx, Step.REVIEWED)
    nodes = queries.strip(rx)
    assert [(str(node["label"]), node["state"]) for node in nodes] == [
        ("开立", "done"), ("签名", "done"), ("审方", "done"), ("护士核对", "current"), ("调配", "future"),
        ("药师核对", "future"), ("发药", "future"), ("病区接收", "future"), ("给药", "future"),
    ]  # fmt: skip
    assert (nodes[2]["who"], nodes[2]["where"], nodes[2]["at"]) == ("测试pharmacist", "PHA", later(minutes=7))


def test_the_strip_of_a_stopped_prescription_ends_there(place):
    rx = place.to(place.signed(), Step.PREPARED)
    actions.stop(place.doctor, rx, "wrong_entry")
    states = [(str(node["label"]), node["state"]) for node in queries.strip(rx)]
    assert states[-3:] == [("药师核对", "skipped"), ("发药", "skipped"), ("停止", "refused")]
    assert ("调配", "done") in states


def test_the_strip_of_a_dose(place):
    rx = place.to(place.signed("inpatient"), Step.RECEIVED)
    task = queries.tasks(rx)[0].pk
    assert queries.task_strip(task)[-1]["state"] == "current"
    actions.advance_task(place.nurse, task, Step.HELD, {"outcome": "held", "reason": "npo"})
    actions.advance_task(place.nurse, task, Step.ADMINISTERED, {"outcome": "given", "identity": "scanned"})
    assert [(str(n["label"]), n["state"]) for n in queries.task_strip(task)[-3:]] == [
        ("拆分", "done"), ("暂缓", "current"), ("给药", "done"),
    ]  # fmt: skip


def test_each_step_row_carries_who_where_which_device_and_what_proof(place):
    rx = place.signed()
    place.take(rx, Step.REVIEWED)
    row = LoopStep.objects.get(prescription=rx, step=Step.REVIEWED)
    assert (row.staff_id, row.unit_id, row.device) == (place.pharmacist.staff, place.units["PHA"], "test")
    assert row.proof == '{"version":1}'


# Splitting and quantities: pure


def frequency(per_day: str | None, *times: str, once: bool = False) -> FrequencyFact:
    return FrequencyFact("f", "f", None if per_day is None else Decimal(per_day), times, once)


@pytest.mark.parametrize(
    ("fact", "days", "count"),
    [
        (frequency("3", "08:00", "12:00", "16:00"), "3", 9),
        (frequency("0.285714", "08:00"), "7", 2),
        (frequency("0.428571", "08:00"), "14", 6),
        (frequency("0.5", "08:00"), "7", 4),
        (frequency("1", once=True), "5", 1),
        (frequency(None), "5", None),
    ],
)
def test_number_of_doses(fact, days, count):
    assert doses(fact, Decimal(days)) == count


def test_a_single_dose_is_due_now():
    start = datetime(2026, 11, 23, 3, 14, tzinfo=UTC)
    assert planned_times(frequency("1", once=True), Decimal(1), start) == [start]


def test_a_dose_less_than_daily_is_spread_evenly():
    start = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
    moments = planned_times(frequency("0.285714", "08:00"), Decimal(14), start)
    first = datetime(2026, 11, 24, 8, tzinfo=SHANGHAI)
    assert moments == [first + timedelta(days=days) for days in (0, 4, 7, 11)]


def test_an_opened_ampoule_is_not_used_again():
    ampoule = DrugFact("x", "x", amount=Decimal(20), amount_unit="mg", pack_unit="支", single_use=True)
    tablet = ampoule._replace(single_use=False)
    twice = frequency("2", "08:00", "16:00")
    assert needed(ampoule, Decimal(10), "mg", twice, Decimal(3)) == 6
    assert needed(tablet, Decimal(10), "mg", twice, Decimal(3)) == 3
    assert needed(tablet, Decimal(10), "喷", twice, Decimal(3)) is None
