"""Booking, the queue, visits, medicines, results, surveys, rights: what a patient does and sees by telephone."""

import json
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from luodi.chart import actions as chart
from luodi.chart.types import Obs
from luodi.cli import work
from luodi.insight.measure import Window
from luodi.insight.queries import read
from luodi.patients import actions as patients
from luodi.patients.types import NewPatient
from luodi.portal import actions, queries
from luodi.portal.models import Notice, Survey
from luodi.portal.refusals import CorrectionMoved, Invalid, NotToBeRated, NotVerified
from luodi.reception import actions as reception
from luodi.reception import policy as booking
from luodi.reception import queries as desks
from luodi.reception.refusals import TooEarly
from luodi.trust import clock, ledger, policy
from luodi.trust.access import NotYours
from luodi.trust.clock import HOSPITAL_ZONE, now, today
from luodi.trust.models import Entry
from luodi.trust.refusal import Forbidden
from tests.portal.conftest import ID_NO, PHONE, account, browser
from tests.reception.test_screens import log_in
from tests.sending import token_of as form_token

MORNING = datetime.combine(today(), time(7, 30), HOSPITAL_ZONE)
TOMORROW = today() + timedelta(days=1)


@pytest.fixture(autouse=True)
def _morning():
    with clock.at(MORNING):
        yield


@pytest.fixture
def mine(house):
    """A verified patient of a telephone: its actor and the record."""
    patient = patients.register(house.clerk, NewPatient("欧阳建国", id_kind="resident", id_no=ID_NO, phone=PHONE))
    by = account()
    actions.add(by, NewPatient("欧阳建国", id_kind="resident", id_no=ID_NO), "self")
    return by, patient


