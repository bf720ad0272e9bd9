"""Booking ahead: release, quotas, limits, check-in, no-shows, stopped sessions."""

from datetime import datetime, time, timedelta

import pytest

from luodi.cli import work
from luodi.reception import actions, booking, policy, queries
from luodi.reception.models import Appointment, AppointmentEvent, Quota, Registration, Session, Ticket
from luodi.reception.refusals import (
    AlreadyBooked,
    AppointmentMoved,
    Banned,
    ChannelFull,
    Invalid,
    NotADoctorHere,
    NotBookable,
    NotReleased,
    NotToday,
    SessionStopped,
    SlotTaken,
    TooLate,
    TooManyOpen,
)
from luodi.trust import clock
from luodi.trust.actor import system
from luodi.trust.clock import HOSPITAL_ZONE, now, today
from luodi.trust.models import Entry
from luodi.trust.once import TokenUsed
from luodi.trust.refusal import Forbidden

NOON = datetime.combine(today(), time(12), HOSPITAL_ZONE)
PROGRAM = system("worker")


@pytest.fixture(autouse=True)
def _noon():
    """Every test begins at noon of today."""
    with clock.at(NOON):
        yield


def day(ahead: int):
    return NOON.date() + timedelta(days=ahead)


def state(appointment: int) -> str:
    return Appointment.objects.get(pk=appointment).state


def morning(ahead: int, hour: int = 8, minute: int = 0) -> datetime:
    return booking.at(day(ahead), time(hour, minute))


# Arithmetic


def test_slots_are_spread_evenly_over_segments():
    found = [booking.segment(day(1), "am", seq, 16, 30) for seq in range(1, 17)]
    begins = [each.starts.astimezone(HOSPITAL_ZONE).strftime("%H:%M") for each in found]
    assert begins[:4] == ["08:00", "08:00", "08:30", "08:30"]
    assert begins[-1] == "11:30"
    assert found[-1].ends == booking.span(day(1), "am").ends
    crowded = [booking.segment(day(1), "am", seq, 3, 30).starts for seq in (1, 2, 3)]
    assert len(set(crowded)) == 3
    assert booking.segment(day(1), "am", 99, 16, 30).starts == found[-1].starts, "an add-on comes at the end"


def test_a_ban_begins_with_the_no_show_that_fills_the_count():
    rules = policy.booking()
    missed = [NOON - timedelta(days=ago) for ago in (300, 200, 10)]
    ends = booking.banned_until(missed, None, NOON)
    assert ends == NOON - timedelta(days=10) + timedelta(days=rules.missed_ban_days)
    assert booking.banned_until(missed[1:], None, NOON) is None
    assert booking.banned_until(missed, NOON - timedelta(days=250), NOON) is None, "lifted"
    assert booking.banned_until(missed, None, NOON + timedelta(days=40)) is None, "over"
    old = [NOON - timedelta(days=ago) for ago in (400, 380, 10)]
    assert booking.banned_until(old, None, NOON) is None, "out of the window"


# Booking


def test_an_appointment_takes_a_slot_and_tells_its_time(house):
    session, patient = house.session(capacity=16, on=day(1)), house.patient()
    card = queries.appointment(actions.book(house.clerk, patient, session))
    assert (card.state, card.seq, card.name, card.channel) == ("booked", 1, "欧阳建国", "window")
    assert (card.starts, card.ends) == (morning(1), morning(1, 8, 30))
    assert queries.session(session).free == 15
    assert [each.pk for each in queries.appointments_of(patient)] == [card.pk]
    assert AppointmentEvent.objects.filter(appointment=card.pk, event="booked").count() == 1
    entry = Entry.objects.get(verb="appointment.book")
    assert entry.patient == patient
    assert "欧阳" not in entry.facts


def test_what_cannot_be_booked_is_answered(house):
    patient = house.patient()
    with pytest.raises(NotBookable):
        actions.book(house.clerk, patient, house.session(on=today()))
    far = day(policy.booking().ahead_days + 1)
    with pytest.raises(NotReleased) as early:
        actions.book(house.clerk, patient, house.session(on=far))
    assert day(1).isoformat() in str(early.value)
    with clock.at(booking.released_at(far)):
        assert actions.book(house.clerk, patient, Session.objects.get(date=far).pk)
    with pytest.raises(Invalid):
        actions.book(house.clerk, patient, Session.objects.get(date=far).pk, channel="pigeon")
    with pytest.raises(Forbidden):
        actions.book(house.doctor, patient, Session.objects.get(date=far).pk)


