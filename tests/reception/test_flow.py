"""Back with results, late, transferred, shared out: what happens to one patient, and what the screens say."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from luodi.chart import actions as charting
from luodi.chart import queries as charts
from luodi.reception import actions, order, policy, queries, reasons, sharing
from luodi.reception.models import Appointment, Registration, Session, Ticket
from luodi.reception.refusals import (
    AlreadyRegistered,
    AlreadyThere,
    NoSession,
    NotASessionHere,
    NothingToReturnTo,
    NotInThisQueue,
    TicketMoved,
)
from luodi.trust import clock
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.trust.refusal import Forbidden
from tests.reception.test_screens import HTMX, log_in, shown

NINE = datetime.combine(today(), time(9), HOSPITAL_ZONE)


@pytest.fixture(autouse=True)
def _morning():
    """Every test begins at nine o'clock of today."""
    with clock.at(NINE):
        yield


@pytest.fixture
def other(house):
    """A session of the second doctor beside the first one's."""
    return house.session(doctor=house.second, room="5 诊室")


def numbers(house, doctor=None):
    staff = doctor.staff if doctor else None
    return [row.number for row in queries.queue(house.unit["GIM"], staff, ("waiting",))]


def see(house, *made):
    for one in made:
        actions.start(house.doctor, one.ticket)
        actions.finish(house.doctor, one.ticket)


def saying(row):
    return reasons.why_there(row, "clinic")


# Back with results


def test_who_comes_back_waits_for_the_same_doctor_without_a_new_number_or_fee(house, enrol):
    session = house.session()
    made = enrol(5, session)
    see(house, made[0])
    with clock.at(NINE + timedelta(minutes=40)):
        actions.come_back(house.nurse, made[0].ticket)
        assert numbers(house, house.doctor) == [2, 3, 1, 4, 5]
        row = queries.ticket(made[0].ticket)
    assert (row.returns, row.number, row.doctor, row.minutes) == (1, 1, house.doctor.staff, 0)
    assert row.checked_in_at == NINE, "the check-in stays what it was"
    assert Registration.objects.count() == 5
    assert Session.objects.get(pk=session).taken == 5
    assert "2 位新患者之后 1 位回诊" in saying(row)
    assert actions.start(house.doctor, made[0].ticket) == made[0].encounter
    assert made[0].ticket in [each.ticket for each in queries.desk(house.unit["GIM"], house.doctor.staff)]


def test_who_was_seen_by_another_doctor_comes_back_to_that_one(house, enrol, other):
    (made,) = enrol(1, house.session())
    actions.start(house.second, made.ticket)
    actions.come_back(house.nurse, made.ticket)
    row = queries.ticket(made.ticket)
    assert (row.doctor, row.room) == (house.second.staff, "5 诊室")


def test_nobody_comes_back_before_being_seen_or_after_the_visit(house, enrol):
    waits, closed, tomorrow = enrol(3, house.session())
    with pytest.raises(TicketMoved):
        actions.come_back(house.nurse, waits.ticket)
    actions.start(house.doctor, closed.ticket)
    charting.close_encounter(house.doctor, closed.encounter, "left")
    with pytest.raises(NothingToReturnTo):
        actions.come_back(house.nurse, closed.ticket)
    see(house, tomorrow)
    with clock.at(NINE + timedelta(days=1)), pytest.raises(NothingToReturnTo):
        actions.come_back(house.nurse, tomorrow.ticket)
    with pytest.raises(Forbidden):
        actions.come_back(house.clerk, tomorrow.ticket)


def test_in_emergency_whoever_is_there_takes_who_comes_back(house):
    made = actions.register(house.ed_nurse, house.patient(), unit=house.unit["ED"])
    actions.start(house.ed_doctor, made.ticket)
    actions.come_back(house.ed_nurse, made.ticket)
    row = queries.ticket(made.ticket)
    assert (row.doctor, row.state) == (None, "waiting")
    assert charts.encounter(made.encounter).doctor == house.ed_doctor.staff
    actions.start(house.ed_doctor, made.ticket)
    assert [each.ticket for each in queries.desk(house.unit["ED"], house.ed_doctor.staff)] == [made.ticket]


def test_a_transferred_patient_with_results_is_taken_on_by_the_other_doctor(house, enrol, other):
    (made,) = enrol(1, house.session())
    see(house, made)
    actions.come_back(house.nurse, made.ticket)
    actions.transfer(house.nurse, made.ticket, other)
    actions.start(house.second, made.ticket)
    assert [row.ticket for row in queries.desk(house.unit["GIM"], house.second.staff)] == [made.ticket]
    assert queries.desk(house.unit["GIM"], house.doctor.staff) == []


