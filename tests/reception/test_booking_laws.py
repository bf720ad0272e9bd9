"""Laws of booking ahead, under concurrency and under any order of things, on SQLite and on PostgreSQL."""

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luodi.reception import actions
from luodi.reception.models import LIVE, Appointment, AppointmentEvent, Quota, Registration, Session
from luodi.reception.refusals import AlreadyBooked, AppointmentMoved, ChannelFull, SessionStopped, SlotTaken
from luodi.trust import clock
from luodi.trust.actor import system
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.trust.models import Entry
from luodi.trust.refusal import Refusal
from tests.reception.test_laws import at_once

pytestmark = pytest.mark.law
TOMORROW = today() + timedelta(days=1)
PROGRAM = system("worker")


def tried(job: Callable[[], Any]) -> Any:
    try:
        return job()
    except Refusal as refused:
        return refused


def holds(session: int) -> None:
    """What is true of a session whatever was done to it."""
    row = Session.objects.get(pk=session)
    living = Appointment.objects.filter(session=session, state__in=LIVE)
    walked_in = Registration.objects.filter(session=session, appointment=None, cancellation=None).count()
    left = Registration.objects.filter(session=session, cancellation__isnull=False).exclude(appointment=None).count()
    missed = Appointment.objects.filter(session=session, state="missed").count()
    assert row.taken == living.count() + walked_in - left + missed
    assert row.capacity is None or row.taken <= row.capacity
    assert len(set(living.values_list("seq", flat=True))) == living.count()
    quotas = list(Quota.objects.filter(session=session))
    assert sum(quota.taken for quota in quotas) == (row.taken if quotas else 0)
    assert all(quota.taken <= quota.most for quota in quotas)
    if quotas:
        assert sum(quota.most for quota in quotas) == row.capacity
    for each in Appointment.objects.filter(session=session):
        assert list(each.events.order_by("seq").values_list("seq", flat=True)) == list(range(1, each.rev + 1))
        assert each.events.order_by("-seq")[0].event == each.state


def kept_apart(house: Any, **reserved: int) -> int:
    """A session of tomorrow with six slots, some of them kept for channels."""
    actions.new_template(
        house.clerk, house.unit["GIM"], house.doctor.staff, TOMORROW.isoweekday(), "am", 6, "3 诊室", today(),
        reserved=reserved,
    )  # fmt: skip
    actions.publish(PROGRAM)
    return int(Session.objects.get(date=TOMORROW).pk)


