"""The limit of a telephone: a family fits, a hoarder does not, the desk may go past it with a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from luodi.reception import actions, policy
from luodi.reception.models import Appointment, Session, Wait
from luodi.reception.refusals import TooManyOfPhone
from luodi.trust.clock import today
from luodi.trust.models import Entry
from luodi.trust.refusal import Refusal
from tests.reception.test_laws import at_once
from tests.reception.test_screens import log_in, shown

PHONE = "13800138000"


@pytest.fixture
def most(monkeypatch):
    """A telephone has three at most, so that a test need not book twelve."""
    rules = policy.booking()._replace(phone_open_most=3)
    monkeypatch.setattr(policy, "booking", lambda *_: rules)
    return 3


def days(house: Any, n: int, capacity: int = 9) -> list[int]:
    return [house.session(capacity=capacity, on=today() + timedelta(days=1 + each)) for each in range(n)]


def family(house: Any, n: int, phone: str = PHONE) -> list[int]:
    return [house.patient(f"家人{each}", phone=phone) for each in range(n)]


def test_a_family_of_a_normal_size_fits(house):
    rules = policy.booking()
    assert rules.phone_open_most >= 4 * 3
    assert rules.phone_open_most > rules.open_most, "one person never meets the limit of the telephone first"
    sessions = days(house, 3)
    for person in family(house, 4):
        for session in sessions:
            actions.book(house.clerk, person, session)
    with pytest.raises(TooManyOfPhone):
        actions.book(house.clerk, house.patient("第五人", phone=PHONE), sessions[0])
    actions.book(house.clerk, house.patient("邻居", phone="13900139000"), sessions[0])
    actions.book(house.clerk, house.patient("没有电话"), sessions[0])


def test_what_ends_makes_room_and_the_refusal_says_so(house, most):
    (session,) = days(house, 1)
    people = family(house, 4)
    made = [actions.book(house.clerk, person, session) for person in people[:3]]
    with pytest.raises(TooManyOfPhone) as refused:
        actions.book(house.clerk, people[3], session)
    assert "最多同时有 3 个预约和候补" in str(refused.value)
    assert "取消其中一个" in str(refused.value)
    actions.cancel_appointment(house.clerk, made[0], "patient")
    actions.book(house.clerk, people[3], session)


def test_a_place_on_a_list_counts_and_is_limited_too(house, most):
    (full,) = days(house, 1, capacity=1)
    actions.book(house.clerk, house.patient("先到"), full)
    people = family(house, 4)
    for person in people[:3]:
        actions.wait_for(house.clerk, person, full)
    with pytest.raises(TooManyOfPhone):
        actions.wait_for(house.clerk, people[3], full)
    with pytest.raises(TooManyOfPhone):
        actions.book(house.clerk, people[3], house.session(doctor=house.second, on=today() + timedelta(days=1)))
    assert Wait.objects.filter(state="waiting").count() == 3


def test_the_desk_goes_past_the_limit_with_a_reason_that_stays(house, most):
    (session,) = days(house, 1)
    *people, last = family(house, 4)
    for person in people:
        actions.book(house.clerk, person, session)
    with pytest.raises(TooManyOfPhone):
        actions.book(house.clerk, last, session, beyond="   ")
    actions.book(house.clerk, last, session, beyond="敬老院集体就诊")
    entry = Entry.objects.filter(verb="appointment.book").latest("pk")
    assert '"beyond_phone_limit":3' in str(entry.facts).replace(" ", "").replace("'", '"')
    assert entry.sealed
    assert "敬老院" not in str(entry.facts), "the reason is sealed for the patient"


def test_the_desk_is_asked_for_the_reason_only_then(house, most):
    (session,) = days(house, 1)
    *people, last = family(house, 4)
    clerk = log_in(house.clerk)
    there = reverse("reception:book", args=[last]) + f"?on={today() + timedelta(days=1)}"
    assert "超过手机号限制的理由" not in shown(clerk.get(there))
    for person in people:
        actions.book(house.clerk, person, session)
    refused = clerk.post(there, {"place": f"a{session}", "idempotency": "a"})
    assert refused.status_code == 422
    assert "最多同时有 3 个预约和候补" in shown(refused)
    assert "超过手机号限制的理由" in shown(refused)
    answer = clerk.post(there, {"place": f"a{session}", "idempotency": "a", "beyond": "敬老院集体就诊"})
    assert answer.status_code == 303
    assert Appointment.objects.count() == 4


@pytest.mark.law
def test_many_windows_at_once_do_not_get_a_telephone_past_its_most(shared, monkeypatch):
    rules = policy.booking()._replace(phone_open_most=3)
    monkeypatch.setattr(policy, "booking", lambda *_: rules)
    sessions = days(shared, 8)
    people = family(shared, 8)

    def window(person: int, session: int) -> Callable[[], Any]:
        return lambda: actions.book(shared.clerk, person, session)

    answers = at_once(*(window(*pair) for pair in zip(people, sessions, strict=True)))
    assert sum(isinstance(answer, TooManyOfPhone) for answer in answers) == 5
    assert not [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refusal)]
    assert Appointment.objects.count() == 3
    assert sum(Session.objects.values_list("taken", flat=True)) == 3