def test_an_empty_queue_takes_who_comes_back_at_once(house, enrol):
    (made,) = enrol(1, house.session())
    see(house, made)
    with clock.at(NINE + timedelta(minutes=30)):
        actions.come_back(house.nurse, made.ticket)
        enrol(1, Session.objects.get().pk)
        assert numbers(house) == [1, 2]


# Late


def booked(house, session=None):
    """An appointment of tomorrow morning for a new patient; (key, its row)."""
    tomorrow = session or house.session(capacity=16, on=today() + timedelta(days=1))
    key = actions.book(house.clerk, house.patient(f"约{Appointment.objects.count()}"), tomorrow)
    return Appointment.objects.get(pk=key)


def test_a_late_patient_queues_from_now_and_is_told(house):
    late = booked(house)
    with clock.at(late.ends + timedelta(minutes=5)):
        walk_in = actions.register(house.clerk, house.patient("现场"), late.session_id)
        made = actions.arrive(house.clerk, late.pk)
        assert numbers(house) == [walk_in.number, made.number]
        row = queries.ticket(made.ticket)
        assert (row.why, row.place_at) == ("late", row.checked_in_at)
        assert "迟到，按现场号从 08:35 排" in saying(row)
        page = shown(log_in(house.clerk).get(reverse("reception:registration", args=[made.registration])))
        assert "迟到，按现场号从 08:35 排" in page


def test_the_desk_says_before_the_check_in_what_lateness_costs(house, monkeypatch):
    late = booked(house)
    there = reverse("reception:appointment", args=[late.pk])
    with clock.at(late.starts):
        assert "已过预约时段" not in shown(log_in(house.clerk).get(there))
    with clock.at(late.ends):
        assert "按现场号排队，从签到时间算起" in shown(log_in(house.clerk).get(there))
        monkeypatch.setattr(policy, "late", lambda *_: policy.Late("behind", 3))
        assert "签到后排在 3 位候诊患者之后" in shown(log_in(house.clerk).get(there))


def test_a_late_patient_goes_behind_so_many_where_that_is_the_rule(house, monkeypatch):
    monkeypatch.setattr(policy, "late", lambda *_: policy.Late("behind", 2))
    late = booked(house)
    with clock.at(late.ends):
        for i in range(4):
            actions.register(house.clerk, house.patient(f"现场{i}"), late.session_id)
        made = actions.arrive(house.clerk, late.pk)
        assert numbers(house) == [1, 2, made.number, 3, 4]
        assert "迟到，排在 2 位之后" in saying(queries.ticket(made.ticket))


@given(
    waiting=st.lists(st.tuples(st.integers(-60, 60), st.integers(1, 9)), max_size=8, unique=True),
    behind=st.integers(0, 4),
    segment=st.integers(-60, 30),
)
def test_coming_late_never_gives_a_better_place_than_coming_in_time(waiting, behind, segment):
    """Nor does having been called and missed: who was before still is before."""

    def at(minutes):
        return NINE + timedelta(minutes=minutes)

    def ticket(pk, place_at, turn=None):
        return Ticket(pk=pk, place_at=place_at, turn=turn, rank=5, level_rank=0, entry_id=0)

    def standing(minutes, pk):
        return ticket(pk, at(minutes))

    line = sorted((standing(*pair) for pair in waiting), key=order.key)
    punctual = order.key(standing(segment, 99))
    place = order.late(line, behind, at(segment))
    late = ticket(99, place.place_at, place.turn)
    back = order.missed(standing(segment, 99), line, behind)
    again = ticket(99, back.place_at, back.turn)
    for moved in (late, again):
        assert order.key(moved) >= punctual
        assert sum(order.key(each) < order.key(moved) for each in line) >= min(behind, len(line))


def test_the_rules_are_data_with_their_dates():
    assert policy.late("clinic").rule == "walk_in"
    assert policy.late("clinic", NINE.date().replace(year=2020)) == policy.Late("walk_in", 0)
    assert policy.news_before("clinic") >= 1
    assert policy.news_before("emergency") >= 1
    assert "returning" not in policy.priorities(), "who comes back stands between the new, not before them"


# Transfer and split