def test_no_slot_is_booked_twice_and_each_buyer_gets_a_truthful_answer(shared):
    session = shared.session(capacity=5, on=TOMORROW)
    patients = [shared.patient(f"抢号{i}") for i in range(24)]

    def buyer(mine: list[int]) -> Callable[[], list[Any]]:
        return lambda: [tried(lambda p=patient: actions.book(shared.clerk, p, session)) for patient in mine]

    answers = [answer for some in at_once(*(buyer(patients[i::8]) for i in range(8))) for answer in some]
    sold = [answer for answer in answers if isinstance(answer, int)]
    assert len(sold) == 5
    assert all(isinstance(answer, SlotTaken) for answer in answers if answer not in sold)
    assert sorted(Appointment.objects.values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert Entry.objects.filter(verb="appointment.book").count() == 5
    holds(session)


def test_channels_at_once_sell_what_is_theirs_and_no_more(shared):
    session = kept_apart(shared, window=2, portal=2)
    patients = [shared.patient(f"抢号{i}") for i in range(20)]

    def buyer(channel: str, mine: list[int]) -> Callable[[], list[Any]]:
        return lambda: [
            tried(lambda p=patient: actions.book(shared.clerk, p, session, channel=channel)) for patient in mine
        ]

    answers = at_once(*(buyer(("window", "portal")[i % 2], patients[i::4]) for i in range(4)))
    sold = [answer for some in answers for answer in some if isinstance(answer, int)]
    assert len(sold) == 6
    assert all(isinstance(a, int | SlotTaken | ChannelFull) for some in answers for a in some)
    for channel in ("window", "portal"):
        assert 2 <= Appointment.objects.filter(channel=channel).count() <= 4
    holds(session)


def test_one_person_books_one_half_day_of_a_unit_from_two_windows(shared):
    sessions = [shared.session(on=TOMORROW), shared.session(shared.second, on=TOMORROW, room="4 诊室")]
    patient = shared.patient()
    answers = at_once(*(lambda s=s: actions.book(shared.clerk, patient, s) for s in (*sessions, *sessions)))
    assert sum(isinstance(answer, AlreadyBooked) for answer in answers) == 3
    assert Appointment.objects.count() == 1


def test_a_retried_form_books_once(shared):
    session, patient = shared.session(on=TOMORROW), shared.patient()
    answers = at_once(*[lambda: actions.book(shared.clerk, patient, session, idempotency="token")] * 6)
    assert len(set(answers)) == 1
    holds(session)


def test_a_stop_and_bookings_never_pass_each_other(shared):
    session = shared.session(capacity=30, on=TOMORROW)
    patients = [shared.patient(f"约{i}") for i in range(12)]

    def buyer(mine: list[int]) -> Callable[[], list[Any]]:
        return lambda: [tried(lambda p=patient: actions.book(shared.clerk, p, session)) for patient in mine]

    def stop() -> Any:
        return actions.stop_session(shared.clerk, session, "医师生病")

    *answers, stopped = at_once(buyer(patients[::2]), buyer(patients[1::2]), stop)
    assert stopped is None
    assert not Appointment.objects.filter(session=session, state__in=LIVE).exists()
    assert all(isinstance(a, int | SessionStopped) for some in answers for a in some)
    holds(session)


def test_of_a_check_in_and_a_cancellation_one_wins(shared):
    session = shared.session(on=TOMORROW)
    made = [actions.book(shared.clerk, shared.patient(f"约{i}"), session) for i in range(6)]
    with clock.at(datetime.combine(TOMORROW, time(7), HOSPITAL_ZONE)):
        moment = clock.now()

        def at_seven(job: Callable[[], Any]) -> Callable[[], Any]:
            def run() -> Any:
                with clock.at(moment):
                    return tried(job)

            return run

        for each in made:
            answers = at_once(
                at_seven(lambda e=each: actions.arrive(shared.clerk, e)),
                at_seven(lambda e=each: actions.cancel_appointment(shared.clerk, e, "patient")),
            )
            assert sum(isinstance(answer, AppointmentMoved) for answer in answers) == 1, answers
    holds(session)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_whatever_is_done_slots_quotas_and_events_agree(house, number):
    """A random week of a session: the same number gives the same week, and nothing of it stays for the next."""
    with transaction.atomic():
        _a_week(house, random.Random(number))
        transaction.set_rollback(True)


def _a_week(house: Any, rng: random.Random) -> None:
    made: list[int] = []
    with clock.at(clock.now()):
        people = [house.patient(f"病{i}") for i in range(5)]
        session = kept_apart(house, window=1, portal=1, kiosk=1)
        for _turn in range(14):
            _something(house, rng, session, people, made)
            holds(session)
    with clock.at(datetime.combine(TOMORROW, time(9), HOSPITAL_ZONE)):
        for each in made:
            tried(lambda e=each: actions.arrive(house.clerk, e))
        came = list(Registration.objects.filter(session=session, cancellation=None))
        for row in rng.sample(came, len(came) // 2):
            actions.cancel(house.clerk, row.pk, "left")
        holds(session)
    with clock.at(datetime.combine(TOMORROW, time(13), HOSPITAL_ZONE)):
        for each in made:
            tried(lambda e=each: actions.end(PROGRAM, e))
        holds(session)
    assert AppointmentEvent.objects.filter(appointment__session=session).count() >= len(made)


def _something(house: Any, rng: random.Random, session: int, people: list[int], made: list[int]) -> None:
    one = rng.choice(made) if made else 0
    what = rng.choice(["book", "book", "hold", "confirm", "cancel", "add", "lapse", "return", "resize"])
    patient, channel = rng.choice(people), rng.choice(["window", "portal", "kiosk"])
    jobs: dict[str, Callable[[], Any]] = {
        "book": lambda: actions.book(house.clerk, patient, session, channel=channel),
        "hold": lambda: actions.book(house.clerk, patient, session, channel=channel, hold=True),
        "confirm": lambda: actions.confirm(house.clerk, one),
        "cancel": lambda: actions.cancel_appointment(house.clerk, one, "patient"),
        "add": lambda: actions.add_on(house.doctor, patient, session),
        "return": lambda: actions.return_quota(PROGRAM, session),
        "resize": lambda: actions.resize_session(house.clerk, session, rng.randint(1, 9)),
    }
    if what == "lapse":
        with clock.at(clock.now() + timedelta(minutes=20)):
            tried(lambda: actions.end(PROGRAM, one))
        return
    answer = tried(jobs[what])
    if isinstance(answer, int) and what in ("book", "hold", "add"):
        made.append(answer)
