"""What goes wrong in a hospital: hurried hands, hostile text, a session ended elsewhere, a server killed at work."""

import contextlib
import os
import re
import signal
import sqlite3
import threading
import time

import httpx
import pytest
from playwright.sync_api import Page, expect

from luodi.cli.postgres import free_port
from luodi.simulator.crew import PASSWORD
from tests.journeys.arranging import Patient, arranged
from tests.journeys.at_work import log_in, refused
from tests.journeys.conftest import Hospital
from tests.journeys.served import copy, demo, session, token, verified
from tests.running import running_on

HOSTILE = "<script>document.title='broken'</script>'; DROP TABLE patients_patient; -- 🩺{{ 7|add:7 }}"


@pytest.fixture(scope="module")
def patients(hospital) -> list[Patient]:
    return arranged(hospital.data, "placed", "placed", "placed", "arrived")


def kept(hospital: Hospital, patient: Patient, pulse: int) -> int:
    """How often a pulse stands in the record: the screen might hide what the database has twice."""
    asked = "SELECT count(*) FROM chart_observation WHERE patient_id = ? AND code = 'HR' AND value = ?"
    with sqlite3.connect(hospital.data / "hospital.sqlite3") as rows:
        return int(rows.execute(asked, [patient.pk, pulse]).fetchone()[0])


def fill_signs(page: Page, pulse: int) -> None:
    page.fill("[name=HR]", str(pulse))
    page.fill("[name=BT]", "36.8")


def test_back_and_reload_send_nothing_twice(page: Page, hospital, patients):
    log_in(page, hospital.url, "nurse1", then=f"/ward/patients/{patients[0].pk}/signs/")
    fill_signs(page, 71)
    page.get_by_role("button", name="保存体征").click()
    expect(page.locator("table")).to_contain_text("71")
    assert kept(hospital, patients[0], 71) == 1
    page.reload()
    assert kept(hospital, patients[0], 71) == 1
    page.go_back()
    page.go_forward()
    page.goto(f"{hospital.url}/ward/board/")
    page.go_back()
    expect(page.locator("table")).to_contain_text("71")
    assert kept(hospital, patients[0], 71) == 1


def test_a_double_click_is_one_act(page: Page, hospital, patients):
    log_in(page, hospital.url, "nurse1", then=f"/ward/patients/{patients[1].pk}/signs/")
    fill_signs(page, 72)
    page.get_by_role("button", name="保存体征").dblclick()
    expect(page.locator("table")).to_contain_text("72")
    page.reload()
    assert kept(hospital, patients[1], 72) == 1


def test_a_session_ended_elsewhere_says_so_and_writes_nothing(page: Page, hospital, patients, colleague):
    path = f"/ward/patients/{patients[2].pk}/signs/"
    log_in(page, hospital.url, "nurse2", then=path)
    fill_signs(page, 73)
    other = log_in(colleague(), hospital.url, "nurse2", then="/trust/account/")
    other.get_by_role("button", name="结束我的所有登录").click()
    other.wait_for_url("**/trust/login/")
    page.get_by_role("button", name="保存体征").click()
    page.wait_for_url("**/trust/login/*")
    log_in(page, hospital.url, "nurse2", then=path)
    expect(page.locator("h1")).to_have_text("体征")
    assert kept(hospital, patients[2], 73) == 0


def test_an_idle_session_says_that_nothing_was_saved_and_leads_back_to_the_form(page: Page, hospital, patients):
    path = f"/ward/patients/{patients[2].pk}/signs/"
    log_in(page, hospital.url, "nurse2", then=path)
    fill_signs(page, 74)
    with contextlib.closing(sqlite3.connect(hospital.data / "hospital.sqlite3", timeout=20)) as rows, rows:
        rows.execute("UPDATE trust_session SET seen = datetime(seen, '-31 minutes') WHERE ended IS NULL")
    page.get_by_role("button", name="保存体征").click()
    page.wait_for_url("**/trust/login/*")
    expect(page.get_by_role("alert")).to_contain_text("刚才提交的内容没有保存")
    assert kept(hospital, patients[2], 74) == 0
    page.fill("[name=login]", "nurse2")
    page.fill("[name=password]", PASSWORD)
    page.click("main .button.primary")
    page.wait_for_url(f"**{path}")
    fill_signs(page, 74)
    page.get_by_role("button", name="保存体征").click()
    expect(page.locator("table")).to_contain_text("74")
    assert kept(hospital, patients[2], 74) == 1