def test_a_transfer_keeps_the_place_in_time_and_the_slot_where_it_was_sold(house, enrol, other):
    session = house.session()
    made = enrol(2, session)
    with clock.at(NINE + timedelta(minutes=10)):
        theirs = actions.register(house.clerk, house.patient("乙"), other)
    with clock.at(NINE + timedelta(minutes=20)):
        number = actions.transfer(house.nurse, made[0].ticket, other)
        assert number == theirs.number + 1, "a number of its own: no two patients of one doctor are called by the same"
        assert numbers(house, house.second) == [2, 1], "checked in earlier, so called earlier"
        row = queries.ticket(made[0].ticket)
        assert (row.doctor, row.room, row.checked_in_at) == (house.second.staff, "5 诊室", NINE)
        assert "由王医生转来，先后不变" in saying(row)
    assert [Session.objects.get(pk=pk).taken for pk in (session, other)] == [2, 1]
    card = queries.registration(made[0].registration)
    assert (card.number, card.doctor_name, card.room) == (2, "李医生", "5 诊室")
    actions.cancel(house.clerk, made[0].registration, "left")
    assert [Session.objects.get(pk=pk).taken for pk in (session, other)] == [1, 1], "the slot goes back where it was"


def test_a_transfer_before_a_clinic_begins_or_into_a_later_one_costs_no_place(house, enrol):
    made = enrol(2, house.session(part="pm"))
    other = house.session(doctor=house.second, part="pm", room="5 诊室")
    with clock.at(NINE + timedelta(minutes=30)):
        theirs = actions.register(house.clerk, house.patient("乙"), other)
        actions.transfer(house.nurse, made[0].ticket, other)
        second = queries.queue(house.unit["GIM"], house.second.staff)
        assert [row.ticket for row in second] == [made[0].ticket, theirs.ticket]
        later = house.session(doctor=house.second, part="night", room="9 诊室")
        assert actions.transfer(house.nurse, made[1].ticket, later) == 1
        whole = [row.ticket for row in queries.queue(house.unit["GIM"])]
    assert whole == [made[0].ticket, made[1].ticket, theirs.ticket]


def test_where_nobody_can_be_transferred(house, enrol, other):
    session = house.session()
    waits, seen, called = enrol(3, session)
    for wrong in (session, 999_999, house.session(on=today() + timedelta(days=1))):
        with pytest.raises(NotASessionHere):
            actions.transfer(house.nurse, waits.ticket, wrong)
    see(house, seen)
    with pytest.raises(NotInThisQueue):
        actions.transfer(house.nurse, seen.ticket, other)
    actions.call(house.doctor, called.ticket)
    actions.transfer(house.nurse, called.ticket, other)
    assert queries.ticket(called.ticket).state == "waiting"
    actions.stop_session(house.clerk, other, "医师生病")
    with pytest.raises(NotASessionHere):
        actions.transfer(house.nurse, waits.ticket, other)
    with pytest.raises(Forbidden):
        actions.transfer(house.clerk, waits.ticket, other)


def test_one_patient_has_one_number_with_a_doctor(house, other):
    patient = house.patient()
    first = actions.register(house.clerk, patient, house.session())
    there = actions.register(house.clerk, patient, other)
    with pytest.raises(AlreadyThere):
        actions.transfer(house.nurse, first.ticket, other)
    assert there.number == 1
    once = house.patient("乙")
    actions.transfer(house.nurse, actions.register(house.clerk, once, house.session(part="pm")).ticket, other)
    with pytest.raises(AlreadyRegistered):
        actions.register(house.clerk, once, other)


def test_every_second_is_planned_and_those_with_results_stay(house, enrol, other):
    session = house.session()
    made = enrol(7, session)
    third = house.session(part="pm", room="9 诊室")
    see(house, made[0])
    actions.come_back(house.nurse, made[0].ticket)
    actions.call(house.doctor, made[6].ticket)
    actions.pass_over(house.doctor, made[6].ticket)
    rows = queries.in_session(session)
    assert [row.number for row in rows] == [2, 3, 1, 4, 5, 6, 7]
    plan = sharing.shares(rows, [other, third], 2, stopped=False)
    assert plan == {made[2].ticket: other, made[4].ticket: third}
    gone = sharing.shares(rows, [other], 1, stopped=True)
    assert set(gone) == {one.ticket for one in made}, "a stopped clinic keeps nobody"
    assert sharing.shares(rows, [], 1, stopped=True) == {}


