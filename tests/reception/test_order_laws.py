"""Laws of the order of the queue, whatever is done to it, on SQLite and on PostgreSQL.

An act on one ticket moves that ticket alone: of any two others the same one stays first.
"""

import random
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luodi.reception import actions, order, policy, queries
from luodi.reception.models import Registration, Session, Ticket
from luodi.reception.refusals import NotInThisQueue, TicketMoved
from luodi.trust import clock
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.trust.models import Entry
from luodi.trust.refusal import Refusal
from tests.reception.test_laws import at_once

pytestmark = pytest.mark.law
NINE = datetime.combine(today(), time(9), HOSPITAL_ZONE)
NEWS = policy.news_before("clinic")


@pytest.fixture
def morning() -> Any:
    """Nine o'clock of today, before the hospital is made."""
    with clock.at(NINE):
        yield


def line(house: Any, doctor: Any = None) -> list[int]:
    """Tickets that wait, as the queue shows them."""
    staff = doctor.staff if doctor else None
    return [row.ticket for row in queries.queue(house.unit["GIM"], staff, ("waiting",))]


def spaced(rows: list[Ticket]) -> bool:
    """Between two who came back there are as many new patients as the policy says."""
    back = [place for place, row in enumerate(rows) if row.returns]
    return all(later - sooner > NEWS for sooner, later in pairwise(back))


def seen(house: Any, made: Any) -> None:
    actions.start(house.doctor, made.ticket)
    actions.finish(house.doctor, made.ticket)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_an_act_on_one_ticket_never_changes_which_of_two_others_is_first(morning, house, number):
    with transaction.atomic():
        _a_morning(house, random.Random(number))
        transaction.set_rollback(True)


def _a_morning(house: Any, rng: random.Random) -> None:
    sessions = [house.session(capacity=40), house.session(doctor=house.second, room="5 诊室", capacity=40)]
    patients = [house.patient(f"候{i}") for i in range(7)]
    made: list[int] = []
    for turn in range(26):
        # now and then the clock stands still: many check in at the same moment, as in one segment
        with clock.at(NINE + timedelta(minutes=turn // 6 * 5)):
            before = line(house)
            touched = _something(house, rng, sessions, patients, made)
            after = line(house)
        rest = [each for each in before if each in after and each not in touched]
        assert rest == [each for each in after if each in rest]
        _agree(house, after)


def _agree(house: Any, whole: list[int]) -> None:
    """The queue of a doctor, the board and the place in the queue are the order of the unit, and so is the key."""
    rows = {row.pk: row for row in Ticket.objects.filter(pk__in=whole).select_related("registration")}
    assert whole == [row.pk for row in sorted(rows.values(), key=order.key)]
    for doctor in (house.doctor, house.second):
        assert line(house, doctor) == [each for each in whole if rows[each].doctor_id == doctor.staff]
    nexts = queries.hall(house.unit["GIM"]).next
    assert [row.number for row in nexts] == [rows[each].number for each in whole][: len(nexts)]


def _something(house: Any, rng: random.Random, sessions: list[int], patients: list[int], made: list[int]) -> set[int]:
    """One act of a morning; returns the ticket that it may put elsewhere. A transfer puts nobody elsewhere."""
    if patients and (len(made) < 3 or rng.random() < 0.3):
        priority = rng.choice(["ordinary", "ordinary", "ordinary", "aged"])
        made.append(actions.register(house.clerk, patients.pop(), rng.choice(sessions), priority=priority).ticket)
        return {made[-1]}
    one = rng.choice(made)
    who = rng.choice([house.doctor, house.second])
    steps: list[Any] = [
        lambda: actions.call(who, one),
        lambda: actions.pass_over(who, one),
        lambda: actions.return_to_queue(who, one),
        lambda: actions.start(who, one),
        lambda: actions.finish(who, one),
        lambda: actions.come_back(house.nurse, one),
        lambda: actions.come_back(house.nurse, one),
        lambda: actions.transfer(house.nurse, one, rng.choice(sessions)),
        lambda: actions.cancel(house.clerk, Registration.objects.get(ticket=one).pk, "left"),
    ]
    step = rng.choice(steps)
    try:
        step()
    except Refusal:
        return set()
    return set() if step is steps[7] else {one}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.booleans(), min_size=4, max_size=9), st.integers(0, 10**6))
