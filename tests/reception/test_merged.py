"""The desk and a person of two records: one person's limits, bans, lists and registrations."""

from datetime import datetime, time, timedelta

import pytest

from luodi.cli import work
from luodi.patients import actions as identities
from luodi.reception import actions, policy, queries
from luodi.reception.models import Appointment, Registration
from luodi.reception.refusals import AlreadyBooked, AlreadyRegistered, Banned
from luodi.trust import clock
from luodi.trust.clock import HOSPITAL_ZONE, today

NOON = datetime.combine(today(), time(12), HOSPITAL_ZONE)


@pytest.fixture(autouse=True)
def _noon():
    """Every test begins at noon of today."""
    with clock.at(NOON):
        yield


@pytest.fixture
def pair(house):
    """Two records, and how they are made one and two again."""
    known, other = house.patient(), house.patient()

    class Pair:
        def merge(self) -> int:
            return identities.merge(house.clerk, known, other, "registered_twice")

        def __iter__(self):
            return iter((known, other))

    return Pair()


def day(ahead: int):
    return NOON.date() + timedelta(days=ahead)


def test_limits_of_booking_count_both_records(house, pair):
    known, other = pair
    first, second = house.session(on=day(1)), house.session(house.second, on=day(1), room="4 诊室")
    held = actions.book(house.clerk, other, first)
    made = pair.merge()
    with pytest.raises(AlreadyBooked):
        actions.book(house.clerk, known, second)
    assert [card.pk for card in queries.appointments_of(known)] == [held]
    identities.unmerge(house.clerk, made, "wrong_pair", "看错了")
    assert queries.appointments_of(known) == []
    assert actions.book(house.clerk, known, second)


def test_no_shows_of_both_records_make_a_ban_and_a_lift_ends_it(house, pair):
    known, other = pair
    for ahead in range(1, policy.booking().missed_count + 1):
        actions.book(house.clerk, (known, other)[ahead % 2], house.session(on=day(ahead)))
    with clock.at(NOON + timedelta(days=policy.booking().missed_count + 1)):
        work.keep_slots()
        assert queries.ban_of(known) is queries.ban_of(other) is None
        made = pair.merge()
        assert queries.ban_of(known) == queries.ban_of(other) is not None
        with pytest.raises(Banned):
            actions.book(house.clerk, other, house.session(on=day(8)))
        actions.lift_ban(house.clerk, other, "申诉成立")
        assert queries.ban_of(known) is None
        identities.unmerge(house.clerk, made, "wrong_pair", "看错了")
        assert queries.ban_of(known) is queries.ban_of(other) is None


def test_who_comes_with_the_other_records_appointment_is_registered_as_the_person(house, pair):
    known, other = pair
    session = house.session(on=day(1))
    held = actions.book(house.clerk, other, session)
    pair.merge()
    with clock.at(datetime.combine(day(1), time(8), HOSPITAL_ZONE)):
        made = actions.arrive(house.clerk, held)
        assert (made.patient, Appointment.objects.get(pk=held).patient_id) == (known, other)
        assert Registration.objects.get(pk=made.registration).patient_id == known
        with pytest.raises(AlreadyRegistered):
            actions.register(house.clerk, other, session)


def test_a_person_keeps_one_place_on_a_waiting_list(house, pair):
    known, other = pair
    session = house.session(capacity=1, on=day(1))
    actions.book(house.clerk, house.patient("占号"), session)
    place = actions.wait_for(house.clerk, other, session)
    pair.merge()
    assert actions.wait_for(house.clerk, known, session) == place
    assert [card.pk for card in queries.waits_of(known)] == [place]


def test_who_has_another_appointment_by_the_other_record_is_not_to_be_called(house, pair):
    known, other = pair
    stopped, another = house.session(on=day(1)), house.session(house.second, on=day(2), room="4 诊室")
    lost = actions.book(house.clerk, known, stopped)
    actions.book(house.clerk, other, another)
    actions.stop_session(house.clerk, stopped, "医师生病")
    assert [card.pk for card in queries.stopped_without_another()] == [lost]
    pair.merge()
    assert queries.stopped_without_another() == []
