"""The identity desk in a browser without JavaScript, and its fragments for htmx."""

from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from luodi.patients import actions, queries
from luodi.trust.models import Entry
from tests.patients.people import RESIDENT

HTMX = {"HX-Request": "true"}
FORM = {
    "name": "单雄信", "pinyin": "", "id_kind": "resident", "id_no": RESIDENT, "no_id_reason": "", "sex": "0",
    "birth_date": "", "phone": "13812345678", "address": "", "another": "", "next": "",
}  # fmt: skip


def test_a_search_is_a_post_and_names_the_reading(house: SimpleNamespace) -> None:
    patient = house.patient(name="单雄信", phone="13812345678")
    clerk = house.browser["clerk"]
    assert clerk.get(reverse("patients:search")).status_code == 200
    assert "单雄信" not in clerk.get(reverse("patients:search"), {"text": "单雄信"}).content.decode()
    page = clerk.post(reverse("patients:search"), {"text": "sxx"})
    assert "单雄信" in page.content.decode()
    assert "<html" in page.content.decode()
    read = Entry.objects.get(verb="read")
    assert (read.patient, read.staff) == (patient, house.clerk.staff)
    assert "单雄信" not in read.facts


def test_the_palette_gets_a_fragment(house: SimpleNamespace) -> None:
    house.patient(name="单雄信")
    answer = house.browser["clerk"].post(reverse("patients:search"), {"text": "单雄信"}, headers=HTMX).content.decode()
    assert "单雄信" in answer
    assert "<html" not in answer


@pytest.mark.parametrize("text", ["' OR 1=1 --", "<script>alert(1)</script>", "😀", "\x00", "长" * 81])
def test_a_hostile_search_finds_nobody_and_is_shown_escaped(house: SimpleNamespace, text: str) -> None:
    house.patient()
    page = house.browser["clerk"].post(reverse("patients:search"), {"text": text})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert "欧阳建国" not in page.content.decode()


def test_a_person_is_registered_and_nothing_of_them_is_in_the_address(house: SimpleNamespace) -> None:
    answer = house.browser["clerk"].post(reverse("patients:register"), FORM)
    assert answer.status_code == 303
    patient = queries.search(RESIDENT)[0].patient
    assert f"/{patient}/" in answer.url
    assert RESIDENT not in answer.url
    assert queries.card(patient).record_no not in answer.url


def test_the_desk_that_asked_gets_the_patient(house: SimpleNamespace) -> None:
    there = house.browser["clerk"].post(
        reverse("patients:register"), FORM | {"next": "/reception/x/PATIENT/"}, headers=HTMX
    )
    patient = queries.search(RESIDENT)[0].patient
    assert (there.status_code, there["HX-Redirect"]) == (204, f"/reception/x/{patient}/")


@pytest.mark.parametrize(
    "foreign", ["https://evil.example/PATIENT", "//evil.example/PATIENT", "/\\evil.example/PATIENT"]
)
def test_no_foreign_desk_gets_it(house: SimpleNamespace, foreign: str) -> None:
    answer = house.browser["clerk"].post(reverse("patients:register"), FORM | {"next": foreign})
    assert answer.status_code == 303
    assert "evil" not in answer.url