def page(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def again():
    """A browser of the same telephone, a little later: codes come a minute apart."""
    return browser(minutes=2)


def visited(house, by, patient, *, closed=True):
    """A visit of today that a doctor has opened, and closed; its encounter."""
    made = reception.register(house.clerk, patient, house.session())
    reception.start(house.doctor, made.ticket)
    chart.diagnose(house.doctor, made.encounter, "J06.9", main=True)
    if closed:
        chart.close_encounter(house.doctor, made.encounter, "home")
    return made.encounter


def test_booking_by_telephone_from_unit_to_slot(house, mine):
    _by, patient = mine
    session = house.session(on=TOMORROW, capacity=2)
    client = again()
    assert "预约挂号" in page(client, "my:home")
    choose = reverse("my:choose", args=[patient])
    assert "普通内科门诊" in client.get(choose).content.decode()
    shown = client.get(f"{choose}?unit={house.unit['GIM']}").content.decode()
    there = reverse("my:book", args=[patient, session])
    assert there in shown
    form = client.get(there).content.decode()
    assert "爽约" in form, "the rules are told before it is booked"
    posted = {"idempotency": form_token(form)}
    first, second = client.post(there, posted), client.post(there, posted)
    assert first.url == second.url, "sent twice, booked once"
    assert "08:00" in client.get(first.url).content.decode()
    assert len(desks.appointments_of(patient)) == 1
    refused = client.post(there, {"idempotency": "other"})
    assert (refused.status_code, "已" in refused.content.decode()) == (409, True)
    cancel = client.post(first.url + "cancel/")
    assert cancel.status_code == 303
    assert "已取消" in client.get(first.url).content.decode()


def test_a_full_session_is_waited_for_and_the_slot_confirmed(house, mine):
    _by, patient = mine
    session = house.session(on=TOMORROW, capacity=1)
    sold = reception.book(house.clerk, house.patient("先到"), session)
    client = again()
    there = reverse("my:book", args=[patient, session])
    assert "加入候补" in client.get(there).content.decode()
    client.post(there, {"wait": "1"})
    assert "候补第 1 位" in page(client, "my:home")
    reception.cancel_appointment(house.clerk, sold, "patient")
    work.keep_slots()
    (held,) = desks.appointments_of(patient)
    assert "为您保留到" in page(client, "my:appointment", held.pk)
    client.post(reverse("my:step", args=[held.pk, "confirm"]))
    assert desks.appointment(held.pk).state == "booked"


def test_check_in_by_telephone_has_its_time_and_gives_no_priority(house, mine):
    by, patient = mine
    session = house.session(on=TOMORROW, capacity=1, part="pm")
    made = reception.book(by, patient, session)
    starts = desks.appointment(made).starts
    with clock.at(starts - timedelta(minutes=booking.booking().checkin_minutes + 1)), pytest.raises(TooEarly) as early:
        reception.arrive(by, made)
    assert "12:30" in str(early.value)
    with clock.at(starts - timedelta(minutes=10)):
        client = again()
        answer = client.post(reverse("my:step", args=[made, "arrive"]))
        assert answer.status_code == 303, answer.content.decode()
        (row,) = desks.queue(house.unit["GIM"])
        assert (row.patient, row.priority) == (patient, "ordinary")
        shown = page(client, "my:appointment", made)
        assert "前面还有 0 人" in shown
        reception.call(house.nurse, row.ticket, "5 诊室")
        assert "请到 5 诊室 就诊" in page(client, "my:queue", patient)
        reception.pass_over(house.nurse, row.ticket)
        assert "已过号" in page(client, "my:queue", patient)


def test_a_place_counts_who_is_really_before(house, mine):
    _by, patient = mine
    session = house.session()
    reception.register(house.clerk, house.patient("先到"), session)
    reception.register(house.clerk, patient, session)
    reception.register(house.clerk, house.patient("急症"), session, priority="critical")
    (place,) = queries.places(patient)
    assert (place.ahead, place.wait) == (2, None)


def test_visits_show_diagnoses_and_results_when_they_are_released(house, mine):
    by, patient = mine
    encounter = visited(house, by, patient, closed=False)
    chart.observe(
        house.doctor, patient, encounter, [Obs("K", Decimal("4.1"), "mmol/L"), Obs("HR", Decimal(80), "/min")]
    )
    assert queries.result_rows(encounter) == []
    with clock.at(now() + timedelta(hours=policy.number("portal_result_hours"), minutes=1)):
        assert [row.value for row in queries.result_rows(encounter)] == [Decimal("4.1")]
    chart.close_encounter(house.doctor, encounter, "home")
    (row,) = queries.result_rows(encounter)
    assert (row.value, row.unit) == (Decimal("4.1"), "mmol/L")
    shown = page(again(), "my:visit", encounter)
    assert "J06.9" in shown
    assert "4.1" in shown
    read_entries = Entry.objects.filter(verb="read", patient=patient, account=by.account)
    assert read_entries.exists(), "who looked stands in the ledger"


@pytest.mark.law
def test_a_visit_is_rated_once_by_its_own_people_and_counted(house, mine):
    by, patient = mine
    encounter = visited(house, by, patient)
    answers = dict.fromkeys(("wait", "attitude", "explained", "environment"), 4) | {"overall": 5}
    for wrong in ({}, answers | {"overall": 6}, {"overall": 5}):
        with pytest.raises(Invalid):
            actions.rate(by, encounter, wrong)
    with clock.at(now() + timedelta(minutes=2)):
        other = account("13700001111")
    with pytest.raises(NotYours):
        actions.rate(other, encounter, answers)
    actions.rate(by, encounter, answers, nps=9, words="谢谢 <b>王医生</b>")
    with pytest.raises(NotToBeRated):
        actions.rate(by, encounter, answers)
    assert "王医生".encode() not in bytes(Survey.objects.get().words)
    ledger.seal()
    window = Window(MORNING - timedelta(hours=1), MORNING + timedelta(days=1))
    reading = read("satisfaction", window)
    assert (reading.value, reading.bottom) == (5, 1)
    assert read("portal_share", window).value is None, "nothing booked is no share of it"


def test_what_cannot_be_rated_yet_or_any_more(house, mine):
    by, patient = mine
    encounter = visited(house, by, patient, closed=False)
    assert queries.rateable(encounter) is None
    chart.close_encounter(house.doctor, encounter, "home")
    assert queries.rateable(encounter)
    with clock.at(now() + timedelta(days=policy.number("portal_survey_days"), minutes=1)):
        assert queries.rateable(encounter) is None


def test_the_survey_page(house, mine):
    by, patient = mine
    encounter = visited(house, by, patient)
    client = again()
    assert "评价" in page(client, "my:home")
    there = reverse("my:survey", args=[encounter])
    missing = client.post(there, {"q-overall": "5"})
    assert missing.status_code == 422
    full = {f"q-{code}": "4" for code in ("wait", "attitude", "explained", "environment", "overall")}
    assert client.post(there, full | {"nps": "10", "words": "好"}).status_code == 303
    assert "已收到您的评价" in client.get(there).content.decode()


@pytest.mark.law
def test_the_own_data_as_a_file_names_nobody_outside_it_and_is_evidence(house, mine):
    by, patient = mine
    visited(house, by, patient)
    answer = again().post(reverse("my:download", args=[patient]))
    assert "欧阳" not in answer["Content-Disposition"]
    data = json.loads(answer.content)
    assert data["identity"]["name"] == "欧阳建国"
    assert ID_NO not in answer.content.decode(), "numbers are masked"
    assert data["visits"][0]["diagnoses"][0]["code"] == "J06.9"
    assert Entry.objects.get(verb="portal.download").account == by.account


def test_a_wish_for_correction_reaches_the_desk_and_its_answer_comes_back(house, mine):
    by, patient = mine
    client = again()
    client.post(reverse("my:correct", args=[patient]), {"wish": "生日应为 1949-12-31 <script>"})
    clerk = log_in(house.clerk)
    listed = clerk.get(reverse("portal:corrections")).content.decode()
    assert "欧阳建国" in listed
    assert "<script>" not in listed
    (wish,) = queries.corrections()
    there = reverse("portal:answer", args=[wish.pk])
    assert clerk.post(there, {f"{wish.pk}-done": "1"}).status_code == 422
    clerk.post(there, {f"{wish.pk}-done": "0", f"{wish.pk}-words": "证件上不是这一天"})
    assert queries.corrections() == []
    with pytest.raises(CorrectionMoved):
        actions.end_correction(house.clerk, wish.pk, done=True, words="x")
    assert "证件上不是这一天" in page(client, "my:account")
    with pytest.raises(Forbidden):
        actions.end_correction(by, wish.pk, done=True, words="x")


def test_who_agreed_is_told_once_of_a_stopped_clinic(house, mine, messages):
    by, patient = mine
    session = house.session(on=TOMORROW)
    made = reception.book(by, patient, session)
    reception.stop_session(house.clerk, session, "医师生病")
    before = len(messages())
    work.tell_patients()
    assert len(messages()) == before, "nobody is sent anything without having agreed"
    actions.agree(by, "sms", given=True)
    work.tell_patients()
    work.tell_patients()
    sent = messages()[before:]
    assert [message["to"] for message in sent] == [PHONE]
    assert "欧阳" not in sent[0]["text"]
    assert Notice.objects.get().appointment_id == made
    assert "停诊" in page(again(), "my:appointment", made)
    with pytest.raises(Forbidden):
        actions.tell(by, by.account, made, "offered")


def test_who_is_not_verified_is_told_only_of_what_they_made(house, messages):
    by = account()
    actions.agree(by, "sms", given=True)
    patient = actions.add(by, NewPatient("欧阳建国", id_kind="resident", id_no=ID_NO), "self")
    sessions = [house.session(on=TOMORROW), house.session(on=TOMORROW + timedelta(days=1))]
    own, _theirs = reception.book(by, patient, sessions[0]), reception.book(house.clerk, patient, sessions[1])
    for session in sessions:
        reception.stop_session(house.clerk, session, "医师生病")
    assert [(told.account, told.appointment) for told in queries.to_tell(9)] == [(by.account, own)]


def test_what_is_not_verified_is_not_shown(house):
    by = account()
    patient = actions.add(by, NewPatient("欧阳建国", id_kind="resident", id_no=ID_NO), "self")
    encounter = visited(house, by, patient)
    with pytest.raises(NotVerified):
        actions.download(by, patient)
    client = again()
    for name, key in (("my:visits", patient), ("my:visit", encounter)):
        answer = client.get(reverse(name, args=[key]))
        assert (answer.status_code, "核验" in answer.content.decode()) == (403, True)
    assert client.post(reverse("my:download", args=[patient])).status_code == 403
