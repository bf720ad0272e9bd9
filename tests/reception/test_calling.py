"""The queue: order, calls, missed patients, and what the second of two hears."""

from datetime import timedelta

import pytest

from luodi.chart import actions as charting
from luodi.chart import queries as chart
from luodi.chart.refusals import NoDiagnosis
from luodi.reception import actions, queries
from luodi.reception.models import TicketEvent
from luodi.reception.refusals import NoTicket, TicketMoved
from luodi.trust import access
from luodi.trust.clock import at, now
from luodi.trust.refusal import Forbidden, Refusal


def numbers(house, unit="GIM"):
    return [row.number for row in queries.queue(house.unit[unit])]


def test_call_start_finish_open_the_encounter(house, enrol):
    (made,) = enrol(1, house.session())
    actions.call(house.doctor, made.ticket)
    assert queries.ticket(made.ticket).state == "called"
    assert actions.start(house.doctor, made.ticket) == made.encounter
    assert chart.encounter(made.encounter).doctor == house.doctor.staff
    assert [row.state for row in queries.desk(house.unit["GIM"], house.doctor.staff)] == ["serving"]
    actions.finish(house.doctor, made.ticket)
    assert queries.desk(house.unit["GIM"], house.doctor.staff) == []
    events = TicketEvent.objects.filter(ticket=made.ticket).order_by("seq")
    assert [event.event for event in events] == ["checked_in", "called", "started", "done"]
    assert events[1].staff_id == house.doctor.staff
    assert events[1].room == "3 诊室"


def test_an_encounter_opened_from_the_record_leaves_the_queue_with_its_ticket(house, enrol):
    (made,) = enrol(1, house.session())
    charting.open_encounter(house.doctor, made.encounter)
    assert actions.start(house.doctor, made.ticket) == made.encounter
    assert queries.ticket(made.ticket).state == "serving"


def test_finish_with_a_disposition_closes_the_encounter_or_neither(house, enrol):
    (made,) = enrol(1, house.session())
    actions.start(house.doctor, made.ticket)
    with pytest.raises(NoDiagnosis):
        actions.finish(house.doctor, made.ticket, "home")
    assert queries.ticket(made.ticket).state == "serving"
    actions.finish(house.doctor, made.ticket, "left")
    assert chart.encounter(made.encounter).closed_at is not None


def test_an_encounter_closed_at_the_desk_leaves_the_queue(house, enrol):
    (made,) = enrol(1, house.session())
    actions.start(house.doctor, made.ticket)
    charting.close_encounter(house.doctor, made.encounter, "left")
    assert queries.desk(house.unit["GIM"], house.doctor.staff) == []


def test_the_second_caller_hears_who_was_first(house, enrol):
    (made,) = enrol(1, house.session())
    actions.call(house.doctor, made.ticket, room="5 诊室")
    with pytest.raises(TicketMoved) as refused:
        actions.call(house.second, made.ticket)
    said = str(refused.value)
    assert "王医生" in said
    assert "5 诊室" in said
    assert queries.ticket(made.ticket).calls == 1


def test_missed_patient_goes_behind_the_next_three(house, enrol):
    made = enrol(6, house.session())
    actions.call(house.doctor, made[0].ticket)
    actions.recall(house.doctor, made[0].ticket)
    assert queries.ticket(made[0].ticket).calls == 2
    actions.pass_over(house.doctor, made[0].ticket)
    assert queries.ticket(made[0].ticket).state == "missed"
    actions.return_to_queue(house.nurse, made[0].ticket)
    assert numbers(house) == [2, 3, 4, 1, 5, 6]
    assert queries.ticket(made[0].ticket).checked_in_at < queries.ticket(made[1].ticket).checked_in_at


def test_returning_to_an_empty_queue(house, enrol):
    (made,) = enrol(1, house.session())
    actions.call(house.doctor, made.ticket)
    actions.pass_over(house.doctor, made.ticket)
    actions.return_to_queue(house.doctor, made.ticket)
    assert numbers(house) == [1]


def test_priority_goes_first_and_names_its_reason(house, enrol):
    session = house.session()
    enrol(2, session)
    actions.register(house.clerk, house.patient("老人家"), session, priority="aged")
    assert numbers(house) == [3, 1, 2]
    assert queries.queue(house.unit["GIM"])[0].priority_name == "高龄(80岁及以上)"


@pytest.mark.parametrize("step", ["recall", "pass_over", "return_to_queue", "finish"])
def test_steps_out_of_turn_are_refused(house, enrol, step):
    (made,) = enrol(1, house.session())
    with pytest.raises(TicketMoved):
        getattr(actions, step)(house.doctor, made.ticket)


def test_who_may_not_call(house, enrol):
    (made,) = enrol(1, house.session())
    with pytest.raises(Forbidden):
        actions.call(house.clerk, made.ticket)
    with pytest.raises(access.NoCare):
        actions.call(house.ed_doctor, made.ticket)
    with pytest.raises(Forbidden):
        actions.start(house.nurse, made.ticket)
    with pytest.raises(NoTicket):
        actions.call(house.doctor, 999_999)


def test_a_call_names_the_room(house):
    made = actions.register(house.ed_nurse, house.patient(), unit=house.unit["ED"])
    actions.call(house.ed_doctor, made.ticket, room="抢救 1")
    assert queries.ticket(made.ticket).room == "抢救 1"
    with pytest.raises(Refusal):
        actions.recall(
            house.ed_doctor, actions.register(house.ed_nurse, house.patient("乙"), unit=house.unit["ED"]).ticket
        )


def test_doctor_sees_own_queue_and_the_unit_sees_all(house):
    mine, other = house.session(), house.session(doctor=house.second)
    actions.register(house.clerk, house.patient("甲"), mine)
    actions.register(house.clerk, house.patient("乙"), other)
    assert len(queries.queue(house.unit["GIM"])) == 2
    assert [row.name for row in queries.queue(house.unit["GIM"], house.second.staff)] == ["乙"]


def test_yesterdays_clinic_tickets_are_gone_and_emergency_ones_stay(house, enrol):
    enrol(1, house.session())
    actions.register(house.ed_nurse, house.patient("急诊"), unit=house.unit["ED"])
    with at(now() + timedelta(hours=25)):
        assert numbers(house) == []
        assert numbers(house, "ED") == [1]
        assert queries.waiting(house.unit["ED"])[0] == 1


def test_board_shows_no_full_name(house):
    session = house.session()
    names = ["欧阳建国", "李明", "<b>Robert'); --", "无"]
    made = [actions.register(house.clerk, house.patient(name), session) for name in names]
    actions.call(house.doctor, made[1].ticket)
    walls = queries.hall(house.unit["GIM"])
    assert [(row.number, row.room) for row in walls.calls] == [(2, "3 诊室")]
    shown = [row.masked for row in walls.calls + walls.next]
    assert not set(shown) & set(names)
    assert all("*" in masked for masked in shown)


def test_wait_is_counted_from_check_in_against_the_units_limit(noon, house, enrol):
    enrol(1, house.session())
    with at(now() + timedelta(minutes=41)):
        (row,) = queries.queue(house.unit["GIM"])
        assert row.minutes in (40, 41)
        assert row.limit == 30
