"""The screens as a browser without JavaScript uses them, and as htmx does."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from luodi.orders import actions, queries
from luodi.orders.loop import Step
from luodi.trust import clock, ledger, sessions
from luodi.trust.models import Holding, Session, Staff
from luodi.trust.refusal import Refusal
from tests.orders.place import AMBROXOL, AMOXICILLIN, IBUPROFEN, later

HTMX = {"HTTP_HX_REQUEST": "true"}
LINE = {"dose": "30", "dose_unit": "mg", "route": "po", "frequency": "tid", "days": "3", "quantity": ""}


def log_in(who, **more):
    client = Client(**more)
    token, _row = sessions.begin(who.staff, "test", second_factor=True, holding=Holding.objects.get(staff=who.staff).pk)
    client.cookies[sessions.COOKIE] = token
    return client


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:600]
    return response.content.decode()


@pytest.fixture
def doctor(place):
    return log_in(place.doctor)


def url(name, *args):
    return reverse(f"orders:{name}", args=args)


def test_from_an_empty_encounter_to_a_signed_prescription_without_a_script(place, doctor):
    encounter = place.encounter()
    pad = url("on_encounter", encounter)
    assert "新开处方" in shown(doctor.get(pad))
    answer = doctor.post(url("new_draft", encounter))
    assert answer.status_code == 303
    rx = queries.of_encounter(encounter)[0].pk
    assert "还没有药品" in shown(doctor.get(answer.url))
    found = shown(doctor.get(url("medicines", rx), {"q": "axs"}))
    assert "氨溴索" in found
    form = shown(doctor.get(url("line", rx), {"medicine": "M0565"}))
    assert 'value="30"' in form
    answer = doctor.post(url("lines", rx), LINE | {"medicine": "M0565", "rev": queries.prescription(rx).rev})
    page = shown(doctor.get(answer.url))
    assert "氨溴索" in page
    assert "审查未发现问题" in page
    answer = doctor.post(url("signature", rx), {"rev": queries.prescription(rx).rev})
    assert answer.status_code == 303
    assert queries.prescription(rx).step is Step.SIGNED
    assert "已签名，已送药师审方" in shown(doctor.get(answer.url))
    other = place.signed("outpatient")
    assert "已送药师审方" not in shown(doctor.get(pad, {"signed": other}))
    page = shown(doctor.get(url("prescription", rx)))
    assert "有效" in page
    assert "已签名，待审方" in page


def test_the_pad_is_a_fragment_for_htmx(place, doctor):
    rx = place.draft("outpatient", AMOXICILLIN)
    fragment = shown(doctor.get(url("on_encounter", queries.prescription(rx).encounter), **HTMX))
    assert "<html" not in fragment
    assert "阿莫西林须先皮试" in fragment


def test_a_finding_must_be_answered_and_what_was_typed_stays(place, doctor):
    rx = place.draft("outpatient", AMOXICILLIN)
    page = shown(doctor.get(url("on_encounter", queries.prescription(rx).encounter)))
    key = re.search(r'name="answer-([^"]+)"', page).group(1)
    posted = {"rev": queries.prescription(rx).rev, f"answer-{key}": "written", f"words-{key}": ""}
    assert "没有写明理由" in shown(doctor.post(url("signature", rx), posted), 422)
    posted |= {f"words-{key}": "<b>外院皮试阴性</b>", "rev": "1"}
    page = shown(doctor.post(url("signature", rx), posted), 422)
    assert "内容已有变化" in page
    assert "&lt;b&gt;外院皮试阴性&lt;/b&gt;" in page
    posted["rev"] = queries.prescription(rx).rev
    assert doctor.post(url("signature", rx), posted).status_code == 303
    assert queries.signed_answers(rx)[0].text == "<b>外院皮试阴性</b>"


def test_a_closed_signing_window_asks_for_the_password_in_place(place, doctor):
    Staff.objects.filter(pk=place.doctor.staff).update(password=make_password("Correct-Horse-9"))
    rx = place.draft()
    with clock.at(later(minutes=1)):
        Session.objects.filter(staff=place.doctor.staff).update(authenticated=later(days=-1))
        posted = {"rev": queries.prescription(rx).rev}
        assert "签名密码" in shown(doctor.get(url("on_encounter", queries.prescription(rx).encounter)))
        assert "签名密码" in shown(doctor.post(url("signature", rx), posted), 422)
        shown(doctor.post(url("signature", rx), posted | {"password": "wrong"}), 422)
        assert queries.prescription(rx).step is Step.DRAFTED
        assert doctor.post(url("signature", rx), posted | {"password": "Correct-Horse-9"}).status_code == 303
    assert queries.prescription(rx).step is Step.SIGNED


def test_the_check_speaks_while_a_line_is_written(place, doctor):
    rx = place.draft()
    posted = LINE | {"medicine": "M0288", "dose": "500"}
    fragment = shown(doctor.post(url("check", rx), posted, **HTMX))
    assert "须先皮试" in fragment
    assert "18" in fragment
    assert len(queries.prescription(rx).lines) == 1
    assert "算不出总量" in shown(doctor.post(url("check", rx), posted | {"frequency": "prn"}, **HTMX))


def test_a_wrong_line_keeps_every_field(place, doctor):
    rx = place.draft()
    posted = LINE | {
        "medicine": "M0565",
        "dose": "很多",
        "usage": "饭后 <i>温水</i> 😀",
        "rev": queries.prescription(rx).rev,
    }
    page = shown(doctor.post(url("lines", rx), posted), 422)
    assert "很多" in page
    assert "饭后 &lt;i&gt;温水&lt;/i&gt; 😀" in page
    assert len(queries.prescription(rx).lines) == 1


@pytest.mark.parametrize("medicine", ["M9999", "'; DROP TABLE orders_line; --", "", "x" * 5000])
def test_an_unknown_medicine_is_not_found(place, doctor, medicine):
    rx = place.draft()
    assert doctor.post(url("lines", rx), LINE | {"medicine": medicine}).status_code == 404
    assert doctor.get(url("line", rx), {"medicine": medicine}).status_code == 404


def test_lines_are_changed_removed_and_copied(place, doctor):
    patient = place.patient()
    first = place.draft("outpatient", AMBROXOL, IBUPROFEN, encounter=place.encounter(patient=patient))
    place.sign(first)
    rx = actions.draft(place.doctor, place.encounter(patient=patient))
    assert "从以往处方复制" in shown(doctor.get(url("on_encounter", queries.prescription(rx).encounter)))
    doctor.post(url("copy", rx), {"source": first, "rev": queries.prescription(rx).rev})
    assert len(queries.prescription(rx).lines) == 2
    assert 'name="seq" value="1"' in shown(doctor.get(url("line", rx), {"seq": 1}, **HTMX))
    posted = LINE | {"medicine": "M0565", "days": "5", "seq": "1", "rev": queries.prescription(rx).rev}
    assert doctor.post(url("lines", rx), posted).status_code == 303
    assert queries.prescription(rx).lines[0].days == 5
    doctor.post(url("removal", rx, 2), {"rev": queries.prescription(rx).rev})
    assert [line.medicine for line in queries.prescription(rx).lines] == ["M0565"]
    assert doctor.post(url("copy", rx), {"source": "x"}).status_code == 404


def test_a_returned_prescription_is_listed_with_the_reason_and_answered(place, doctor):
    rx = place.signed("outpatient", IBUPROFEN)
    actions.advance(place.pharmacist, rx, "returned", {"reasons": ["2-5"]}, text="用法、用量不适宜：肾功能未知，请减量")
    assert "请减量" in shown(doctor.get(url("returned")))
    page = shown(doctor.get(url("on_encounter", queries.prescription(rx).encounter)))
    assert "请减量" in page
    assert "答复并重新签名" in page
    rev = queries.prescription(rx).rev
    assert "请写明答复" in shown(doctor.post(url("reply", rx), {"rev": rev, "text": ""}), 422)
    assert doctor.post(url("reply", rx), {"rev": rev, "text": "已复查肾功能正常"}).status_code == 303
    assert queries.prescription(rx).step is Step.SIGNED
    page = shown(doctor.get(url("prescription", rx)))
    assert "已复查肾功能正常" in page
    assert "第 2 版" in page
    assert "没有退回的处方" in shown(doctor.get(url("returned")))


def test_stop_extend_and_close_from_the_page(place, doctor):
    rx, other = place.signed(), place.signed()
    rev = queries.prescription(rx).rev
    shown(doctor.post(url("stop", rx), {"rev": rev, "reason": ""}), 422)
    shown(doctor.post(url("stop", rx), {"rev": rev, "reason": "written", "words": ""}), 422)
    assert doctor.post(url("stop", rx), {"rev": rev, "reason": "written", "words": "家属要求"}).status_code == 303
    assert "家属要求" in shown(doctor.get(url("prescription", rx)))
    rev = queries.prescription(other).rev
    shown(doctor.post(url("extension", other), {"rev": rev, "days": "9", "reason": "远"}), 422)
    assert doctor.post(url("extension", other), {"rev": rev, "days": "2", "reason": "住得远"}).status_code == 303
    # A working day later the first session is too old.
    with clock.at(later(days=2)):
        client = log_in(place.doctor)
        assert "已过有效期" in shown(client.get(url("prescription", other)))
        posted = {"rev": queries.prescription(other).rev}
        assert client.post(url("expiry", other), posted).status_code == 303
    assert queries.prescription(other).step is Step.EXPIRED


def test_a_usage_that_no_label_holds_is_refused(place, doctor):
    rx = place.draft()
    long = shown(
        doctor.post(
            url("lines", rx), LINE | {"medicine": "M0572", "usage": "饭" * 81, "rev": queries.prescription(rx).rev}
        ),
        422,
    )
    assert "80" in long
    with pytest.raises(Refusal) as refused:
        actions.put_line(place.doctor, rx, AMBROXOL._replace(usage="饭" * 81))
    assert "标签" in str(refused.value)
    assert len(queries.prescription(rx).lines) == 1


def test_the_print_has_the_fields_of_the_standard(place, doctor):
    rx = place.signed("outpatient", AMBROXOL._replace(usage="餐后"))
    place.take(rx, Step.REVIEWED)
    page = shown(doctor.get(url("print", rx)))
    for word in (
        "处方笺",
        "测试患者",
        "临床诊断",
        "Rp",
        "氨溴索",
        "餐后",
        "测试doctor",
        "审核",
        "测试pharmacist",
        "（以下空白）",
        "<svg",
    ):
        assert word in page
    assert "style=" not in page


def test_a_stranger_meets_the_break_glass_page_and_a_reader_leaves_an_entry(place, doctor):
    rx = place.signed()
    assert log_in(place.stranger).get(url("prescription", rx)).status_code == 403
    before = len(list(ledger.entries(verb="read")))
    doctor.get(url("prescription", rx))
    assert len(list(ledger.entries(verb="read"))) == before + 1


def test_posts_are_refused_to_other_posts(place):
    rx = place.draft()
    pharmacist = log_in(place.pharmacist)
    for name in ("signature", "reply", "stop", "extension", "lines", "copy"):
        assert pharmacist.post(url(name, rx)).status_code == 403
    assert pharmacist.get(url("returned")).status_code == 403


def test_only_nouns_take_posts(place, doctor):
    rx = place.draft()
    for name in ("signature", "reply", "stop", "extension", "expiry", "lines", "copy"):
        assert doctor.get(url(name, rx)).status_code == 405


def test_a_chinese_screen_shows_chinese_names_alone(place, doctor):
    rx = place.signed("outpatient", AMOXICILLIN)
    line = shown(doctor.get(url("prescription", rx))).split('class="drug-words"')[1].split("</p>")[0]
    assert "阿莫西林" in line
    assert "amoxicillin" not in line.lower()
    assert "口服" in line


def test_every_screen_speaks_english_too(place, doctor):
    rx = place.signed("outpatient", AMOXICILLIN)
    doctor.cookies["luodi_language"] = "en"
    page = shown(doctor.get(url("prescription", rx)))
    assert 'lang="en"' in page
    line = page.split('class="drug-words"')[1].split("</p>")[0]
    assert "amoxicillin" in line.lower()
    assert "阿莫西林" in line, "the package carries the Chinese name"
    assert "by mouth" in line
    assert "three times daily" in line
    assert "capsule" in line
    assert re.search(r"class=\"unit\">cap<", line), "the pack unit too"


def test_an_english_line_is_written_with_english_choices(place, doctor):
    rx = place.draft()
    doctor.cookies["luodi_language"] = "en"
    form = shown(doctor.get(url("line", rx), {"medicine": AMOXICILLIN.medicine}))
    for name in ("dose_unit", "route", "frequency"):
        offered = re.findall(r"<option[^>]*>(.*?)</option>", form.split(f'name="{name}"')[1].split("</select>")[0])
        assert offered
        assert [choice for choice in offered if re.search(r"[\u4e00-\u9fff]", choice)] == []
    assert re.search(r"<label[^>]*>[^<]* cap\b", form)
    drops = {"medicine": "M0583", "dose": "1", "dose_unit": "滴", "route": "oph", "frequency": "qid", "days": "3"}
    tried = shown(doctor.post(url("check", rx), drops | {"quantity": "1"}))
    assert '<span class="unit">bottle</span>' in tried