def test_a_stopped_clinic_is_emptied_in_one_act_and_nobody_loses_time(house, enrol, other):
    session = house.session()
    made = enrol(6, session)
    actions.call(house.doctor, made[5].ticket)
    actions.pass_over(house.doctor, made[5].ticket)
    before = [row.ticket for row in queries.queue(house.unit["GIM"])]
    actions.stop_session(house.clerk, session, "医师生病")
    assert actions.split(house.nurse, session, {one.ticket: other for one in made}) == 6
    assert [row.ticket for row in queries.queue(house.unit["GIM"])] == before
    assert queries.in_session(session) == []
    assert [row.number for row in queries.moved_from(session)] == [1, 2, 3, 4, 5, 6]
    assert queries.ticket(made[5].ticket).state == "missed"
    actions.return_to_queue(house.second, made[5].ticket)


def test_a_split_that_cannot_be_whole_moves_nobody(house, enrol, other):
    session = house.session()
    made = enrol(4, session)
    actions.start(house.doctor, made[3].ticket)
    with pytest.raises(NotInThisQueue):
        actions.split(house.nurse, session, {one.ticket: other for one in made})
    assert Ticket.objects.filter(moved_to__isnull=False).count() == 0
    assert Session.objects.get(pk=other).issued == 0
    with pytest.raises(NoSession):
        actions.split(house.nurse, 999_999, {made[0].ticket: other})


# The screens


def test_the_queue_says_why_the_next_is_next_and_brings_back_who_was_seen(house, enrol):
    made = enrol(3, house.session())
    see(house, made[0])
    nurse = log_in(house.nurse)
    there = reverse("reception:queue")
    page = shown(nurse.get(there))
    assert "下一位 2 号：按签到时间 09:00 排" in page
    assert "看过医师、就诊未结束 1 位" in page
    answer = nurse.post(reverse("reception:step", args=[made[0].ticket, "back"]))
    assert answer.status_code == 303
    page = shown(nurse.get(there))
    assert "看过医师" not in page
    assert "回诊" in page
    for one in made[1:]:
        actions.start(house.doctor, one.ticket)
    assert "下一位 1 号：回诊看结果" in shown(nurse.get(there))
    desk = shown(log_in(house.doctor).get(reverse("reception:desk_queue"), **HTMX))
    assert "下一位 1 号：回诊看结果" in desk


def test_a_patient_is_transferred_on_a_page_that_says_where_to_go(house, enrol, other):
    (made,) = enrol(1, house.session())
    nurse = log_in(house.nurse)
    there = reverse("reception:transfer", args=[made.ticket])
    assert there in shown(nurse.get(reverse("reception:queue")))
    assert "李医生 · 上午 · 5 诊室" in shown(nurse.get(there))
    missing = nurse.post(there, {})
    assert missing.status_code == 422
    assert "请选择转到哪位医师" in shown(missing)
    assert nurse.post(there, {"session": other}).status_code == 303
    page = shown(nurse.get(there))
    assert "已由王医生转来，请患者到" in page
    assert "5 诊室" in page
    assert log_in(house.clerk).get(there).status_code == 403


def test_a_split_is_seen_before_it_is_made(house, enrol, other):
    session = house.session()
    made = enrol(5, session)
    nurse = log_in(house.nurse)
    listed = shown(nurse.get(reverse("reception:splitting")))
    there = reverse("reception:split", args=[session])
    assert there in listed
    page = shown(nurse.get(there, {"every": 2, "to": other}))
    assert "预排了 2 位，还没有移动" in page
    assert "李医生 0 → 2" in page
    assert Ticket.objects.filter(moved_to__isnull=False).count() == 0
    nothing = nurse.post(there, {f"to-{made[0].ticket}": ""})
    assert nothing.status_code == 422
    assert "没有选择任何患者" in shown(nothing)
    actions.call(house.doctor, made[1].ticket)
    wanted = {f"to-{made[1].ticket}": other, f"to-{made[3].ticket}": other}
    stale = nurse.post(there, wanted)
    assert stale.status_code == 422
    assert "谁都没有移动" in shown(stale)
    assert nurse.post(there, {f"to-{made[3].ticket}": other}).status_code == 303
    page = shown(nurse.get(there))
    assert "已从这里转走" in page
    assert "5 诊室" in page


def test_a_stopped_session_names_how_many_still_wait(house, enrol):
    session = house.session()
    enrol(2, session)
    actions.stop_session(house.clerk, session, "医师生病")
    page = shown(log_in(house.clerk).get(reverse("reception:session", args=[session])))
    assert "还有 2 位患者在这里候诊" in page
    assert "停诊" in shown(log_in(house.nurse).get(reverse("reception:splitting")))
