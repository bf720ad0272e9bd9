"""The doctor's desk without JavaScript, its fragments for htmx, the record and the printed sheet."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from luodi.chart import actions, queries
from luodi.chart.types import AllergyItem, Obs
from luodi.terms import actions as terms
from luodi.trust.models import Entry
from tests.patients.people import RESIDENT

HTMX = {"HX-Request": "true"}
NOTES = {"complaint": "头痛 3 天", "history": "", "past": "", "exam": "", "plan": ""}
ALLERGY = {
    "state": "listed",
    "reason": "",
    "rev": "0",
    "code_0": "",
    "label_0": "青霉素",
    "severity_0": "severe",
    "reaction_0": "休克",
}


class Desk(SimpleNamespace):
    """A doctor's browser at one encounter."""

    house: SimpleNamespace
    patient: int
    encounter: int
    browser: Client

    def url(self, name: str) -> str:
        return reverse(f"chart:{name}", args=[self.patient, self.encounter])

    def post(self, section: str, form: dict[str, str], **more: object) -> tuple[int, str]:
        answer = self.browser.post(self.url(section), form, **more)
        return answer.status_code, answer.content.decode()

    def page(self) -> str:
        answer = self.browser.get(self.url("encounter"))
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture
def desk(house: SimpleNamespace) -> Desk:
    patient = house.patient(name="单雄信", sex="0", id_kind="resident", id_no=RESIDENT, phone="13812345678")
    encounter = house.opened(patient)
    return Desk(house=house, patient=patient, encounter=encounter, browser=house.browser["doctor"])


def test_the_whole_scroll_is_one_page_and_one_reading(desk: Desk) -> None:
    page = desk.page()
    for section in ("notes", "vitals", "diagnoses", "allergies", "done"):
        assert f'id="{section}"' in page
    assert "单雄信" in page
    assert RESIDENT not in page
    assert "13812345678" not in page
    assert "style=" not in page.split("<main")[1]
    assert Entry.objects.filter(verb="read", patient=desk.patient).count() == 1


def test_a_page_carries_no_identifier_in_any_address(desk: Desk) -> None:
    record_no = queries.banner(desk.patient)["record_no"]
    page = desk.page()
    for attribute in ("href=", "action=", "hx-get=", "hx-post="):
        for address in page.split(attribute + '"')[1:]:
            assert record_no not in address.split('"')[0]


def test_opening_is_one_press(house: SimpleNamespace) -> None:
    patient = house.patient()
    encounter = house.visit(patient)
    doctor = house.browser["doctor"]
    there = reverse("chart:opening", args=[patient, encounter])
    assert there in doctor.get(reverse("chart:encounter", args=[patient, encounter])).content.decode()
    assert doctor.get(there).status_code == 405
    answer = doctor.post(there)
    assert (answer.status_code, answer.url) == (303, reverse("chart:encounter", args=[patient, encounter]) + "#notes")
    again = doctor.post(there)
    assert again.status_code == 409
    assert "已由医师接诊" in again.content.decode()


def test_notes_are_saved_and_shown_escaped(desk: Desk) -> None:
    status, _page = desk.post("notes", NOTES | {"exam": "<script>alert(1)</script> 😀"})
    assert status == 303
    page = desk.page()
    assert "头痛 3 天" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 😀" in page
    assert 'name="complaint"' not in page  # written once, amended after


def test_a_fragment_comes_back_for_htmx_and_nothing_else(desk: Desk) -> None:
    status, fragment = desk.post("notes", NOTES, headers=HTMX)
    assert status == 200
    assert "<html" not in fragment
    assert "头痛 3 天" in fragment
    assert "已保存" in fragment


def test_a_template_fills_what_is_empty_and_saves_nothing(desk: Desk) -> None:
    for headers in ({}, HTMX):
        status, page = desk.post("notes", NOTES | {"template": "uri"}, headers=headers)
        assert status == 200
        assert "头痛 3 天" in page
        assert "____ 天前受凉" in page
    assert queries.notes(desk.encounter) == []


def test_the_last_visit_can_be_taken_over(desk: Desk) -> None:
    actions.write_up(desk.house.doctor, desk.encounter, {"complaint": "咳嗽", "past": "高血压十年"})
    actions.close_encounter(desk.house.doctor, desk.encounter, "left")
    desk.encounter = desk.house.opened(desk.patient)
    assert "上次就诊" in desk.page()
    status, page = desk.post("notes", NOTES | {"template": "last_visit"})
    assert status == 200
    assert "头痛 3 天" in page
    assert "高血压十年" in page