def test_a_full_session_says_so_and_a_given_back_slot_is_sold_again(house):
    session = house.session(capacity=2, on=day(1))
    first = actions.book(house.clerk, house.patient("甲"), session)
    actions.book(house.clerk, house.patient("乙"), session)
    with pytest.raises(SlotTaken):
        actions.book(house.clerk, house.patient("丙"), session)
    actions.cancel_appointment(house.clerk, first, "patient")
    again = actions.book(house.clerk, house.patient("丁"), session)
    assert queries.appointment(again).seq == 1, "the same slot, at the same time"
    with pytest.raises(AppointmentMoved) as moved:
        actions.cancel_appointment(house.clerk, first, "patient")
    assert "已经取消" in str(moved.value)


def test_a_form_sent_twice_books_once(house):
    session, patient = house.session(on=day(1)), house.patient()
    made = actions.book(house.clerk, patient, session, idempotency="one")
    assert actions.book(house.clerk, patient, session, idempotency="one") == made
    with pytest.raises(TokenUsed):
        actions.book(house.clerk, house.patient("别人"), session, idempotency="one")
    assert Appointment.objects.count() == 1


def test_limits_of_a_person(house):
    patient = house.patient()
    actions.book(house.clerk, patient, house.session(on=day(1)))
    other = house.session(house.second, on=day(1), room="4 诊室")
    with pytest.raises(AlreadyBooked) as held:
        actions.book(house.clerk, patient, other)
    assert "08:00" in str(held.value)
    actions.book(house.clerk, patient, house.session(house.second, part="pm", on=day(1)))
    for ahead in range(2, policy.booking().open_most):
        actions.book(house.clerk, patient, house.session(on=day(ahead)))
    with pytest.raises(TooManyOpen):
        actions.book(house.clerk, patient, house.session(on=day(9)))


def test_who_misses_too_often_waits_and_may_be_forgiven(house):
    patient = house.patient()
    for ahead in range(1, policy.booking().missed_count + 1):
        actions.book(house.clerk, patient, house.session(on=day(ahead)))
    with clock.at(morning(4, 13)):
        work.keep_slots()
        assert set(Appointment.objects.values_list("state", flat=True)) == {"missed"}
        target = house.session(on=day(6))
        with pytest.raises(Banned) as banned:
            actions.book(house.clerk, patient, target)
        assert "急诊和现场挂号不受影响" in str(banned.value)
        assert actions.register(house.clerk, patient, house.session(part="pm", on=today()))
        actions.lift_ban(house.clerk, patient, "住院期间，申诉成立")
        assert actions.book(house.clerk, patient, target)


# Holds, quotas, add-ons


def test_a_hold_lapses_and_its_slot_is_free(house):
    session = house.session(capacity=1, on=day(1))
    held = actions.book(house.clerk, house.patient("甲"), session, hold=True)
    with pytest.raises(SlotTaken):
        actions.book(house.clerk, house.patient("乙"), session)
    with clock.at(NOON + timedelta(minutes=policy.booking().hold_minutes)):
        with pytest.raises(AppointmentMoved) as late:
            actions.confirm(house.clerk, held)
        assert "已放回" in str(late.value)
        work.keep_slots()
        assert state(held) == "lapsed"
        assert actions.book(house.clerk, house.patient("丙"), session)


def test_a_confirmed_hold_stays(house):
    held = actions.book(house.clerk, house.patient(), house.session(on=day(1)), hold=True)
    actions.confirm(house.clerk, held)
    with clock.at(NOON + timedelta(hours=1)):
        work.keep_slots()
        assert state(held) == "booked"


@pytest.fixture
def published(house) -> int:
    """A session of four slots tomorrow, made from its template: one kept for the window, two for the portal."""
    actions.new_template(
        house.clerk, house.unit["GIM"], house.doctor.staff, day(2).isoweekday(), "am", 4, "3 诊室", today(),
        reserved={"window": 1, "portal": 2},
    )  # fmt: skip
    work.keep_slots()
    return Session.objects.get(date=day(2)).pk