def test_those_with_results_stand_between_the_new(morning, house, back, number):
    """However many come back, in whatever order, from a clinic where many have checked in at the same moment."""
    rng = random.Random(number)
    with transaction.atomic():
        session = house.session(capacity=40)
        made = [actions.register(house.clerk, house.patient(f"回{i}"), session) for i in range(len(back))]
        again = [one for one, wanted in zip(made, back, strict=True) if wanted]
        for one in again:
            seen(house, one)
        rng.shuffle(again)
        for one in again:
            before = line(house)
            actions.come_back(house.nurse, one.ticket)
            after = line(house)
            assert [each for each in after if each != one.ticket] == before, "the others stay as they were"
        rows = list(Ticket.objects.filter(pk__in=after if again else []).order_by(*order.ORDER))
        news = sum(not row.returns for row in rows)
        back_at = [place for place, row in enumerate(rows) if row.returns]
        # each n-th is one who came back, as long as there are new patients to stand between
        kept = news // NEWS
        assert back_at[:kept] == [NEWS * (turn + 1) + turn for turn in range(min(kept, len(back_at)))]
        assert spaced(rows[: back_at[kept]] if len(back_at) > kept else rows)
        transaction.set_rollback(True)


def test_two_who_come_back_at_once_do_not_stand_beside_each_other(shared):
    session = shared.session(capacity=30)
    made = [actions.register(shared.clerk, shared.patient(f"病{i}"), session) for i in range(16)]
    for one in made[:4]:
        seen(shared, one)
    answers = at_once(*(lambda one=one: actions.come_back(shared.nurse, one.ticket) for one in made[:4]))
    assert answers == [None] * 4
    rows = list(Ticket.objects.filter(state="waiting").order_by(*order.ORDER))
    assert [place for place, row in enumerate(rows) if row.returns] == [2, 5, 8, 11]
    assert [row.pk for row in rows if not row.returns] == [one.ticket for one in made[4:]]


def test_one_who_comes_back_is_put_into_the_queue_once(shared):
    session = shared.session()
    one, _other = (actions.register(shared.clerk, shared.patient(f"病{i}"), session) for i in range(2))
    seen(shared, one)
    answers = at_once(*[lambda: actions.come_back(shared.nurse, one.ticket)] * 3)
    assert sum(isinstance(answer, TicketMoved) for answer in answers) == 2
    row = Ticket.objects.get(pk=one.ticket)
    assert (row.returns, row.state) == (1, "waiting")
    assert row.events.filter(event="came_back").count() == 1
    taken = Session.objects.get(pk=session)
    assert (taken.taken, taken.issued) == (2, 2), "no new slot and no new number"


def test_a_split_moves_all_or_nobody_while_a_doctor_calls(shared):
    first, other = shared.session(capacity=30), shared.session(doctor=shared.second, room="5 诊室", capacity=30)
    made = [actions.register(shared.clerk, shared.patient(f"病{i}"), first) for i in range(8)]
    wanted = {one.ticket: other for one in made[1::2]}

    def share() -> Any:
        return actions.split(shared.nurse, first, wanted)

    answers = at_once(share, lambda: actions.call(shared.doctor, made[3].ticket), share)
    moved = set(Ticket.objects.filter(moved_to=other).values_list("pk", flat=True))
    done = [answer for answer in answers[::2] if answer == 4]
    assert moved == (set(wanted) if done else set())
    assert len(done) <= 1
    assert all(isinstance(answer, (NotInThisQueue, TicketMoved)) for answer in answers[::2] if answer != 4)
    numbers = list(
        Ticket.objects.filter(moved_to=other).order_by("place_at", "pk").values_list("moved_number", flat=True)
    )
    assert numbers == list(range(1, len(moved) + 1))
    assert Session.objects.get(pk=other).issued == len(moved)
    assert Entry.objects.filter(verb="queue.split").count() == len(done)


def test_two_nurses_transfer_one_patient_and_the_second_hears_of_it(shared):
    first, other = shared.session(), shared.session(doctor=shared.second, room="5 诊室")
    third = shared.session(part="pm", room="9 诊室")
    one = actions.register(shared.clerk, shared.patient(), first)
    answers = at_once(
        lambda: actions.transfer(shared.nurse, one.ticket, other),
        lambda: actions.transfer(shared.nurse, one.ticket, third),
    )
    row = Ticket.objects.get(pk=one.ticket)
    assert row.moved_to_id in (other, third)
    # whoever came second either was told, or had looked after the first was done: then both are in the record
    assert row.events.filter(event="moved").count() == sum(isinstance(answer, int) for answer in answers)