@pytest.mark.parametrize("text", ["长" * 300_000, "a\x00b", "\x1b[31m"])
def test_a_note_that_cannot_be_kept_keeps_the_other_fields(desk: Desk, text: str) -> None:
    for headers in ({}, HTMX):
        status, page = desk.post("notes", NOTES | {"exam": text}, headers=headers)
        assert status == 422
        assert "头痛 3 天" in page
    assert queries.notes(desk.encounter) == []


def test_an_amendment_shows_what_it_changes(desk: Desk) -> None:
    first = actions.note(desk.house.doctor, desk.encounter, "complaint", "头痛 3 天")
    there = reverse("chart:amendment", args=[desk.patient, first])
    assert "头痛 3 天" in desk.browser.get(there).content.decode()
    wanting = desk.browser.post(there, {"text": "头痛 4 天", "reason": ""})
    assert wanting.status_code == 422
    assert "<del>3</del><ins>4</ins>" in wanting.content.decode()
    assert desk.browser.post(there, {"text": "头痛 4 天", "reason": "患者更正"}).status_code == 303
    history = desk.browser.get(reverse("chart:note", args=[desk.patient, first])).content.decode()
    assert "<del>3</del><ins>4</ins>" in history
    assert "患者更正" in history
    late = desk.browser.post(there, {"text": "头痛 5 天", "reason": "又更正"})
    assert late.status_code == 422
    assert "已有更新的版本" in late.content.decode()
    assert "头痛 5 天" in late.content.decode()


def test_vitals_mark_what_is_out_of_range(desk: Desk) -> None:
    terms.load(desk.house.information)
    form = {"BT": "40.2", "HR": "80", "SBP": "150", "WT": "60.50"}
    status, fragment = desk.post("vitals", form, headers=HTMX)
    assert status == 200
    assert "危 ▲" in fragment
    assert "偏高" in fragment
    assert "60.5<" in fragment.replace("</strong>", "<")
    assert 'hx-swap-oob="true"' in fragment
    assert queries.latest(desk.patient, "WT").value == Decimal("60.5")


@pytest.mark.parametrize(
    "form", [{"WT": "6000"}, {"WT": "abc"}, {"WT": "1e9999"}, {"WT": "NaN"}, {"BT": "-3", "HR": "80"}, {}]
)
def test_an_absurd_reading_is_refused_in_words(desk: Desk, form: dict[str, str]) -> None:
    status, page = desk.post("vitals", form)
    assert status == 422
    assert "没有保存" in page
    assert queries.observed(desk.encounter) == []


def test_a_diagnosis_is_found_made_and_withdrawn(desk: Desk) -> None:
    terms.load(desk.house.information)
    status, found = desk.post("diagnoses", {"q": "肺炎"}, headers=HTMX | {"HX-Target": "diagnosis-options"})
    assert status == 200
    assert "<html" not in found
    assert 'name="code"' in found
    status, page = desk.post("diagnoses", {"q": "J18"})
    assert status == 200
    assert 'value="J18"' in page
    assert desk.post("diagnoses", {"q": "", "code": "J18", "main": "on"})[0] == 303
    [line] = queries.diagnoses(desk.encounter)
    assert desk.post("diagnoses", {"code": "J18"})[0] == 422
    assert desk.post("diagnoses", {"code": "<b>"})[0] == 422
    there = reverse("chart:withdrawal", args=[desk.patient, line.pk])
    assert desk.browser.post(there, {"reason": ""}).status_code == 422
    assert desk.browser.post(there, {"reason": "影像否定"}).status_code == 303
    assert desk.browser.get(there).status_code == 404
    assert queries.diagnoses(desk.encounter) == []


def test_the_first_diagnosis_says_that_it_is_the_main_one(desk: Desk) -> None:
    """Until there is a main one the section says what the first will be; whatever was asked, it is."""
    terms.load(desk.house.information)
    promise = "首个诊断自动为主要诊断"
    assert promise in desk.page()
    status, fragment = desk.post("diagnoses", {"q": "", "code": "J18"}, headers=HTMX)
    assert (status, promise in fragment, promise in desk.page()) == (200, False, False)
    assert [line.main for line in queries.diagnoses(desk.encounter)] == [True]
    desk.post("diagnoses", {"q": "", "code": "R51"})
    assert sorted(line.main for line in queries.diagnoses(desk.encounter)) == [False, True]