def test_a_channel_sells_its_own_slots_then_everybodys(house, published):
    sold = [actions.book(house.clerk, house.patient(f"窗{i}"), published) for i in range(2)]
    with pytest.raises(ChannelFull) as full:
        actions.book(house.clerk, house.patient("窗2"), published)
    assert "其他渠道尚余 2 个" in str(full.value)
    assert queries.session(published).taken == 2, "a refused booking takes nothing"
    assert queries.free_for([published], "portal") == {published: 2}
    actions.book(house.clerk, house.patient("网"), published, channel="portal")
    actions.cancel_appointment(house.clerk, sold[0], "patient")
    assert queries.free_for([published], "window") == {published: 1}
    with clock.at(morning(2) - timedelta(hours=policy.booking().return_hours)):
        work.keep_slots()
        assert queries.free_for([published], "kiosk") == {published: 2}, "what nobody used is everybody's"
        work.keep_slots()
        assert Entry.objects.filter(verb="quota.return").count() == 1, "once"
    assert sum(Quota.objects.filter(session=published).values_list("most", flat=True)) == 4


def test_capacity_and_quotas_agree_when_the_capacity_changes(house, published):
    actions.resize_session(house.clerk, published, 6)
    assert Quota.objects.get(session=published, channel="").most == 3
    actions.resize_session(house.clerk, published, 3)
    with pytest.raises(Exception, match="不能更少"):
        actions.resize_session(house.clerk, published, 2)
    assert Session.objects.get(pk=published).capacity == 3


def test_a_doctor_adds_one_to_the_own_session_alone(house):
    session = house.session(capacity=1, on=day(1))
    actions.book(house.clerk, house.patient("甲"), session)
    patient = house.patient("乙")
    with pytest.raises(NotADoctorHere):
        actions.add_on(house.second, patient, session)
    added = queries.appointment(actions.add_on(house.doctor, patient, session, idempotency="a"))
    assert (added.channel, added.seq) == ("addon", 2)
    assert actions.add_on(house.doctor, patient, session, idempotency="a") == added.pk
    row = Session.objects.get(pk=session)
    assert (row.capacity, row.taken) == (2, 2)
    actions.cancel_appointment(house.clerk, added.pk, "patient")
    row.refresh_from_db()
    assert (row.capacity, row.taken) == (1, 1), "what the doctor added is not sold to another"


# The day itself


def test_check_in_registers_without_a_second_slot_and_queues_by_segment(house):
    session = house.session(capacity=8, on=day(1))
    booked = [actions.book(house.clerk, house.patient(f"约{i}"), session) for i in range(3)]
    with pytest.raises(NotToday):
        actions.arrive(house.clerk, booked[0])
    with clock.at(morning(1, 8, 40)):
        walk_in = actions.register(house.clerk, house.patient("现场"), session)
        late = actions.arrive(house.clerk, booked[0])
        early = actions.arrive(house.clerk, booked[2])
        assert (walk_in.number, late.number, early.number) == (1, 2, 3)
        row = Session.objects.get(pk=session)
        assert (row.taken, row.issued) == (4, 3)
        with pytest.raises(AppointmentMoved):
            actions.arrive(house.clerk, booked[0])
        places = dict(Ticket.objects.values_list("pk", "place_at"))
        assert places[early.ticket] == morning(1, 9), "of its segment"
        assert places[late.ticket] == morning(1, 8, 40), "who is late queues from now on"
    assert Registration.objects.get(pk=early.registration).appointment_id == booked[2]


def test_a_registration_cancelled_gives_the_slot_back_to_its_quota(house, published):
    made = actions.book(house.clerk, house.patient(), published)
    with clock.at(morning(2)):
        came = actions.arrive(house.clerk, made)
        actions.cancel(house.clerk, came.registration, "left")
    assert queries.session(published).taken == 0
    assert set(Quota.objects.filter(session=published).values_list("taken", flat=True)) == {0}


def test_too_late_to_cancel_but_not_for_a_stop(house):
    session = house.session(on=day(1))
    made = actions.book(house.clerk, house.patient(), session)
    with clock.at(morning(1, 7, 45)):
        with pytest.raises(TooLate):
            actions.cancel_appointment(house.clerk, made, "patient")
        actions.stop_session(house.clerk, session, "医师抢救")
    assert state(made) == "stopped"


