"""候补: slots that come back go to those who wait, in turn."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luodi.cli import work
from luodi.reception import actions, policy, queries
from luodi.reception.models import Appointment, Wait
from luodi.reception.refusals import NotFull, NotWaiting, OthersWait
from luodi.trust import clock
from luodi.trust.actor import system
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.trust.refusal import Forbidden
from tests.reception.test_laws import at_once
from tests.reception.test_screens import log_in, shown
from tests.sending import twice

NOON = datetime.combine(today(), time(12), HOSPITAL_ZONE)
DAY = today() + timedelta(days=1)
PROGRAM = system("worker")


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def full(house):
    """A session of two slots, both sold: its key and the two appointments."""
    session = house.session(capacity=2, on=DAY)
    return session, [actions.book(house.clerk, house.patient(f"先{i}"), session) for i in range(2)]


def held_for() -> list[int]:
    return [card.patient for card in queries.offered()]


def test_a_slot_that_comes_back_is_held_for_the_first_of_the_list(house, full):
    session, sold = full
    first, second = house.patient("甲"), house.patient("乙")
    for patient in (first, second, first):
        actions.wait_for(house.clerk, patient, session)
    assert [card.place for patient in (first, second) for card in queries.waits_of(patient)] == [1, 2]
    actions.cancel_appointment(house.clerk, sold[0], "patient")
    with pytest.raises(OthersWait) as later:
        actions.book(house.clerk, house.patient("丙"), session)
    assert "2 人候补" in str(later.value)
    work.keep_slots()
    assert held_for() == [first]
    assert queries.waits_of(first) == []
    (offered,) = queries.offered()
    assert offered.held_until == NOON + timedelta(minutes=policy.booking().offer_minutes)
    actions.confirm(house.clerk, offered.pk)
    assert held_for() == []
    assert queries.appointment(offered.pk).state == "booked"


def test_what_is_not_confirmed_goes_to_the_next(house, full):
    session, sold = full
    people = [house.patient(name) for name in ("甲", "乙")]
    for patient in people:
        actions.wait_for(house.clerk, patient, session)
    actions.cancel_appointment(house.clerk, sold[1], "patient")
    work.keep_slots()
    with clock.at(NOON + timedelta(minutes=policy.booking().offer_minutes)):
        work.keep_slots()
        work.keep_slots()
        assert held_for() == [people[1]]
        assert not Wait.objects.filter(state="waiting").exists()


def test_who_booked_elsewhere_meanwhile_does_not_stand_in_the_way(house, full):
    session, sold = full
    people = [house.patient(name) for name in ("甲", "乙")]
    for patient in people:
        actions.wait_for(house.clerk, patient, session)
    actions.book(house.clerk, people[0], house.session(house.second, on=DAY, room="4 诊室"))
    actions.cancel_appointment(house.clerk, sold[0], "patient")
    work.keep_slots()
    work.keep_slots()
    assert held_for() == [people[1]]


def test_the_list_is_for_full_sessions_and_can_be_left(house, full):
    session, _sold = full
    with pytest.raises(NotFull):
        actions.wait_for(house.clerk, house.patient("甲"), house.session(house.second, on=DAY, room="4 诊室"))
    wait = actions.wait_for(house.clerk, house.patient("乙"), session)
    with pytest.raises(Forbidden):
        actions.offer(house.clerk, wait)
    with pytest.raises(NotWaiting):
        actions.offer(PROGRAM, wait)
    actions.leave_list(house.clerk, wait)
    with pytest.raises(NotWaiting):
        actions.leave_list(house.clerk, wait)


def test_a_stop_ends_the_list(house, full):
    session, _sold = full
    actions.wait_for(house.clerk, (patient := house.patient("甲")), session)
    actions.stop_session(house.clerk, session, "进修")
    assert queries.waits_of(patient) == []
    work.keep_slots()
    assert queries.offered() == []


def test_the_list_on_the_screens(house, full):
    session, sold = full
    patient, clerk = house.patient("候补者"), log_in(house.clerk)
    there = reverse("reception:book", args=[patient])
    second = twice(clerk, f"{there}?on={DAY}", {"place": f"w{session}"})
    assert second.status_code == 303
    assert "第 1 位" in shown(clerk.get(there))
    assert "1 人在等" in shown(clerk.get(f"{there}?on={DAY}"))
    actions.cancel_appointment(house.clerk, sold[0], "patient")
    work.keep_slots()
    page = shown(clerk.get(reverse("reception:appointments")))
    assert "候补到号" in page
    (offered,) = queries.offered()
    assert reverse("reception:appointment", args=[offered.pk]) in page
    again = twice(clerk, reverse("reception:confirmation", args=[offered.pk]), {})
    assert (again.status_code, "已经确认" in shown(again)) == (422, True)
    wait = actions.wait_for(house.clerk, house.patient("另一位"), session)
    leave = reverse("reception:leaving", args=[Wait.objects.get(pk=wait).patient_id, wait])
    for _turn in range(2):
        assert clerk.post(leave).status_code == 303, "off the list, which is what was asked"
    assert Wait.objects.get(pk=wait).state == "left"


@pytest.mark.law
def test_two_offers_at_once_hold_one_slot_for_one_patient(shared):
    session = shared.session(capacity=1, on=DAY)
    sold = actions.book(shared.clerk, shared.patient("先"), session)
    waits = [actions.wait_for(shared.clerk, shared.patient(f"候{i}"), session) for i in range(3)]
    actions.cancel_appointment(shared.clerk, sold, "patient")
    answers = at_once(*(lambda w=wait: actions.offer(PROGRAM, w) for wait in (*waits, *waits)))
    made = [answer for answer in answers if isinstance(answer, int)]
    assert len(made) == 1
    assert all(isinstance(answer, NotWaiting) for answer in answers if answer not in made)
    assert Appointment.objects.get(pk=made[0]).patient_id == Wait.objects.get(pk=waits[0]).patient_id


@pytest.mark.law
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(leaves=st.sets(st.integers(0, 5)), back=st.integers(1, 4))
def test_slots_go_round_in_the_order_of_asking(house, leaves, back):
    """Whoever leaves the list, the others are offered in the order in which they asked."""
    from django.db import transaction

    with transaction.atomic():
        session = house.session(capacity=4, on=DAY)
        sold = [actions.book(house.clerk, house.patient(f"先{i}"), session) for i in range(4)]
        people = [house.patient(f"候{i}") for i in range(6)]
        waits = [actions.wait_for(house.clerk, patient, session) for patient in people]
        for number in sorted(leaves):
            actions.leave_list(house.clerk, waits[number])
        for appointment in sold[:back]:
            actions.cancel_appointment(house.clerk, appointment, "patient")
        for _round in range(back):
            work.keep_slots()
        still = [patient for number, patient in enumerate(people) if number not in leaves]
        assert sorted(held_for()) == sorted(still[:back])
        transaction.set_rollback(True)


def test_the_today_page_counts_those_who_are_to_be_told(house, full):
    session, sold = full
    actions.wait_for(house.clerk, house.patient("甲"), session)
    actions.cancel_appointment(house.clerk, sold[0], "patient")
    assert queries.to_tell() == 0
    work.keep_slots()
    assert queries.to_tell() == 1
    assert "停诊待通知和候补到号" in shown(log_in(house.clerk).get("/"))
