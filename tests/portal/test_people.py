"""For whom a telephone acts: what it may book, and what it may not read."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from luodi.chart import actions as chart
from luodi.patients import actions as patients
from luodi.patients.models import Patient
from luodi.patients.types import NewPatient
from luodi.portal import actions, queries
from luodi.portal.refusals import Invalid, NotVerified, TooManyPeople, TooOften
from luodi.reception import actions as reception
from luodi.reception import queries as desks
from luodi.trust import access, clock, policy
from luodi.trust.access import NotYours
from luodi.trust.clock import today
from luodi.trust.models import Entry
from luodi.trust.refusal import Forbidden
from tests.portal.conftest import ID_NO, PHONE, account, browser
from tests.reception.test_screens import log_in

OWN = NewPatient(name="欧阳建国", id_kind="resident", id_no=ID_NO)
DAY = today() + timedelta(days=1)


def known(house, phone=PHONE):
    """A record made at the desk."""
    return patients.register(house.clerk, NewPatient("欧阳建国", id_kind="resident", id_no=ID_NO, phone=phone))


@pytest.mark.law
def test_ones_own_record_opens_by_document_name_and_telephone_together(house):
    patient = known(house)
    by = account()
    assert actions.add(by, OWN, "self") == patient
    assert access.opens(by, patient)
    assert [(row.name, row.verified) for row in queries.people(by.account)] == [("欧阳建国", True)]


@pytest.mark.law
@pytest.mark.parametrize(
    ("phone", "name"), [("13911112222", "欧阳建国"), (PHONE, "欧阳建"), ("", "欧阳建国")], ids=["phone", "name", "none"]
)
def test_a_known_document_with_anything_else_opens_nothing(house, phone, name):
    patient = known(house, phone)
    by = account()
    assert actions.add(by, NewPatient(name=name, id_kind="resident", id_no=ID_NO), "self") is None
    assert not access.bound(by, patient)
    assert Entry.objects.filter(verb="portal.add").count() == 1, "the try is counted and kept"


@pytest.mark.law
def test_who_is_new_gets_a_record_that_can_be_booked_for_and_not_read(house):
    by = account()
    patient = actions.add(by, OWN, "self", idempotency="a")
    assert (access.bound(by, patient), access.opens(by, patient)) == (True, False)
    assert reception.book(by, patient, house.session(on=DAY))
    with pytest.raises(NotVerified):
        actions.download(by, patient)
    actions.admit(house.clerk, PHONE, patient, "self", "id")
    assert access.opens(by, patient)


@pytest.mark.law
def test_a_relative_of_known_record_is_not_read_until_the_desk_has_seen_a_paper(house):
    patient = known(house)
    by = account()
    assert actions.add(by, OWN, "parent") == patient
    assert not access.opens(by, patient)
    assert queries.person(by.account, patient).name == "欧**国"
    actions.admit(house.clerk, PHONE, patient, "parent", "household")
    assert access.opens(by, patient)
    with clock.at(clock.now() + timedelta(days=366)):
        assert not access.bound(by, patient), "a mandate runs out"


@pytest.mark.law
def test_a_childs_record_closes_to_the_parents_when_it_comes_of_age(house):
    born = today() - timedelta(days=365 * 17)
    child = patients.register(
        house.clerk, NewPatient("欧阳小宝", sex="1", birth_date=born, id_kind="none", no_id_reason="forgotten")
    )
    actions.admit(house.clerk, PHONE, child, "child", "household")
    by = account()
    (bond,) = access.bonds_of_account(by.account)
    assert bond.until.astimezone(clock.HOSPITAL_ZONE).date() == date(born.year + 18, born.month, born.day)
    with clock.at(bond.until + timedelta(minutes=1)):
        assert not access.bound(by, child)
    grown = patients.register(
        house.clerk, NewPatient("欧阳大宝", sex="1", birth_date=date(1990, 1, 1), no_id_reason="forgotten")
    )
    with pytest.raises(Invalid):
        actions.admit(house.clerk, PHONE, grown, "child", "household")


@pytest.mark.law
def test_a_telephone_does_for_its_own_people_what_the_desk_does_and_nothing_for_others(house):
    mine, other = account(), account("13700001111")
    patient = actions.add(mine, OWN, "self")
    stranger = house.patient("外人")
    session = house.session(on=DAY)
    for by, who in ((mine, stranger), (other, patient)):
        with pytest.raises(NotYours):
            reception.book(by, who, session)
        with pytest.raises(NotYours):
            reception.wait_for(by, who, session)
    made = reception.book(mine, patient, session)
    assert desks.appointment(made).channel == "portal"
    for step in (lambda by: reception.cancel_appointment(by, made, "patient"), lambda by: reception.arrive(by, made)):
        with pytest.raises(NotYours):
            step(other)
    reception.cancel_appointment(mine, made, "patient")
    for forbidden in (
        lambda: reception.register(mine, patient, session),
        lambda: reception.stop_session(mine, session, "x"),
        lambda: reception.add_on(mine, patient, session),
        lambda: patients.correct(mine, patient, {"phone": "13800000000"}, "x"),
        lambda: patients.reveal(mine, patient, "id_no", "x"),
        lambda: actions.admit(mine, PHONE, patient, "self", "id"),
    ):
        with pytest.raises(Forbidden):
            forbidden()


@pytest.mark.law
def test_who_merely_typed_a_document_learns_nothing_of_where_the_person_goes(house):
    """A stranger may have typed it first: only what this telephone did itself is shown, and can be changed."""
    stranger = account("13700001111")
    patient = actions.add(stranger, OWN, "self")
    theirs = reception.book(house.clerk, patient, house.session(on=DAY))
    waited = reception.wait_for(house.clerk, patient, _full(house))
    registered = reception.register(house.clerk, patient, house.session(doctor=house.second))
    own = reception.book(stranger, patient, house.session(on=DAY + timedelta(days=1)))
    client = browser("13700001111", minutes=2)
    page = client.get(reverse("my:home")).content.decode()
    assert reverse("my:appointment", args=[own]) in page
    for told in (reverse("my:appointment", args=[theirs]), "前面还有", "候补第"):
        assert told not in page
    assert client.get(reverse("my:appointment", args=[theirs])).status_code == 404
    assert "前面还有" not in client.get(reverse("my:queue", args=[patient])).content.decode()
    for refused in (
        lambda: reception.cancel_appointment(stranger, theirs, "patient"),
        lambda: reception.arrive(stranger, theirs),
        lambda: reception.leave_list(stranger, waited),
    ):
        with pytest.raises(NotYours):
            refused()
    with clock.at(clock.now() + timedelta(minutes=1)):
        chart.open_encounter(house.second, registered.encounter)
        chart.diagnose(house.second, registered.encounter, "J06.9", main=True)
        chart.close_encounter(house.second, registered.encounter, "home")
        with pytest.raises(NotVerified):
            actions.rate(stranger, registered.encounter, {})
        assert client.get(reverse("my:survey", args=[registered.encounter])).status_code == 403
    reception.cancel_appointment(stranger, own, "patient")
    actions.admit(house.clerk, "13700001111", patient, "self", "id")
    assert reverse("my:appointment", args=[theirs]) in client.get(reverse("my:home")).content.decode()


def _full(house):
    """A session without a free slot."""
    session = house.session(on=DAY, capacity=1, part="pm", doctor=house.second)
    reception.book(house.clerk, house.patient("先到"), session)
    return session


@pytest.mark.law
def test_additions_are_limited_by_the_day_and_in_all(house):
    by = account()
    for number in range(policy.number("portal_add_tries")):
        assert actions.add(by, NewPatient(f"甲{number}", "1", id_kind="passport", id_no=f"E{number:08d}"), "other")
    with pytest.raises(TooOften):
        actions.add(by, OWN, "self")
    with clock.at(clock.now() + timedelta(days=1)):
        actions.add(by, OWN, "self")
        with pytest.raises(TooManyPeople):
            actions.add(by, NewPatient("乙", "1", id_kind="passport", id_no="E99999999"), "other")


@pytest.mark.law
def test_dropped_or_expelled_it_acts_no_longer_and_the_past_stays(house):
    by = account()
    patient = actions.add(by, OWN, "self")
    made = reception.book(by, patient, house.session(on=DAY))
    actions.drop(by, patient)
    with pytest.raises(NotYours):
        reception.cancel_appointment(by, made, "patient")
    actions.admit(house.clerk, PHONE, patient, "self", "id")
    actions.expel(house.clerk, by.account, patient)
    actions.expel(house.clerk, by.account, patient)
    assert not access.bound(by, patient)
    assert desks.appointment(made).state == "booked"


def test_the_relation_must_have_its_paper(house):
    patient = known(house)
    for relation, proof in (("parent", "id"), ("other", "household"), ("self", "phone"), ("x", "id")):
        with pytest.raises(Invalid):
            actions.admit(house.clerk, PHONE, patient, relation, proof)


def test_no_document_no_addition(house):
    with pytest.raises(Invalid):
        actions.add(account(), NewPatient("甲", "1", no_id_reason="forgotten"), "self")


def test_what_each_account_did_stands_in_the_ledger_with_it(house):
    by = account()
    patient = actions.add(by, OWN, "self")
    reception.book(by, patient, house.session(on=DAY))
    entry = Entry.objects.get(verb="appointment.book")
    assert (entry.staff, entry.post, entry.account) == (0, "patient", by.account)
    assert Entry.objects.get(verb="session.open").account is None


def test_the_pages_of_people(house):
    client = browser()
    page = client.get(reverse("my:people"))
    assert "添加就诊人" in page.content.decode()
    posted = {"relation": "self", "name": "欧阳建国", "id_kind": "resident", "id_no": "110105194912310021"}
    wrong = client.post(reverse("my:people"), posted)
    assert wrong.status_code == 422
    right = client.post(reverse("my:people"), posted | {"id_no": ID_NO, "idempotency": "t"})
    assert right.status_code == 303
    shown = client.get(reverse("my:people")).content.decode()
    assert "欧**国" in shown
    assert "未核验" in shown
    (patient,) = Patient.objects.values_list("pk", flat=True)
    for there in ("my:visits", "my:choose", "my:correct"):
        assert client.get(reverse(there, args=[patient])).status_code == (403 if there == "my:visits" else 200)
    client.post(reverse("my:drop", args=[patient]))
    assert "欧**国" not in client.get(reverse("my:people")).content.decode()


def test_the_desk_admits_and_expels_on_its_screen(house):
    patient = known(house, "")
    clerk = log_in(house.clerk)
    there = reverse("portal:holders", args=[patient])
    assert "还没有手机账号" in clerk.get(there).content.decode()
    wrong = clerk.post(there, {"phone": PHONE, "relation": "parent", "proof": "id"})
    assert (wrong.status_code, "不能凭这种证明" in wrong.content.decode()) == (422, True)
    clerk.post(there, {"phone": PHONE, "relation": "self", "proof": "id"})
    page = clerk.get(there).content.decode()
    assert "139****1234" in page
    assert PHONE not in page
    by = account()
    assert access.opens(by, patient)
    clerk.post(reverse("portal:expulsion", args=[patient, by.account]))
    assert not access.bound(by, patient)
    assert log_in(house.doctor).get(there).status_code == 403


def test_another_telephones_pages_are_refused(house):
    by = account()
    patient = actions.add(by, OWN, "self")
    actions.admit(house.clerk, PHONE, patient, "self", "id")
    made = reception.book(by, patient, house.session(on=DAY))
    stranger = browser("13700001111")
    pages = [reverse(name, args=[patient]) for name in ("my:visits", "my:choose", "my:queue", "my:correct")]
    for there in [*pages, reverse("my:appointment", args=[made])]:
        assert stranger.get(there).status_code == 403
    for there in (reverse("my:download", args=[patient]), reverse("my:step", args=[made, "cancel"])):
        assert stranger.post(there).status_code == 403
    assert Client().get(pages[0]).url.startswith(reverse("my:login"))


@pytest.mark.law
def test_a_bond_holds_for_the_person_whatever_record_was_merged(house):
    patient = known(house)
    by = account()
    actions.add(by, OWN, "self")
    other = house.patient("欧阳建国")
    merged = patients.merge(house.clerk, other, patient, "registered_twice", "同一人")
    assert access.opens(by, other)
    (person,) = queries.people(by.account)
    assert (person.patient, person.verified) == (other, True)
    assert reception.book(by, person.patient, house.session(on=DAY))
    patients.unmerge(house.clerk, merged, "two_people", "两个人")
    assert not access.bound(by, other)
    actions.drop(by, patient)
    assert not access.bound(by, patient)
