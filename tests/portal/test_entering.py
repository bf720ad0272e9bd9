"""A telephone comes in by a code that is short-lived, limited, sent once and kept nowhere."""

from datetime import datetime, time, timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from luodi.portal import actions, entering, logins, sender
from luodi.portal.models import Account, LoginCode, Tries
from luodi.portal.refusals import TooOften, TooSoon
from luodi.trust import clock, policy
from luodi.trust.actor import is_program
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.trust.models import Entry
from luodi.trust.refusal import Refusal
from tests.portal.conftest import PHONE, WEB, account, browser, token_of


def shown(response):
    return response.content.decode()


@pytest.mark.law
def test_a_code_lets_its_telephone_in_once(house):
    made = actions.new_code(WEB, "139-0000 1234")
    assert (made.phone, len(made.code)) == (PHONE, 6)
    token = actions.log_in(WEB, PHONE, made.code)
    assert token
    assert actions.log_in(WEB, PHONE, made.code) is None, "a code is good once"
    by = logins.actor(token)
    assert (by.staff, by.post, by.account) == (0, "patient", Account.objects.get().pk)
    assert not is_program(by)


@pytest.mark.law
def test_a_wrong_code_is_counted_and_the_right_one_then_too_late(house):
    made = actions.new_code(WEB, PHONE)
    wrong = f"{(int(made.code) + 1) % 10**6:06d}"
    for _turn in range(policy.number("portal_code_tries")):
        assert actions.log_in(WEB, PHONE, wrong) is None
    assert actions.log_in(WEB, PHONE, made.code) is None
    assert LoginCode.objects.get().tries == policy.number("portal_code_tries")


@pytest.mark.law
def test_a_code_ends_and_another_one_voids_it(house):
    first = actions.new_code(WEB, PHONE)
    with clock.at(clock.now() + timedelta(seconds=policy.number("portal_code_gap") + 1)):
        second = actions.new_code(WEB, PHONE)
        assert first.code == second.code or actions.log_in(WEB, PHONE, first.code) is None
    with clock.at(clock.now() + timedelta(minutes=policy.number("portal_code_minutes") + 2)):
        assert actions.log_in(WEB, PHONE, second.code) is None


@pytest.mark.law
def test_codes_are_limited_by_the_minute_by_telephone_and_by_place(house):
    actions.new_code(WEB, PHONE)
    with pytest.raises(TooSoon) as soon:
        actions.new_code(WEB, PHONE)
    assert "60" in str(soon.value)
    at, gap = datetime.combine(today(), time(9), HOSPITAL_ZONE), timedelta(seconds=policy.number("portal_code_gap") + 1)
    for turn in range(policy.number("portal_code_phone")):
        with clock.at(at + gap * turn):
            actions.new_code(WEB, "13700000000")
    with clock.at(at + timedelta(hours=10)), pytest.raises(TooOften):
        actions.new_code(WEB, "13700000000")
    for number in range(policy.number("portal_code_source") - Tries.objects.get(kind="source").count):
        actions.new_code(WEB, f"1380000{number:04d}")
    with pytest.raises(TooOften):
        actions.new_code(WEB, "13899999999")


def test_no_telephone_and_no_code_in_any_table_or_entry(house, messages):
    entering.send_code(PHONE, "198.51.100.7")
    (message,) = messages()
    code = next(word for word in message["text"].replace("，", " ").split() if word.isdigit() and len(word) == 6)
    assert actions.log_in(WEB, PHONE, code)
    for model in (*apps.get_app_config("portal").get_models(), Entry):
        for row in model.objects.values():
            held = " ".join(str(bytes(v)) if isinstance(v, bytes | memoryview) else str(v) for v in row.values())
            assert PHONE not in held, model
            assert code not in held.replace(str(row.get("id", "")), ""), model


def test_a_login_ends_by_idle_time_by_age_and_by_the_person(house):
    token = token_of()
    start = clock.now()
    with clock.at(start + timedelta(minutes=policy.number("portal_idle_minutes") + 1)):
        assert logins.actor(token) is None
    moment = start
    while moment < start + timedelta(hours=policy.number("portal_absolute_hours")):
        with clock.at(moment):
            assert logins.actor(token), "who keeps coming stays"
        moment += timedelta(minutes=policy.number("portal_idle_minutes") - 1)
    with clock.at(start + timedelta(hours=policy.number("portal_absolute_hours"), minutes=1)):
        assert logins.actor(token) is None
    by = logins.actor(token)
    actions.log_out(by, token)
    assert logins.actor(token) is None


def test_nobody_logs_in_where_nothing_can_be_sent(house, monkeypatch):
    def none(_spec):
        raise sender.NoSender

    monkeypatch.setattr(sender, "_provider", none)
    page = Client().post(reverse("my:login"), {"phone": PHONE})
    assert (page.status_code, "短信现在发不出去" in shown(page)) == (503, True)
    assert not LoginCode.objects.exists()


def test_the_pages_from_telephone_to_home(house, messages):
    client = Client()
    away = client.get(reverse("my:account"))
    assert away.url == f"{reverse('my:login')}?next=%2Fmy%2Faccount%2F"
    asked = client.post(away.url, {"phone": PHONE, "next": "/my/account/"})
    assert "验证码已发送到" in shown(asked)
    code = messages()[-1]["text"].split("是 ")[1][:6]
    wrong = client.post(reverse("my:code"), {"phone": PHONE, "code": "000000" if code != "000000" else "1" * 6})
    assert (wrong.status_code, "验证码不正确" in shown(wrong)) == (401, True)
    entered = client.post(reverse("my:code"), {"phone": PHONE, "code": code, "next": "/my/account/"})
    assert entered.url == "/my/account/"
    assert client.get(entered.url).url == reverse("my:consents"), "first what must be agreed to"
    client.post(reverse("my:consents"), {"code": "privacy", "yes": "1"})
    assert "139****1234" in shown(client.get(entered.url))
    client.post(reverse("my:logout"), {"everywhere": "1"})
    assert client.get(reverse("my:home")).url.startswith(reverse("my:login"))


def test_a_login_leads_nowhere_else(house):
    client = Client()
    for there in ("https://evil.example/my/", "//evil.example", "/trust/login/", "/my/../trust/"):
        page = shown(client.get(reverse("my:login"), {"next": there}))
        assert f'name="next" value="{reverse("my:home")}"' in page, there


def test_a_telephone_opens_no_screen_of_staff_and_staff_no_page_of_a_telephone(house):
    mine = browser()
    assert mine.get(reverse("reception:queue")).url.startswith(reverse("trust:login"))
    from tests.reception.test_screens import log_in

    assert log_in(house.clerk).get(reverse("my:home")).url.startswith(reverse("my:login"))


def test_refusals_of_what_is_no_telephone(house):
    for text in ("", "abc", "12"):
        with pytest.raises(Refusal):
            actions.new_code(WEB, text)


def test_consent_withdrawn_shows_nothing_more(house):
    by = account()
    actions.agree(by, "privacy", given=False)
    actions.agree(by, "privacy", given=False)
    client = Client()
    client.cookies[logins.COOKIE] = _again()
    assert client.get(reverse("my:home")).url == reverse("my:consents")
    assert Entry.objects.filter(verb="portal.consent").count() == 3


def _again() -> str:
    with clock.at(clock.now() + timedelta(minutes=2)):
        return token_of()