def test_allergies_are_asked_listed_and_not_lost_to_a_colleague(desk: Desk) -> None:
    status, fragment = desk.post("allergies", ALLERGY, headers=HTMX)
    assert status == 200
    assert "青霉素" in fragment
    assert queries.allergies(desk.patient).items == (AllergyItem("", "青霉素", "severe", "休克"),)
    status, page = desk.post(
        "allergies", ALLERGY | {"state": "denied", "label_0": "", "severity_0": "", "reaction_0": ""}
    )
    assert status == 422
    assert "刚被别人更新过" in page
    status, page = desk.post("allergies", {"state": "denied", "rev": "1", "reason": ""})
    assert status == 422
    assert "请填写原因" in page


def test_the_end_of_a_visit(desk: Desk) -> None:
    status, page = desk.post("closing", {"disposition": "home"})
    assert status == 422
    assert "没有保存" in page
    assert desk.post("closing", {"disposition": "left"})[0] == 303
    page = desk.page()
    assert "本次就诊已结束" in page
    assert reverse("chart:notes", args=[desk.patient, desk.encounter]) not in page


def test_a_transfer_takes_its_class_from_the_unit(desk: Desk) -> None:
    assert desk.post("transfer", {"unit": str(desk.house.unit["IT"])})[0] == 422
    assert desk.post("transfer", {"unit": str(desk.house.unit["OBS"])})[0] == 303
    assert queries.encounter(desk.encounter).visit_class == "observation"


def test_the_record_shows_problems_results_and_the_line_of_time(desk: Desk) -> None:
    doctor = desk.house.doctor
    actions.note(doctor, desk.encounter, "complaint", "头痛 3 天")
    for weight in ("60", "61.5"):
        actions.observe(doctor, desk.patient, desk.encounter, [Obs("WT", Decimal(weight), "kg")])
    page = desk.browser.get(reverse("chart:record", args=[desk.patient])).content.decode()
    assert "头痛 3 天" in page
    assert page.index("61.5") < page.index(">60<")
    assert "未询问" in page


def test_the_printed_sheet_names_versions_writers_and_its_ledger_entry(desk: Desk) -> None:
    first = actions.note(desk.house.doctor, desk.encounter, "complaint", "头痛 3 天")
    actions.note(desk.house.doctor, desk.encounter, "complaint", "头痛 4 天", first, "更正")
    page = desk.browser.get(desk.url("print")).content.decode()
    assert "头痛 4 天" in page
    assert "头痛 3 天" not in page
    assert "第 2 版" in page
    entry = Entry.objects.filter(verb="note.write").order_by("pk").last()
    assert queries.last_entry(desk.encounter) == entry.pk


def test_a_stranger_meets_the_glass_and_a_clerk_a_refusal(desk: Desk) -> None:
    stranger = desk.house.browser["ed_doctor"]
    for there in (desk.url("encounter"), desk.url("print"), reverse("chart:record", args=[desk.patient])):
        answer = stranger.get(there)
        assert answer.status_code == 403
        assert "单雄信" not in answer.content.decode()
        assert desk.house.browser["clerk"].get(there).status_code == 403
    assert stranger.post(desk.url("notes"), NOTES).status_code == 403
    assert queries.notes(desk.encounter) == []


def test_an_encounter_of_another_patient_is_not_shown(desk: Desk) -> None:
    other = desk.house.patient(name="赵云", birth_date=date(1990, 1, 1))
    desk.house.opened(other)
    assert desk.browser.get(reverse("chart:encounter", args=[other, desk.encounter])).status_code == 404
    note = actions.note(desk.house.doctor, desk.encounter, "complaint", "头痛")
    assert desk.browser.get(reverse("chart:note", args=[other, note])).status_code == 404


def test_a_nurse_reads_and_measures_but_does_not_write(desk: Desk) -> None:
    nurse = desk.house.browser["nurse"]
    page = nurse.get(desk.url("encounter")).content.decode()
    assert 'name="complaint"' not in page
    assert 'name="BT"' in page
    assert nurse.post(desk.url("notes"), NOTES).status_code == 403
    assert nurse.post(desk.url("vitals"), {"BT": "36.6"}).status_code == 303


def test_the_desk_before_a_patient_is_chosen(house: SimpleNamespace) -> None:
    assert house.browser["doctor"].get(reverse("chart:desk")).status_code == 200
    assert house.browser["nurse"].get(reverse("chart:desk")).status_code == 403