def test_a_wrong_number_is_named_and_every_field_stays(house: SimpleNamespace) -> None:
    wrong = FORM | {"id_no": RESIDENT[:-1] + "1", "address": "<b>某街</b>"}
    answer = house.browser["clerk"].post(reverse("patients:register"), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "校验位不对" in page
    assert "&lt;b&gt;某街&lt;/b&gt;" in page
    assert 'value="13812345678"' in page
    assert not queries.search("单雄信")


def test_likely_duplicates_are_shown_before_anything_is_saved(house: SimpleNamespace) -> None:
    patient = house.patient(name="王小明", phone="13800000001")
    form = FORM | {
        "name": "王小明",
        "id_kind": "none",
        "id_no": "",
        "no_id_reason": "forgotten",
        "phone": "13800000001",
    }
    clerk = house.browser["clerk"]
    asked = clerk.post(reverse("patients:register"), form)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "可能已有档案" in page
    assert f'name="another" value="{patient}"' in page
    assert len(queries.search("王小明")) == 1
    assert clerk.post(reverse("patients:register"), form | {"another": str(patient)}).status_code == 303
    assert len(queries.search("王小明")) == 2


def test_wrong_bytes_are_answered_in_words(house: SimpleNamespace) -> None:
    body = urlencode(FORM | {"name": "张建国".encode("gbk")})
    answer = house.browser["clerk"].post(
        reverse("patients:register"), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 422
    assert "文字编码不对" in answer.content.decode()


def test_a_megabyte_in_a_field_is_answered_in_words(house: SimpleNamespace) -> None:
    answer = house.browser["clerk"].post(reverse("patients:register"), FORM | {"name": "长" * 300_000})
    assert answer.status_code == 422
    assert not queries.search(RESIDENT)


def test_a_correction_shows_masked_numbers_and_keeps_them(house: SimpleNamespace) -> None:
    patient = house.patient(name="单雄信", sex="0", id_kind="resident", id_no=RESIDENT, phone="13812345678")
    clerk, there = house.browser["clerk"], reverse("patients:correct", args=[patient])
    page = clerk.get(there).content.decode()
    assert RESIDENT not in page
    assert "110***********002X" in page
    form = {
        "name": "单雄义", "pinyin": "shan xiong xin", "id_kind": "resident", "id_no": "", "no_id_reason": "",
        "sex": "2", "birth_date": "1949-12-31", "phone": "", "address": "", "reason": "写错一字", "rev": "1",
    }  # fmt: skip
    assert clerk.post(there, form).status_code == 303
    card = queries.card(patient)
    assert (card.name, card.pinyin, card.rev) == ("单雄义", "shan xiong yi", 2)
    assert queries.identity_of(patient).phone == "138****5678"
    again = clerk.post(there, form)
    assert again.status_code == 422
    assert "刚被别人更正过" in again.content.decode()


def test_a_number_is_revealed_with_a_reason(house: SimpleNamespace) -> None:
    patient = house.patient(name="单雄信", sex="0", id_kind="resident", id_no=RESIDENT)
    clerk, there = house.browser["clerk"], reverse("patients:reveal", args=[patient])
    assert clerk.get(there).status_code == 405
    assert RESIDENT not in clerk.post(there, {"field": "id_no", "reason": ""}).content.decode()
    shown = clerk.post(there, {"field": "id_no", "reason": "核对医保"})
    assert RESIDENT in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"


def test_a_wristband_is_printed_for_those_who_care_alone(house: SimpleNamespace) -> None:
    patient = house.patient()
    encounter = house.visit(patient, visit_class="emergency")
    there = reverse("patients:wristband", args=[patient, encounter])
    page = house.browser["doctor"].get(there)
    assert page.status_code == 200
    assert queries.wristband(patient, encounter) in page.content.decode()
    assert "<svg" in page.content.decode()
    assert house.browser["ed_doctor"].get(there).status_code == 403
    before = queries.wristband(patient, encounter)
    assert house.browser["doctor"].post(there, {"replaces": "damaged", "seen": before}).status_code == 303
    assert queries.wristband(patient, encounter) != before


def test_readings_are_offered(house: SimpleNamespace) -> None:
    page = house.browser["clerk"].post(reverse("patients:readings"), {"name": "单雄信"}).content.decode()
    assert "多音姓" in page
    assert page.index("shan xiong xin") < page.index("dan xiong xin")


@pytest.mark.parametrize("login", ["director", "system"])
def test_others_see_no_identity(house: SimpleNamespace, login: str) -> None:
    patient = house.patient()
    actions.band(house.clerk, patient, 1)
    for name, args in [
        ("search", []),
        ("register", []),
        ("identity", [patient]),
        ("correct", [patient]),
        ("wristband", [patient, 1]),
    ]:
        answer = house.browser[login].get(reverse(f"patients:{name}", args=args))
        assert answer.status_code == 403
        assert "欧阳建国" not in answer.content.decode()