def test_a_stop_ends_every_booking_and_names_who_is_to_be_called(house):
    session, other = house.session(on=day(1)), house.session(house.second, on=day(1), room="4 诊室")
    first, second = house.patient("甲"), house.patient("乙")
    made = [actions.book(house.clerk, patient, session) for patient in (first, second)]
    actions.stop_session(house.clerk, session, "外出会诊")
    assert {state(each) for each in made} == {"stopped"}
    with pytest.raises(SessionStopped):
        actions.book(house.clerk, house.patient("丙"), session)
    assert {card.patient for card in queries.stopped_without_another()} == {first, second}
    actions.book(house.clerk, first, other)
    assert {card.patient for card in queries.stopped_without_another()} == {second}
    with clock.at(morning(3)):
        work.keep_slots()
        assert queries.ban_of(second) is None, "a stop is no no-show"
        assert {state(each) for each in made} == {"stopped"}


def test_only_the_clock_misses_and_lapses(house):
    made = actions.book(house.clerk, house.patient(), house.session(on=day(1)))
    with pytest.raises(Forbidden):
        actions.end(house.clerk, made)
    with pytest.raises(AppointmentMoved):
        actions.end(PROGRAM, made)
    with clock.at(morning(1, 11, 59)):
        work.keep_slots()
        assert state(made) == "booked", "as long as the session lasts, a patient may come"
    with clock.at(morning(1, 12, 1)):
        work.keep_slots()
        assert state(made) == "missed"


def test_sessions_that_last_do_not_keep_those_that_are_over_from_being_ended(house):
    """The worker takes a few at a time: people of the all-day session, whose segments are over, come first by key."""
    long, short = house.session(capacity=6, part="day", on=day(1)), house.session(house.second, on=day(1))
    lasting = [actions.book(house.clerk, house.patient(f"全{i}"), long) for i in range(4)]
    over = [actions.book(house.clerk, house.patient(f"上{i}"), short) for i in range(2)]
    with clock.at(morning(1, 12, 30)):
        assert queries.over(2) == over
    with clock.at(morning(1, 17, 31)):
        assert queries.over(3) == lasting[:3]


# Templates


def test_sessions_of_the_coming_days_are_made_once(house):
    actions.new_template(
        house.clerk, house.unit["GIM"], house.doctor.staff, day(3).isoweekday(), "pm", 20, "3 诊室", today()
    )
    work.keep_slots()
    ahead = policy.booking().ahead_days
    made = sorted(Session.objects.values_list("date", flat=True))
    assert made == [day(n) for n in range(ahead + 1) if day(n).isoweekday() == day(3).isoweekday()]
    work.keep_slots()
    assert Session.objects.count() == len(made)
    assert Entry.objects.filter(verb="session.publish").count() == 1, "nothing to do leaves no entry"
    (template,) = queries.templates()
    actions.end_template(house.clerk, template.pk, day(5))
    with clock.at(NOON + timedelta(days=7)):
        work.keep_slots()
        assert Session.objects.count() == len(made)
        assert queries.templates() == []


def test_a_template_that_makes_no_sense_is_refused(house):
    def plan(**more):
        given = {"weekday": 1, "part": "am", "capacity": 4, "room": "3 诊室", "valid_from": today()} | more
        return actions.new_template(house.clerk, house.unit["GIM"], house.doctor.staff, **given)

    for field, bad in (
        ("weekday", {"weekday": 8}),
        ("capacity", {"capacity": 0}),
        ("capacity", {"reserved": {"window": 3, "portal": 2}}),
        ("valid_from", {"valid_from": day(-1)}),
        ("room", {"room": " "}),
        ("part", {"part": "dawn"}),
    ):
        with pytest.raises(Invalid) as refused:
            plan(**bad)
        assert refused.value.field == field, bad
    plan()
    with pytest.raises(Invalid):
        plan()
    assert len(queries.templates()) == 1


def test_bookable_names_released_sessions_alone(house):
    tomorrow, far = house.session(on=day(1)), house.session(on=day(policy.booking().ahead_days + 2))
    stopped = house.session(house.second, on=day(1), room="4 诊室")
    actions.stop_session(house.clerk, stopped, "进修")
    assert [row.pk for row in queries.bookable()] == [tomorrow]
    assert far
    assert now() == NOON
