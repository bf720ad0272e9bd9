"""Login, lock-out, second factor, passwords, sessions, and their screens."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from luodi.trust import actions, ledger, sessions
from luodi.trust import people as names
from luodi.trust.actions import login as logins
from luodi.trust.actor import NOBODY
from luodi.trust.clock import at, now
from luodi.trust.lockout import Locked
from luodi.trust.models import BreakGlass, Session, Staff
from luodi.trust.passwords import WeakPassword
from luodi.trust.refusal import Refusal
from tests.trust.conftest import PASSWORD, People

pytestmark = pytest.mark.law
DESK = NOBODY._replace(device="10.0.0.7")


def test_login_and_its_failures_are_evidence(people: People) -> None:
    token = actions.log_in(DESK, "doctor", PASSWORD)
    resolved = sessions.resolve(token)
    assert resolved is not None
    assert resolved.actor.staff == people.doctor.staff
    with pytest.raises(names.WrongCredentials):
        actions.log_in(DESK, "doctor", "wrong")
    last = list(ledger.entries())[-1]
    assert (last.verb, last.facts["act"], last.facts["code"]) == ("refused", "login", "wrong_credentials")
    assert PASSWORD not in str([line.facts for line in ledger.entries()])


def test_five_failures_lock_the_account_for_a_while(people: People) -> None:
    for _try in range(5):
        with pytest.raises(names.WrongCredentials):
            actions.log_in(DESK, "doctor", "wrong")
    with pytest.raises(Locked):
        actions.log_in(DESK, "doctor", PASSWORD)
    with at(now() + timedelta(minutes=16)):
        assert actions.log_in(DESK, "doctor", PASSWORD)


def test_one_source_that_fails_everywhere_is_locked_out(people: People) -> None:
    actions.set_policy(people.security, "source_failures", "6", "shorter for the test")
    for number in range(6):
        with pytest.raises(names.WrongCredentials):
            actions.log_in(DESK, f"guess{number}", "wrong")
    with pytest.raises(Locked):
        actions.log_in(DESK, "nurse", PASSWORD)
    assert actions.log_in(DESK._replace(device="10.0.0.8"), "nurse", PASSWORD)


def test_a_stolen_session_table_opens_nothing(people: People) -> None:
    token = actions.log_in(DESK, "doctor", PASSWORD)
    row = Session.objects.order_by("-pk")[0]
    assert token.encode() not in bytes(row.token)
    assert sessions.resolve(bytes(row.token).hex()) is None


@pytest.mark.parametrize(("later", "alive"), [(timedelta(minutes=29), True), (timedelta(minutes=31), False)])
def test_an_idle_session_ends(people: People, later: timedelta, alive: bool) -> None:
    token = actions.log_in(DESK, "doctor", PASSWORD)
    with at(now() + later):
        assert (sessions.resolve(token) is not None) is alive


def test_a_session_in_use_still_ends_by_its_age(people: People) -> None:
    token = actions.log_in(DESK, "doctor", PASSWORD)
    start = now()
    for minutes in range(20, 12 * 60, 20):
        with at(start + timedelta(minutes=minutes)):
            assert sessions.resolve(token)
    with at(start + timedelta(hours=12, minutes=1)):
        assert sessions.resolve(token) is None


def test_all_my_sessions_end_at_once(people: People) -> None:
    tokens = [actions.log_in(DESK, "doctor", PASSWORD) for _time in range(3)]
    assert actions.end_my_sessions(people.doctor) == 4
    assert [sessions.resolve(token) for token in tokens] == [None] * 3


def test_a_session_dies_with_its_post_and_with_the_account(people: People) -> None:
    token = actions.log_in(DESK, "doctor", PASSWORD)
    held = Session.objects.order_by("-pk")[0].holding_id
    assert held is not None
    actions.unassign(people.system, held)
    assert sessions.resolve(token) is None
    token = actions.log_in(DESK, "nurse", PASSWORD)
    actions.leave(people.system, people.nurse.staff)
    assert sessions.resolve(token) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Sh0rt!", "password_short"),
        ("alllowercase", "password_plain"),
        ("Doctor-9-lamp", "password_login"),
        (PASSWORD, "password_reused"),
        ("Aa1!" * 60, "password_long"),
    ],
)
def test_password_rules(people: People, password: str, code: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        actions.change_password(people.doctor, PASSWORD, password)
    assert refused.value.code == code


def test_a_changed_password_ends_other_sessions_and_may_not_come_back(people: People) -> None:
    token = actions.log_in(DESK, "doctor", PASSWORD)
    actions.change_password(people.doctor, PASSWORD, "Other-8-lamp!")
    assert sessions.resolve(token) is None
    with pytest.raises(WeakPassword):
        actions.change_password(people.doctor, "Other-8-lamp!", PASSWORD)
    actions.log_in(DESK, "doctor", "Other-8-lamp!")


def test_an_old_password_must_be_changed(people: People) -> None:
    with at(now() + timedelta(days=91)):
        token = actions.log_in(DESK, "doctor", PASSWORD)
        resolved = sessions.resolve(token)
        assert resolved is not None
    assert Staff.objects.get(pk=people.doctor.staff).must_change


def test_a_one_time_code_works_once(people: People) -> None:
    secret = logins.new_secret()
    totp = pyotp.TOTP(secret)
    actions.enrol_second_factor(people.doctor, secret, totp.at(now()))
    assert secret.encode() not in bytes(Staff.objects.get(pk=people.doctor.staff).totp or b"")
    with pytest.raises(logins.WrongCode):
        actions.show_second_factor(people.doctor, totp.at(now()))
    later = now() + timedelta(seconds=60)
    with at(later):
        actions.show_second_factor(people.doctor, totp.at(later))
        with pytest.raises(logins.WrongCode):
            actions.show_second_factor(people.doctor, totp.at(later))


def test_guessing_codes_locks(people: People) -> None:
    actions.enrol_second_factor(people.doctor, secret := logins.new_secret(), pyotp.TOTP(secret).at(now()))
    for _try in range(5):
        with pytest.raises(logins.WrongCode):
            actions.show_second_factor(people.doctor, "000000")
    with pytest.raises(Locked):
        actions.show_second_factor(people.doctor, "000000")


def test_reset_gives_a_first_password(people: People) -> None:
    actions.reset_password(people.system, people.doctor.staff, password="First-1-word!")
    token = actions.log_in(DESK, "doctor", "First-1-word!")
    resolved = sessions.resolve(token)
    assert resolved is not None
    assert resolved.must_change


def _login(client: Client, login: str, password: str = PASSWORD) -> object:
    return client.post("/trust/login/", {"login": login, "password": password, "next": "/"})


def test_the_login_screen(people: People, client: Client) -> None:
    assert client.get("/").status_code == 302
    wrong = client.post("/trust/login/", {"login": "doctor", "password": "no"})
    assert wrong.status_code == 401
    assert "工号或密码不正确" in wrong.content.decode()
    assert client.post("/trust/login/", {"login": "", "password": ""}).status_code == 422
    good = client.post("/trust/login/", {"login": "doctor", "password": PASSWORD, "next": "//evil.example/"})
    assert (good.status_code, good["Location"]) == (303, "/")
    cookie = good.cookies[sessions.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/").status_code == 200


def test_the_demo_logins_are_shown_in_the_demo_only(
    people: People, client: Client, settings: Any, tmp_path: Path
) -> None:
    row = {"login": "doctor1", "password": "public", "post": "医师", "unit": "普通内科门诊", "name": "演示"}
    (tmp_path / "demo-logins.json").write_text(json.dumps([row]), encoding="utf-8")
    settings.LUODI_DATA = tmp_path
    for demo in (True, False):
        settings.DEMO = demo
        assert ("doctor1" in client.get("/trust/login/").content.decode()) is demo


def test_logout_ends_the_session(people: People, client: Client) -> None:
    _login(client, "doctor")
    token = client.cookies[sessions.COOKIE].value
    assert client.post("/trust/logout/").status_code == 303
    assert sessions.resolve(token) is None


def test_a_first_password_sends_to_the_password_page(people: People, client: Client) -> None:
    Staff.objects.filter(pk=people.doctor.staff).update(must_change=True)
    _login(client, "doctor")
    assert client.get("/")["Location"] == "/trust/account/password/"
    answer = client.post(
        "/trust/account/password/", {"old": PASSWORD, "new": "Other-8-lamp!", "again": "Other-8-lamp!"}
    )
    assert answer.status_code == 303
    assert client.get("/").status_code == 200


ADMIN = {
    "system": ["/trust/staff/", "/trust/system/", "/trust/posts/new/"],
    "security": [
        "/trust/posts/",
        "/trust/posts/doctor/",
        "/trust/policy/",
        "/trust/policy/lock_minutes/",
        "/trust/reviews/",
    ],
    "audit": ["/trust/audit/", "/trust/ledger/"],
}


@pytest.mark.parametrize("who", ADMIN)
def test_administrators_see_their_own_screens_and_no_others(people: People, client: Client, who: str) -> None:
    _login(client, who)
    for owner, urls in ADMIN.items():
        for url in urls:
            assert client.get(url).status_code == (200 if owner == who else 403), (who, url)


@pytest.mark.parametrize(
    ("who", "url", "zh", "en"),
    [
        ("system", "/trust/staff/", "普通内科门诊", "General medicine"),
        ("system", "/trust/staff/{staff}/", "普通内科门诊", "General medicine"),
        ("security", "/trust/posts/", "挂号员", "Registrar"),
        ("security", "/trust/posts/doctor/", "查询患者身份", "Find patients"),
        ("security", "/trust/policy/", "密码最短长度", "Shortest password"),
        ("security", "/trust/policy/", "个工作日", "working days"),
        ("security", "/trust/policy/password_min_length/", "密码最短长度", "Shortest password"),
    ],
)
def test_names_are_said_in_the_language_of_the_screen(
    people: People, client: Client, settings: Any, who: str, url: str, zh: str, en: str
) -> None:
    _login(client, who)
    url = url.format(staff=people.doctor.staff)
    chinese = client.get(url).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.get(url).content.decode()
    assert zh in chinese
    assert en not in chinese
    assert en in english
    assert zh not in english


def test_the_signed_in_person_is_named_in_the_language_of_the_screen(
    people: People, client: Client, settings: Any
) -> None:
    Staff.objects.filter(pk=people.doctor.staff).update(name_zh="演示医师", name_en="Demo Doctor")
    _login(client, "doctor")
    assert "演示医师" in client.get("/trust/account/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.get("/trust/account/").content.decode()
    assert "Demo Doctor" in english
    assert "演示医师" not in english


def test_the_account_screens(people: People, client: Client) -> None:
    _login(client, "doctor")
    for url in ("/trust/account/", "/trust/account/password/", "/trust/account/second-factor/", "/trust/post/"):
        assert client.get(url).status_code == 200, url
    assert client.post("/trust/account/reauthentication/", {"password": "no"}).status_code == 401
    assert client.post("/trust/account/reauthentication/", {"password": PASSWORD, "next": "/x"})["Location"] == "/x"


def test_new_account_by_screen_then_post_then_leaving(people: People, client: Client) -> None:
    _login(client, "system")
    made = client.post(
        "/trust/staff/", {"login": "new1", "name_zh": "<b>新</b>", "password": "First-1-word!", "admin_kind": ""}
    )
    assert made.status_code == 303
    page = made["Location"]
    assert client.post(page, {"post": "doctor", "unit": people.unit}).status_code == 303
    assert "&lt;b&gt;新&lt;/b&gt;" in client.get(page).content.decode()
    assert client.post(page, {"post": "audit_admin", "unit": people.unit}).status_code == 422
    assert client.post(page + "leaving/").status_code == 303
    assert Staff.objects.get(login="new1").left_at


def test_the_ledger_screen_verifies(people: People, client: Client) -> None:
    _login(client, "audit")
    answer = client.post("/trust/ledger/")
    assert "账本完整" in answer.content.decode()


def test_break_glass_by_screen_and_its_review(people: People, client: Client) -> None:
    _login(client, "doctor")
    short = client.post("/trust/patients/9/break-glass/", {"reason": "急"})
    assert short.status_code == 422
    done = client.post("/trust/patients/9/break-glass/", {"reason": "昏迷患者急救", "next": "/chart/9/"})
    assert (done.status_code, done["Location"]) == (303, "/chart/9/")
    other = Client()
    _login(other, "security")
    page = other.get("/trust/reviews/").content.decode()
    assert "昏迷患者急救" in page
    number = actions.glass.BreakGlass.objects.get().pk
    assert other.post(f"/trust/reviews/{number}/", {"justified": "1"}).status_code == 303
    assert "没有待复核" in other.get("/trust/reviews/").content.decode()


def test_audit_shows_who_saw_a_patient(people: People, client: Client) -> None:
    from luodi.trust import reading

    reading.record(people.doctor, {9}, "chart:record")
    reading.record(people.nurse, {7, 9, 12}, "ward:board")
    reading.record(people.nurse, {19, 90}, "ward:board")
    _login(client, "audit")
    page = client.post("/trust/audit/", {"patient": "9"}).content.decode()
    assert "chart:record" in page
    assert page.count("ward:board") == 1


def test_policy_is_set_from_today(people: People, client: Client) -> None:
    _login(client, "security")
    assert client.post("/trust/policy/idle_minutes/", {"value": "5", "source": "病区共用电脑"}).status_code == 303
    token = actions.log_in(DESK, "doctor", PASSWORD)
    with at(now() + timedelta(minutes=6)):
        assert sessions.resolve(token) is None
    with pytest.raises(Refusal):
        actions.set_policy(people.security, "no_such_key", "5", "x")


def test_policy_can_demand_a_second_factor_of_everybody(people: People, client: Client) -> None:
    actions.set_policy(people.security, "second_factor_required", "1", "等保三级")
    _login(client, "doctor")
    assert client.get("/")["Location"] == "/trust/account/second-factor/"
    secret = logins.new_secret()
    moment = now()
    given = {"secret": secret, "code": pyotp.TOTP(secret).at(moment)}
    with at(moment):
        assert client.post("/trust/account/second-factor/", given).status_code == 303
        assert client.get("/").status_code == 200
    other = Client()
    _login(other, "doctor")
    assert other.get("/")["Location"] == "/trust/second-factor/"
    assert other.get("/trust/account/second-factor/")["Location"] == "/trust/second-factor/"


def test_a_short_reason_brings_the_form_back_and_a_repeated_one_opens_once(people: People, client: Client) -> None:
    token, _row = sessions.begin(people.doctor.staff, "test")
    client.cookies[sessions.COOKIE] = token
    there = reverse("trust:break_glass", args=[9])
    page = client.post(there, {"reason": "急救", "next": "/about/"})
    assert page.status_code == 422
    text = page.content.decode()
    assert ">急救</textarea>" in text
    assert 'name="next" value="/about/"' in text
    assert "请补充理由" in text
    for _again in range(2):
        assert client.post(there, {"reason": "昏迷患者急救，需查过敏史", "next": "/about/"})["Location"] == "/about/"
    assert BreakGlass.objects.count() == 1
