"""The terminal in the hall: it knows who stands there for two minutes, and lets them do what patients may."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from luodi.patients import actions as patients
from luodi.patients.types import NewPatient
from luodi.portal import actions
from luodi.portal.refusals import TooOften
from luodi.reception import actions as reception
from luodi.reception import queries as desks
from luodi.trust import clock, policy
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.trust.models import Entry
from luodi.trust.refusal import Forbidden
from tests.portal.conftest import ID_NO, PHONE, account
from tests.reception.test_screens import log_in

START = datetime.combine(today(), time(7, 30), HOSPITAL_ZONE)
TOMORROW = today() + timedelta(days=1)


@pytest.fixture(autouse=True)
def _morning():
    with clock.at(START):
        yield


@pytest.fixture
def patient(house):
    return patients.register(
        house.clerk, NewPatient("欧阳建国", id_kind="resident", id_no=ID_NO, phone=PHONE, insurance="44A1234567")
    )


def shown(answer):
    return answer.content.decode()


def stands(client, read=ID_NO, phone4="1234"):
    return client.post(reverse("portal:kiosk"), {"read": read, "phone4": phone4})


@pytest.mark.law
@pytest.mark.parametrize(
    ("read", "phone4", "found"),
    [(ID_NO, "1234", True), ("44A1234567", "1234", True), (ID_NO, "9999", False), (ID_NO, "", False),
     ("欧阳建国", "1234", False), ("110105194912310020", "1234", False), (ID_NO, "１２３４", False)],
)  # fmt: skip
def test_who_stands_there_has_the_card_and_knows_the_phone(house, patient, read, phone4, found):
    assert actions.identify(house.kiosk, read, phone4) == (patient if found else None)


@pytest.mark.law
def test_a_terminal_may_what_patients_may_and_nothing_else(house, patient):
    session = house.session(on=TOMORROW)
    made = reception.book(house.kiosk, patient, session, channel="window")
    assert desks.appointment(made).channel == "kiosk"
    for forbidden in (
        lambda: reception.register(house.kiosk, patient, house.session()),
        lambda: patients.register(house.kiosk, NewPatient("甲", "1", no_id_reason="forgotten")),
        lambda: patients.reveal(house.kiosk, patient, "id_no", "x"),
        lambda: reception.add_on(house.kiosk, patient, session),
        lambda: actions.identify(house.clerk, ID_NO, "1234"),
        lambda: actions.identify(account(), ID_NO, "1234"),
    ):
        with pytest.raises(Forbidden):
            forbidden()


@pytest.mark.law
def test_at_a_terminal_nobody_jumps_the_queue(house, patient):
    made = reception.book(house.kiosk, patient, house.session(on=TOMORROW, capacity=1))
    with clock.at(desks.appointment(made).starts):
        registered = reception.arrive(house.kiosk, made, priority="critical")
        assert desks.ticket(registered.ticket).priority == "ordinary"


def test_from_the_card_to_a_booked_slot_and_the_place_in_the_queue(house, patient):
    session, client = house.session(on=TOMORROW, capacity=1), log_in(house.kiosk)
    there = stands(client).url
    assert ID_NO not in there
    page = shown(client.get(f"{there}?unit={house.unit['GIM']}"))
    assert "欧**国" in page
    assert "欧阳建国" not in page
    book = f"{there}book/{session}/"
    assert client.post(book, {"idempotency": "a"}).status_code == 302
    (row,) = desks.appointments_of(patient)
    again = client.post(book, {"idempotency": "b"})
    assert (again.status_code, "欧**国" in shown(again)) == (409, True)
    with clock.at(row.starts + timedelta(minutes=1)):
        client = log_in(house.kiosk)
        there = stands(client).url
        assert "签到" in shown(client.get(there))
        client.post(f"{there}arrivals/{row.pk}/")
        assert "前面还有 0 人" in shown(client.get(there))


def test_the_wrong_digits_say_not_which_and_leave_no_number_on_the_screen(house, patient):
    answer = stands(log_in(house.kiosk), phone4="0000")
    assert (answer.status_code, "没有查到，或手机号后四位不符" in shown(answer)) == (409, True)
    assert ID_NO not in shown(answer)
    assert "欧" not in shown(answer)


def test_another_persons_appointment_and_a_forged_or_old_token_lead_nowhere(house, patient, monkeypatch):
    other = reception.book(house.clerk, house.patient("外人"), house.session(on=TOMORROW))
    client = log_in(house.kiosk)
    there = stands(client).url
    assert client.post(f"{there}arrivals/{other}/").status_code == 409
    assert desks.appointment(other).state == "booked"
    assert client.get(there[:-2] + ("A" if there[-2] != "A" else "B") + "/").url == reverse("portal:kiosk")
    later = __import__("time").time() + policy.number("kiosk_seconds") + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(there).url == reverse("portal:kiosk")


def test_tries_of_a_terminal_are_counted(house, patient, monkeypatch):
    monkeypatch.setattr(policy, "number", lambda key: 2 if key == "kiosk_tries" else 1)
    assert actions.identify(house.kiosk, ID_NO, "0000") is None
    assert actions.identify(house.kiosk, ID_NO, "1234") == patient
    with pytest.raises(TooOften):
        actions.identify(house.kiosk, ID_NO, "1234")
    assert Entry.objects.filter(verb="kiosk.identify").count() == 2
