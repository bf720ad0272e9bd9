"""What leaves the printer: prescription, label and wristband, on a phone's screen, on paper, and in English."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.arranging import LONGEST_NAME, MEDICINES, Patient, arranged
from tests.journeys.at_work import PHONE, log_in

EVERYBODY = r"\d+ ?(岁|y|个月|months?)"
# Fields that 处方管理办法 art. 33 (package label) and annex 1 (prescription) ask for, and two identifiers for the band.
LABEL = ["批号", "有效期至", "处方号", "调配", "核对", "每次", "×"]
SHEET = [
    "姓名",
    "性别",
    "年龄",
    "病历号",
    "科室",
    "费别",
    "处方号",
    "开具时间",
    "临床诊断",
    "Rp",
    "共",
    "医师",
    "审核",
    "调配",
    "核对",
    "发药",
    "以下空白",
]
LABEL_EN = ["Lot", "Expires", "Prescription number", "Prepared by", "Checked by"]


@pytest.fixture(scope="module")
def patient(hospital) -> Patient:
    """One in a ward bed whose packages were handed over."""
    return arranged(hospital.data, "received")[0]


def on_paper(page: Page) -> None:
    """Nothing that is cut off: each sheet holds its content, on the screen of a phone and in print."""
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page runs out of a phone's screen"
    page.emulate_media(media="print")
    cut = page.locator(".sheet").evaluate_all(
        "sheets => sheets.flatMap(sheet => [sheet, ...sheet.querySelectorAll('p, dd, svg, h1')]"
        ".filter(e => { const b = e.getBoundingClientRect(), s = sheet.getBoundingClientRect();"
        " return b.right > s.right + 1 || b.bottom > s.bottom + 1; }).map(e => e.outerHTML.slice(0, 80)))"
    )
    assert cut == []
    expect(page.locator(".print-bar")).to_be_hidden()
    page.emulate_media(media="screen")


def in_english(page: Page) -> None:
    page.context.add_cookies([{"name": "luodi_language", "value": "en", "url": page.url}])
    page.reload()


def test_the_label_names_patient_drug_use_and_pharmacists(page: Page, hospital, patient, tmp_path):
    log_in(page, hospital.url, "check1", then=f"/pharmacy/dispense/{patient.rx}/labels/")
    label = page.locator(".sheet.label").first
    for words in [*LABEL, patient.name]:
        expect(label).to_contain_text(words)
    expect(label).to_contain_text(re.compile(r"[男女].*" + EVERYBODY + r".*P\d{9}", re.DOTALL))
    expect(label).to_contain_text(re.compile(r"Y[0-9A-Z]{11}"))
    expect(label.locator("svg.barcode, .barcode svg").first).to_be_visible()
    box = label.bounding_box()
    assert box is not None
    assert box["width"] <= 70 / 25.4 * 96 + 1, "70 mm hold it"
    assert box["height"] <= 50 / 25.4 * 96 + 1, "50 mm hold it"
    on_paper(page)
    page.screenshot(path=tmp_path / "label.png", full_page=True)
    in_english(page)
    for words in LABEL_EN:
        expect(page.locator(".sheet.label").first).to_contain_text(words)
    expect(page.locator(".sheet.label").first).to_contain_text(
        re.compile("每次.*口服", re.DOTALL)
    )  # the patient's words
    on_paper(page)
    page.screenshot(path=tmp_path / "label-en.png", full_page=True)


def test_the_longest_words_stay_on_one_label(page: Page, hospital, tmp_path):
    wordy = arranged(hospital.data, "handed:wordy")[0]
    log_in(page, hospital.url, "check1", then=f"/pharmacy/dispense/{wordy.rx}/labels/")
    label = page.locator(".sheet.label").first
    expect(label).to_contain_text(MEDICINES["wordy"][-1])
    expect(label).to_contain_text(LONGEST_NAME)
    for media in ("screen", "print"):
        page.emulate_media(media=media)  # type: ignore[arg-type]
        box = label.bounding_box()
        assert box is not None
        assert box["height"] <= 50 / 25.4 * 96 + 1, "50 mm hold it"
    page.emulate_media(media="screen")
    on_paper(page)
    page.screenshot(path=tmp_path / "label-long.png", full_page=True)


def test_the_prescription_has_head_body_and_tail(page: Page, hospital, patient, tmp_path):
    log_in(page, hospital.url, "edoctor1", then=f"/orders/rx/{patient.rx}/print/")
    sheet = page.locator(".sheet")
    for words in [*SHEET, patient.name]:
        expect(sheet).to_contain_text(words)
    on_paper(page)
    page.screenshot(path=tmp_path / "prescription.png", full_page=True)
    in_english(page)
    expect(sheet).to_contain_text("Clinical diagnosis")
    on_paper(page)
    page.screenshot(path=tmp_path / "prescription-en.png", full_page=True)


def test_the_wristband_carries_two_identifiers_and_its_code(page: Page, hospital, patient, tmp_path):
    log_in(page, hospital.url, "nurse1", then="/ward/board/")
    card = page.locator(".bed", has_text=patient.name)
    card.get_by_role("link", name="腕带").click()
    band = page.locator(".sheet.wristband")
    expect(band).to_contain_text(patient.name)
    expect(band).to_contain_text(re.compile(r"[男女] · .*\d{4}-\d\d-\d\d.*P\d{9}", re.DOTALL))
    expect(band).to_contain_text(patient.band)
    assert band.locator("svg").count() >= 2
    box = band.bounding_box()
    assert box is not None
    assert box["height"] <= 30 / 25.4 * 96 + 1, "30 mm hold it"
    on_paper(page)
    page.screenshot(path=tmp_path / "wristband.png", full_page=True)
    in_english(page)
    on_paper(page)
    page.screenshot(path=tmp_path / "wristband-en.png", full_page=True)
