"""The ward's screens as a browser without JavaScript uses them."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import actions as pharmacy
from luodi.trust import clock, ledger
from luodi.trust.models import Entry
from luodi.ward import actions, queries
from luodi.ward.models import Administration, Placement
from tests.orders.place import wish
from tests.pharmacy.store import AMBROXOL, MONDAY, THREE_DAYS
from tests.ward.browsing import at, shown
from tests.ward.scene import PASSWORD, Scene, when
from tests.ward.test_beds import emergency

BAD = ["👾", "<script>alert(1)</script>", "'; DROP TABLE ward_bed;--", "W0000000000X", "\x1d\x00"]


def url(name: str, *args: object) -> str:
    return reverse(f"ward:{name}", args=args)


def test_the_board_places_a_patient_and_prints_the_band(scene: Scene) -> None:
    nurse, encounter = at(scene.nurse), scene.encounter("inpatient")
    assert "空床" in shown(nurse.get(url("board")))
    form = shown(nurse.get(url("bed", scene.beds[1])))
    assert "测试患者" in form
    response = nurse.post(url("bed", scene.beds[1]), {"encounter": encounter})
    assert response.status_code == 303
    text = shown(nurse.get(response.url))
    assert "否认过敏" in text
    placement = Placement.objects.get(open=True)
    sheet = shown(nurse.get(url("wristband", placement.pk)))
    assert "测试患者" in sheet
    assert sheet.count("<svg") >= 2
    question = shown(nurse.get(url("release", placement.pk)))
    for words in ("02 床离床", "测试患者", "确认离床", "就诊由医师另行结束"):
        assert words in question, words
    assert Placement.objects.filter(open=True).exists()
    fragment = shown(nurse.get(url("release", placement.pk), HTTP_HX_REQUEST="true"))
    assert "<html" not in fragment
    assert nurse.post(url("release", placement.pk)).status_code == 303
    again = nurse.post(url("release", placement.pk))
    assert "已经离床" in shown(again, 409)
    assert not Placement.objects.filter(open=True).exists()
    assert Entry.objects.filter(verb="read").exists()


def test_beds_stand_in_the_order_of_their_numbers() -> None:
    assert sorted(["10", "9", "加12", "加1", "100", "A2"], key=queries.in_order) == [
        "9",
        "10",
        "100",
        "A2",
        "加1",
        "加12",
    ]


def test_the_words_of_a_line_go_with_it_to_the_bed(scene: Scene) -> None:
    """餐前, a limit of speed, a warning: whoever weighs, prepares, verifies or gives the line reads it."""
    words = "血糖低于 4.0 mmol/L 时暂停"
    rx = scene.inpatient(THREE_DAYS._replace(usage=words))
    for who, address in (
        (scene.pharmacist, reverse("pharmacy:sheet", args=[rx])),
        (scene.dispenser, reverse("pharmacy:desk", args=[rx])),
        (scene.nurse, url("order", rx)),
        (scene.nurse, url("task", scene.doses(rx)[0].pk)),
    ):
        assert words in shown(at(who).get(address)), address


def test_no_bed_is_given_up_by_one_click(scene: Scene) -> None:
    """The board has no form that releases: its link asks first, and says whose doses are still open."""
    rx = scene.inpatient()
    placement = Placement.objects.get(open=True)
    nurse = at(scene.nurse)
    board = shown(nurse.get(url("board")))
    assert f'action="{url("release", placement.pk)}"' not in board
    assert f'href="{url("release", placement.pk)}"' in board
    with clock.at(scene.doses(rx)[0].planned_at):
        assert "1 次到时的用药没有记录" in shown(at(scene.nurse).get(url("release", placement.pk)))


def test_a_nurse_finds_the_emergency_patient_who_is_to_come(scene: Scene) -> None:
    encounter, nurse, bed = emergency(scene), at(scene.nurse), scene.beds[0]
    assert "测试患者" not in shown(nurse.get(url("bed", bed)))
    assert "没有找到" in shown(nurse.post(url("bed", bed), {"find": "1", "text": "无此人"}))
    text = shown(nurse.post(url("bed", bed), {"find": "1", "text": "测试患者"}))
    assert f'value="{encounter}"' in text
    assert "ED" in text
    assert nurse.post(url("bed", bed), {"text": "测试患者", "encounter": encounter}).status_code == 303
    assert Placement.objects.get(open=True).encounter_id == encounter
    other = shown(at(scene.ward_doctor).get(url("bed", scene.beds[1])))
    assert "从急诊接收" in other
    assert "从急诊接收" not in shown(at(scene.stranger).get(url("bed", scene.beds[1])))


def test_two_nurses_choose_one_bed(scene: Scene) -> None:
    one, other = scene.encounter("inpatient"), scene.encounter("inpatient")
    actions.place(scene.second, one, scene.beds[0])
    text = shown(at(scene.nurse).post(url("bed", scene.beds[0]), {"encounter": other}), 422)
    assert "这张床已有患者" in text


def test_a_stranger_sees_no_name(scene: Scene) -> None:
    actions.place(scene.nurse, scene.encounter("inpatient"), scene.beds[0])
    text = shown(at(scene.stranger).get(url("board") + f"?unit={scene.units['W1']}"))
    assert "测试患者" not in text
    assert "测**者" in text


def test_verify_return_and_receive(scene: Scene) -> None:
    nurse = at(scene.nurse)
    rx = scene.signed("inpatient")
    pharmacy.review(scene.pharmacist, rx, "pass", rev=scene.rev(rx))
    assert url("order", rx) in shown(nurse.get(url("orders")))
    text = shown(nurse.get(url("order", rx)))
    assert "氨溴索" in text
    assert "核对无误" in text
    refused = nurse.post(url("sending_back", rx), {"rev": scene.rev(rx), "reason": ""})
    assert "必填" in shown(refused, 422)
    assert nurse.post(url("verification", rx), {"rev": scene.rev(rx)}).status_code == 303
    assert "已有变化" in shown(nurse.post(url("verification", rx), {"rev": scene.rev(rx) - 1}), 422)
    pharmacy.prepare(scene.dispenser, rx, rev=scene.rev(rx))
    pharmacy.check(scene.checker, rx, scene.codes(rx), rev=scene.rev(rx))
    pharmacy.hand_over(scene.checker, rx, rev=scene.rev(rx))
    codes, rev, kept = scene.codes(rx), scene.rev(rx), ""
    missing = nurse.post(url("receipt", rx), {"rev": rev, "scanned": "", "code": "", "done": "1"})
    assert f"共 {len(codes)} 个" in shown(missing, 422)
    assert "不认识" in shown(nurse.post(url("receipt", rx), {"rev": rev, "scanned": "", "code": "P000"}), 422)
    for code in codes[:-1]:
        text = shown(nurse.post(url("receipt", rx), {"rev": rev, "scanned": kept, "code": code}))
        kept = f"{kept} {code}".strip()
        assert f'value="{kept}"' in text
    last = nurse.post(url("receipt", rx), {"rev": rev, "scanned": kept, "code": codes[-1].lower()})
    assert last.status_code == 303
    assert scene.step(rx) == Step.RECEIVED


def scan(nurse: Any, task: int, code: str, **held: str) -> Any:
    return nurse.post(url("at_bed", task), {"code": code, "wristband": "", "package": ""} | held)


def test_rounds_scan_wristband_scan_package_give(scene: Scene) -> None:
    rx = scene.inpatient()
    dose = scene.doses(rx)[0]
    band, code = scene.band(rx), scene.code(dose)
    with clock.at(dose.planned_at):
        nurse = at(scene.nurse)
        text = shown(nurse.get(url("rounds")))
        assert url("task", dose.pk) in text
        text = shown(nurse.post(url("scan"), {"code": band}))
        assert "腕带已扫描" in text
        text = shown(nurse.post(url("scan"), {"code": code, "wristband": band}))
        assert text.count('class="right"') == 5
        assert "不对" not in text
        response = nurse.post(url("giving", dose.pk), {"wristband": band, "package": code})
        assert response.status_code == 303
        assert band not in response.url
        assert "已给药" in shown(nurse.get(response.url))
    assert Administration.objects.get().package_scanned


def test_the_wrong_wristband_is_said_and_there_is_no_button_to_give(scene: Scene) -> None:
    rx, other = scene.inpatient(), scene.inpatient(bed=1)
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        nurse = at(scene.nurse)
        text = shown(scan(nurse, dose.pk, scene.band(other)))
        assert "患者不对" in text
        assert url("giving", dose.pk) not in text
        text = shown(nurse.post(url("giving", dose.pk), {"wristband": scene.band(other), "package": ""}), 422)
        assert "患者不对" in text


def test_a_given_package_says_who_and_when(scene: Scene) -> None:
    rx = scene.inpatient()
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        nurse = at(scene.second)
        scene.give(dose)
        text = shown(nurse.post(url("scan"), {"code": scene.code(dose)}), 422)
        assert "测试nurse" in text
        text = shown(nurse.get(url("task", dose.pk)))
        assert "测试nurse" in text
        assert url("giving", dose.pk) not in text


@pytest.mark.parametrize("code", BAD)
def test_a_code_that_is_none_is_said(scene: Scene, code: str) -> None:
    rx = scene.inpatient()
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        nurse = at(scene.nurse)
        assert "不认识" in shown(nurse.post(url("scan"), {"code": code or "x"}), 422) or not code.isprintable()
        text = shown(scan(nurse, dose.pk, code), 422)
        assert "<script>alert" not in text


def test_a_late_dose_asks_why(scene: Scene) -> None:
    rx = scene.inpatient()
    dose = scene.doses(rx)[0]
    scans = {"wristband": scene.band(rx), "package": scene.code(dose)}
    with clock.at(when(dose, minutes=70)):
        nurse = at(scene.nurse)
        assert "不在给药时间内的原因" in shown(nurse.get(url("task", dose.pk)))
        assert "已超过给药时间" in shown(nurse.post(url("giving", dose.pk), scans), 422)
        response = nurse.post(url("giving", dose.pk), scans | {"timing_reason": "workload"})
        assert response.status_code == 303


def test_no_scan_asks_why_and_is_counted_on_the_board(scene: Scene) -> None:
    rx = scene.inpatient()
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        nurse = at(scene.nurse)
        assert "腕带或药包没有扫描" in shown(nurse.post(url("giving", dose.pk), {}), 422)
        assert nurse.post(url("giving", dose.pk), {"unscanned_reason": "scanner_broken"}).status_code == 303
        assert "扫描设备故障" in shown(nurse.get(url("board")))


def test_a_refusal_is_recorded_and_a_held_dose_stays_open(scene: Scene) -> None:
    rx = scene.inpatient()
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        nurse = at(scene.nurse)
        assert "必填" in shown(nurse.post(url("leaving", dose.pk), {"why": ""}), 422)
        assert nurse.post(url("leaving", dose.pk), {"why": "held:fasting"}).status_code == 303
        assert "已暂缓" in shown(nurse.get(url("rounds")))
        assert nurse.post(url("leaving", dose.pk), {"why": "refused:patient_declines"}).status_code == 303
    assert prescriptions.task(dose.pk).step == Step.REFUSED


def test_a_witness_shows_a_password_that_is_never_sent_back(scene: Scene) -> None:
    scene.lot("M0136", "100")
    rx = scene.inpatient(wish("M0136", "0.25", "mg", "qd"))
    dose = scene.doses(rx)[0]
    scans = {"wristband": scene.band(rx), "package": scene.code(dose)}
    with clock.at(dose.planned_at):
        nurse = at(scene.nurse)
        assert "核对人工号" in shown(nurse.get(url("task", dose.pk)))
        wrong = scans | {"witness_login": "second", "witness_password": "Not-This-1"}
        text = shown(nurse.post(url("giving", dose.pk), wrong), 422)
        assert "Not-This-1" not in text
        assert scans["package"] in text
        right = scans | {"witness_login": "second", "witness_password": PASSWORD}
        assert nurse.post(url("giving", dose.pk), right).status_code == 303


def test_vital_signs_give_news2(scene: Scene) -> None:
    scene.inpatient()
    patient, nurse = Placement.objects.get().patient_id, at(scene.nurse)
    assert "缺少测量值" in shown(nurse.get(url("signs", patient)))
    values = {
        "BT": "38.5",
        "HR": "115",
        "RR": "22",
        "SBP": "105",
        "DBP": "60",
        "SPO2": "93",
        "AVPU": "A",
        "O2": "oxygen",
    }
    assert nurse.post(url("signs", patient), values).status_code == 303
    text = shown(nurse.get(url("signs", patient)))
    assert "NEWS2 10" in text
    assert "高危" in text
    assert "NEWS2 10" in shown(nurse.get(url("board")))
    assert "数值不可能" in shown(nurse.post(url("signs", patient), {"HR": "900"}), 422)
    assert shown(nurse.post(url("signs", patient), {"HR": "abc"}), 422)
    assert "没有填写" in shown(nurse.post(url("signs", patient), {}), 422)


def test_a_missing_value_is_unknown_and_may_still_alarm(scene: Scene) -> None:
    scene.inpatient()
    patient, nurse = Placement.objects.get().patient_id, at(scene.nurse)
    nurse.post(url("signs", patient), {"RR": "26", "SPO2": "90"})
    found = queries.warning(patient, date(1980, 5, 1))
    assert found is not None
    assert (found.score.total, found.band) == (None, "medium")


def test_who_may_not(scene: Scene) -> None:
    rx = scene.inpatient()
    dose = scene.doses(rx)[0]
    assert at(scene.doctor).get(url("rounds")).status_code == 403
    assert at(scene.registrar).get(url("board")).status_code == 403
    assert at(scene.doctor).post(url("giving", dose.pk), {}).status_code == 403
    assert ledger.seal() > 0


def test_news2_is_not_for_children_nor_in_pregnancy(scene: Scene) -> None:
    from luodi.chart import actions as chart
    from luodi.chart.types import Obs

    scene.inpatient()
    patient = Placement.objects.get().patient_id
    assert queries.warning(patient, date(2015, 5, 1)) is None
    assert queries.warning(patient, None) is not None
    chart.observe(scene.nurse, patient, None, [Obs("PREG", coded="pregnant")])
    assert queries.warning(patient, date(1990, 5, 1)) is None


def test_an_english_ward_reads_dose_and_pack_units_in_english(scene: Scene) -> None:
    rx = scene.inpatient(wish(AMBROXOL, "1", "片"))
    first, second = scene.doses(rx)[:2]
    with clock.at(first.planned_at):
        given = scene.give(first)
        nurse = at(scene.nurse)
        nurse.cookies["luodi_language"] = "en"
        pages = {
            name: shown(nurse.get(url(name, pk)))
            for name, pk in (("patient", first.patient), ("task", second.pk), ("order", rx))
        }
        doctor = at(scene.ward_doctor)
        doctor.cookies["luodi_language"] = "en"
        pages["sheet"] = shown(doctor.get(reverse("orders:prescription", args=[rx])))
    for name, text in pages.items():
        assert re.search(r"1(&nbsp;|</strong>|\s|<span class=\"unit\">)*tab\b", text), name
        assert not re.search(r"\d(&nbsp;|<[^>]*>|\s)*片", text), name
    scene.lot("M0583", "5")
    drops = scene.handed(wish("M0583", "1", "滴", "qd", "1", route="oph", quantity=Decimal(1)), bed=1)
    with clock.at(MONDAY):
        nurse = at(scene.nurse)
        nurse.cookies["luodi_language"] = "en"
        assert "1 bottle" in shown(nurse.get(url("order", drops))), "a package by what holds its form"
    assert Administration.objects.get(pk=given).dose_unit == "片", "what is kept is what was signed"
