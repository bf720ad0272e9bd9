"""Three administrators who see no record, and what each of them can do at once: people, rights, evidence."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from luodi.simulator.crew import PASSWORD
from tests.journeys.arranging import Patient, arranged
from tests.journeys.at_work import log_in, readable, refused

FIRST, OWN = "first-Password-2026", "my-Own-Password-2026"


@pytest.fixture(scope="module")
def patient(hospital) -> Patient:
    """A patient of the emergency department: nobody of internal medicine has to do with them."""
    return arranged(hospital.data, "opened")[0]


def hired(page: Page, url: str, login: str, post: str, unit: str) -> None:
    """The system administrator makes an account with a first password and gives it a post."""
    log_in(page, url, "sysadmin", then="/trust/staff/")
    form = page.locator("form", has=page.locator("[name=name_zh]"))
    form.locator("[name=login]").fill(login)
    form.locator("[name=name_zh]").fill("演示新进人员")
    form.locator("[name=password]").fill(FIRST)
    page.keyboard.press("Control+Enter")
    expect(page.locator("main h1")).to_have_text("演示新进人员")
    page.select_option("[name=post]", post)
    page.select_option("[name=unit]", label=unit)
    page.get_by_role("button", name="分配岗位").click()
    expect(page.locator("table")).to_contain_text(unit)


def test_a_hired_person_makes_the_password_their_own(page: Page, hospital, colleague, shot):
    log_in(page, hospital.url, "sysadmin", then="/trust/staff/")
    readable(page)
    shot(page, "staff")
    hired(page, hospital.url, "newnurse", "ward_nurse", "内科一病区")
    readable(page)
    shot(page, "person")

    new = colleague()
    new.goto(f"{hospital.url}/trust/login/")
    readable(new)
    shot(new, "login")
    log_in(new, hospital.url, "newnurse", FIRST, then="/ward/board/")
    expect(new.locator("main")).to_contain_text("须先修改密码")
    new.goto(f"{hospital.url}/ward/board/")
    expect(new.locator("h1")).to_have_text("修改密码")  # no way round it
    for name, text in (("old", FIRST), ("new", "short"), ("again", "short")):
        new.fill(f"[name={name}]", text)
    new.get_by_role("button", name="保存新密码").click()
    expect(new.locator("[role=alert]").first).to_be_visible()
    readable(new)
    for name, text in (("old", FIRST), ("new", OWN), ("again", OWN)):
        new.fill(f"[name={name}]", text)
    new.get_by_role("button", name="保存新密码").click()
    new.wait_for_url(f"{hospital.url}/")
    again = log_in(colleague(), hospital.url, "newnurse", OWN, then="/ward/board/")
    expect(again.locator("h1")).to_have_text("内科一病区")


def test_a_right_withdrawn_is_gone_at_the_next_request(page: Page, hospital, colleague, shot):
    keeper = log_in(colleague(), hospital.url, "info1", then="/rollout/gates/")
    expect(keeper.locator(".rail")).to_contain_text("阶段门")
    log_in(page, hospital.url, "secadmin", then="/trust/posts/")
    readable(page)
    page.get_by_role("link", name="信息科").click()
    readable(page)
    shot(page, "grants")
    page.locator("input[value='gate.read']").uncheck()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/trust/posts/")

    assert keeper.reload().status == 403
    refused(keeper, "权限")
    keeper.goto(f"{hospital.url}/")
    expect(keeper.locator(".rail")).not_to_contain_text("阶段门")
    page.get_by_role("link", name="信息科").click()
    page.locator("input[value='gate.read']").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/trust/posts/")
    assert keeper.goto(f"{hospital.url}/rollout/gates/").status == 200


def test_the_glass_is_broken_with_a_reason_and_reviewed(page: Page, hospital, patient, colleague, shot):
    reason = f"患者在病房晕厥，需要立即了解既往史 {time.time_ns()}"
    doctor = log_in(colleague(), hospital.url, "doctor1", then=f"/chart/{patient.pk}/")
    refused(doctor, "没有诊疗关系")
    assert patient.name not in doctor.content()
    readable(doctor)
    shot(doctor, "break-glass")
    doctor.fill("[name=reason]", "急")
    doctor.get_by_role("button", name="紧急访问").click()
    refused(doctor, "请至少写明")
    doctor.goto(f"{hospital.url}/chart/{patient.pk}/")
    doctor.fill("[name=reason]", reason)
    doctor.get_by_role("button", name="紧急访问").click()
    doctor.wait_for_url(f"**/chart/{patient.pk}/")
    expect(doctor.locator("body")).to_contain_text(patient.name)

    log_in(page, hospital.url, "secadmin", then="/trust/reviews/")
    row = page.locator("tr", has_text=reason)
    expect(row).to_contain_text("演示内科医师甲")
    readable(page)
    row.get_by_role("link").click()
    expect(page.locator("table")).to_contain_text("chart:record")
    page.get_by_role("radio", name="合理", exact=True).check()
    page.fill("[name=note]", "已与科主任核实")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("tr", has_text=reason)).to_contain_text("已与科主任核实")
    shot(page, "reviews")


def test_the_auditor_learns_who_saw_a_patient_and_that_the_book_holds(page: Page, hospital, patient, colleague, shot):
    doctor = log_in(colleague(), hospital.url, "edoctor1", then=f"/chart/{patient.pk}/")
    expect(doctor.locator("body")).to_contain_text(patient.name)
    log_in(page, hospital.url, "auditor", then="/trust/audit/")
    page.locator("[name=patient]").evaluate("field => { field.type = 'text'; field.value = '九'; }")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("[role=alert]").first).to_be_visible()
    page.fill("[name=patient]", str(patient.pk))
    page.get_by_role("button", name="查询").click()
    rows = page.locator("table tbody tr", has_text="chart:record")
    expect(rows.first).to_contain_text("演示急诊医师甲")
    assert patient.name not in page.content()
    readable(page)
    shot(page, "audit")
    page.goto(f"{hospital.url}/trust/ledger/")
    page.get_by_role("button", name="校验全部").click()
    expect(page.locator(".note")).to_contain_text(re.compile(r"账本完整：[\d,]+ 条记录"), timeout=30_000)
    readable(page)
    shot(page, "ledger")


def test_a_second_factor_is_taken_up_and_asked_for(page: Page, hospital, colleague, shot):
    hired(page, hospital.url, "twofactor", "information", "信息科")
    person = log_in(colleague(), hospital.url, "twofactor", FIRST)
    for name, text in (("old", FIRST), ("new", OWN), ("again", OWN)):
        person.fill(f"[name={name}]", text)
    person.get_by_role("button", name="保存新密码").click()
    person.goto(f"{hospital.url}/trust/account/")
    readable(person)
    person.get_by_role("link", name="启用双因素登录").click()
    readable(person)
    shot(person, "second-factor")
    secret = person.locator("p.meta .mono").inner_text()
    person.fill("[name=code]", "000000")
    person.get_by_role("button", name="启用").click()
    expect(person.locator("[role=alert]").first).to_be_visible()
    assert person.locator("p.meta .mono").inner_text() == secret, "a mistyped code keeps the secret that was scanned"
    totp = pyotp.TOTP(secret)
    person.fill("[name=code]", totp.now())
    person.get_by_role("button", name="启用").click()
    expect(person.locator("main")).to_contain_text("已启用")

    again = log_in(colleague(), hospital.url, "twofactor", OWN, then="/insight/measures/")
    expect(again.locator("h1")).to_have_text("请输入动态口令")
    again.goto(f"{hospital.url}/insight/measures/")
    expect(again.locator("h1")).to_have_text("请输入动态口令")
    readable(again)
    # the code that took it up is spent; the next one of the clock is within the allowed drift
    again.fill("[name=code]", totp.at(time.time() + 30))
    again.get_by_role("button", name="继续").click()
    expect(again.locator("h1")).not_to_have_text("请输入动态口令")


def test_all_my_sessions_end_at_once(page: Page, hospital, colleague):
    elsewhere = log_in(colleague(), hospital.url, "clerk2", then="/reception/")
    expect(elsewhere.locator("main")).to_be_visible()
    log_in(page, hospital.url, "clerk2", then="/trust/account/")
    page.get_by_role("button", name="结束我的所有登录").click()
    page.wait_for_url("**/trust/login/")
    elsewhere.reload()
    elsewhere.wait_for_url("**/trust/login/?next=*")


@pytest.mark.parametrize("login", ["sysadmin", "secadmin", "auditor"])
def test_an_administrator_opens_no_record(page: Page, hospital, patient, login):
    log_in(page, hospital.url, login)
    for path in ("chart/{}/", "patients/{}/", "ward/rounds/patients/{}/", "orders/encounter/{}/"):
        answer = page.goto(f"{hospital.url}/{path.format(patient.pk)}")
        assert answer.status == 403, path
        assert patient.name not in page.content()
    assert page.locator("[name=reason]").count() == 0, "and can not break the glass"
    assert PASSWORD not in page.content()
