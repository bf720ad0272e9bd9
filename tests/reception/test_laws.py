"""Laws of the desk that hold under concurrency, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from luodi.reception import actions, queries
from luodi.reception.models import Registration, Session, Ticket, TicketEvent
from luodi.reception.refusals import AlreadyRegistered, SlotTaken, TicketMoved
from luodi.trust.models import Entry
from luodi.trust.refusal import Refusal
from luodi.trust.write import write

pytestmark = pytest.mark.law


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads that start together; each gives its result or its exception."""
    gate = threading.Barrier(len(jobs))
    given_back: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait(30)
            given_back[place] = job()
        except Exception as fault:  # noqa: BLE001 - the test looks at each
            given_back[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return given_back


def test_no_slot_is_sold_twice_and_each_buyer_gets_a_truthful_answer(shared):
    session = shared.session(capacity=5)
    patients = [shared.patient(f"抢号{i}") for i in range(24)]

    def buyer(mine: list[int]) -> Callable[[], list[Any]]:
        def buy() -> list[Any]:
            answers: list[Any] = []
            for patient in mine:
                try:
                    answers.append(actions.register(shared.clerk, patient, session))
                except Refusal as refused:
                    answers.append(refused)
            return answers

        return buy

    answers = [answer for some in at_once(*(buyer(patients[i::8]) for i in range(8))) for answer in some]
    sold = [answer for answer in answers if not isinstance(answer, Refusal)]
    assert len(sold) == 5
    assert all(isinstance(answer, SlotTaken) for answer in answers if answer not in sold)
    assert sorted(each.number for each in sold) == [1, 2, 3, 4, 5]
    row = Session.objects.get(pk=session)
    assert (row.taken, row.issued) == (5, 5)
    assert {each.patient for each in sold} == set(Registration.objects.values_list("patient", flat=True))


def test_numbers_stay_gapless_and_unique_while_some_cancel(shared):
    session = shared.session(capacity=4)
    patients = [shared.patient(f"病人{i}") for i in range(16)]

    def buyer(mine: list[int]) -> Callable[[], None]:
        def buy() -> None:
            for place, patient in enumerate(mine):
                try:
                    made = actions.register(shared.clerk, patient, session)
                except SlotTaken:
                    continue
                if place % 2 == 0:
                    actions.cancel(shared.clerk, made.registration, "patient")

        return buy

    assert at_once(*(buyer(patients[i::8]) for i in range(8))) == [None] * 8
    row = Session.objects.get(pk=session)
    numbers = sorted(Registration.objects.values_list("number", flat=True))
    assert numbers == list(range(1, row.issued + 1))
    assert row.taken == Registration.objects.filter(cancellation=None).count() <= 4


def test_a_double_click_books_once(shared):
    session, patient = shared.session(capacity=1), shared.patient()
    answers = at_once(*[lambda: actions.register(shared.clerk, patient, session, idempotency="token")] * 6)
    assert len({answer[:5] for answer in answers}) == 1
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 5
    assert Registration.objects.count() == 1


def test_one_patient_is_not_registered_twice_by_two_clerks(shared):
    session, patient = shared.session(), shared.patient()
    answers = at_once(*[lambda: actions.register(shared.clerk, patient, session)] * 4)
    assert sum(isinstance(answer, AlreadyRegistered) for answer in answers) == 3
    assert Session.objects.get(pk=session).taken == 1


def test_the_emergency_day_is_made_once(shared):
    people = [shared.patient(f"急{i}") for i in range(6)]
    answers = at_once(
        *(
            lambda patient=patient: actions.register(shared.ed_nurse, patient, unit=shared.unit["ED"])
            for patient in people
        )
    )
    assert sorted(answer.number for answer in answers) == [1, 2, 3, 4, 5, 6]
    assert Session.objects.count() == 1


def test_two_doctors_call_the_same_ticket_and_one_wins(shared):
    ticket = actions.register(shared.clerk, shared.patient(), shared.session()).ticket
    answers = at_once(
        lambda: actions.call(shared.doctor, ticket, room="1 诊室"),
        lambda: actions.call(shared.second, ticket, room="2 诊室"),
    )
    (lost,) = [answer for answer in answers if answer is not None]
    assert isinstance(lost, TicketMoved)
    row = Ticket.objects.get(pk=ticket)
    winner = "王医生" if row.room == "1 诊室" else "李医生"
    assert winner in str(lost.message)
    assert row.room in str(lost.message)
    assert TicketEvent.objects.filter(ticket=ticket, event="called").count() == 1
    assert Entry.objects.filter(verb="ticket.call").count() == 1
    assert Entry.objects.filter(verb="refused").count() == 1


def test_the_queue_keeps_its_order_while_others_call(shared):
    session = shared.session(capacity=30)
    made = [actions.register(shared.clerk, shared.patient(f"候诊{i:02d}"), session) for i in range(16)]
    before = [row.number for row in queries.queue(shared.unit["GIM"])]

    def caller(by: Any, mine: list[Any]) -> Callable[[], None]:
        def call() -> None:
            for each in mine:
                actions.call(by, each.ticket)
                actions.pass_over(by, each.ticket)

        return call

    seen: list[list[int]] = []

    def watch() -> None:
        for _ in range(15):
            seen.append([row.number for row in queries.queue(shared.unit["GIM"])])

    answers = at_once(caller(shared.doctor, made[0:8:2]), caller(shared.second, made[1:8:2]), watch, watch)
    assert answers == [None] * 4
    assert all(order == before for order in seen)


def test_the_database_itself_refuses_an_oversold_session(house):
    session = house.session(capacity=1)
    with pytest.raises(IntegrityError), write():
        Session.objects.filter(pk=session).update(taken=2, issued=2)