def test_hostile_text_is_text(page: Page, hospital, patients):
    found = patients[3]
    path = f"/chart/{found.pk}/encounter/{found.encounter}/"
    log_in(page, hospital.url, "edoctor1", then=path)
    page.locator("main").get_by_role("button", name="接诊").first.click()
    page.fill("[name=complaint]", f"{HOSTILE}\u202e")
    page.get_by_role("button", name="保存病史体检").click()
    expect(page.locator("#notes")).to_contain_text("看不见的控制字符")
    expect(page.locator("[name=complaint]")).to_have_value(f"{HOSTILE}\u202e")
    page.fill("[name=complaint]", HOSTILE)
    page.get_by_role("button", name="保存病史体检").click()
    expect(page.locator("#notes .prose").first).to_have_text(re.compile(re.escape(HOSTILE[:60])))
    page.reload()
    expect(page.locator("#notes .prose").first).to_contain_text("{{ 7|add:7 }}")
    assert page.title() != "broken"


@pytest.mark.parametrize("text", [HOSTILE * 20, "病" * 350_000, "🩺" * 200], ids=["hostile", "1MB", "emoji"])
def test_an_absurd_name_is_answered_and_the_rest_is_kept(page: Page, hospital, text):
    log_in(page, hospital.url, "clerk1", then="/reception/new/")
    page.fill("[name=phone]", "19900001234")
    page.fill("[name=address]", "演示路 1 号")
    page.locator("[name=name]").evaluate(
        "(field, text) => { field.removeAttribute('maxlength'); field.value = text; }", text
    )
    with page.expect_response(lambda answer: answer.request.method == "POST") as told:
        page.locator("main form:has([name=address]) .button.primary").first.click()
    assert told.value.status == 422
    refused(page, "60")
    expect(page.locator("[name=phone]")).to_have_value("19900001234")
    expect(page.locator("[name=address]")).to_have_value("演示路 1 号")
    assert page.locator("[name=name]").input_value() == text
    assert page.title() != "broken"


def test_a_listener_hears_of_a_change(hospital, patients):
    """Over real HTTP, from the live process: only that a list changed, nothing of whom."""
    with contextlib.closing(session(hospital.url, "nurse1")) as nurse:
        page = nurse.get("/ward/orders/")
        live = re.search(r'http://[^"\s]+/live/', page.text + page.headers.get("content-security-policy", ""))
        address = live.group() if live else re.sub(r":(\d+)$", lambda m: f":{int(m[1]) + 1}/live/", hospital.url)
        heard: list[str] = []
        open_now = threading.Event()

        def listen() -> None:
            with nurse.stream("GET", address, params={"topics": "verify"}, timeout=40) as stream:
                assert stream.status_code == 200
                for line in stream.iter_lines():
                    open_now.set()
                    heard.append(line)
                    if line.startswith("data:"):
                        return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        assert open_now.wait(10)
        time.sleep(1.5)  # the pulse looks once before it tells of changes
        arranged(hospital.data, "reviewed")
        thread.join(20)
    assert heard[-2:] == ["event: verify", "data: changed"], heard
    assert httpx.get(address, params={"topics": "verify"}).status_code == 401


def _write_until_cut(client: httpx.Client, patient: int, pulses: range, acknowledged: list[int]) -> None:
    """Post readings that all differ until the server is gone; keep those that it acknowledged."""
    for pulse in pulses:
        try:
            answer = client.post(f"/ward/patients/{patient}/signs/", data={"HR": f"{pulse / 100}", **token(client)})
        except httpx.TransportError:
            return
        if answer.status_code == 303:
            acknowledged.append(pulse)


def test_a_kill_in_mid_write_loses_nothing_acknowledged(hospital, patients, tmp_path):
    """kill -9 of every process at once, twice, at moments of no plan; then the same folder is opened again."""
    data, port = tmp_path / "killed", free_port()
    copy(hospital.data, data)
    url, kept = f"http://127.0.0.1:{port}", {patient.pk: [] for patient in patients[:3]}
    pulses = 4000
    for pause in (0.6, 1.1):
        process = demo(data, port, data / "demo.log")
        try:
            clients = {pk: session(url, login) for pk, login in zip(kept, ("nurse1", "nurse2", "nurse1"), strict=True)}
            threads = [
                threading.Thread(
                    target=_write_until_cut, args=(clients[pk], pk, range(pulses, pulses + 3000), kept[pk])
                )
                for pk in kept
            ]
            for thread in threads:
                thread.start()
            time.sleep(pause)
        finally:
            for one in {process.pid, *running_on(data)}:
                os.kill(one, signal.SIGKILL)
            process.wait(10)
        for thread in threads:
            thread.join(30)
        pulses += 3000
    assert all(kept.values()), "acts were acknowledged before the kill"

    with sqlite3.connect(data / "hospital.sqlite3") as rows:
        for patient, sent in kept.items():
            there = {
                round(float(value) * 100)
                for (value,) in rows.execute(
                    "SELECT value FROM chart_observation WHERE patient_id = ? AND code = 'HR'", [patient]
                )
            }
            assert set(sent) <= there
            assert len(there - set(sent)) <= 4, "at most the acts under way may be there unacknowledged"
    assert verified(data)
    assert arranged(data, "arrived")[0].pk, "and the hospital works on"
