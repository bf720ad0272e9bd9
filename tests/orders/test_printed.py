"""处方笺 as PDF: the fields of annex 1, the colour of each kind, what is not to be filled says so."""

import pypdfium2
import pytest
from django.urls import reverse

from luodi.orders import actions, printed, queries
from luodi.orders.loop import Step
from luodi.orders.models import Prescription
from luodi.trust import clock
from tests.orders.place import AMBROXOL, IBUPROFEN, MONDAY, Place, build, wish
from tests.ward.browsing import at

BY = printed.Printer("某某医院", "打印的人")


@pytest.fixture
def place(db: None):
    with clock.at(MONDAY):
        yield build()


def pages(rx: int) -> list[str]:
    body = printed.pdf(queries.prescription(rx), BY)
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)]


def ground(rx: int) -> tuple[int, ...]:
    """The colour in the corner of the first page."""
    document = pypdfium2.PdfDocument(printed.pdf(queries.prescription(rx), BY))
    bitmap = document[0].render(rev_byteorder=True)
    begin = 3 * bitmap.stride + 3 * bitmap.n_channels
    return tuple(bitmap.buffer[begin : begin + 3])


def test_head_body_and_tail(place: Place) -> None:
    rx = place.to(place.signed("outpatient", AMBROXOL, IBUPROFEN), Step.DISPENSED)
    (page,) = pages(rx)
    for words in (
        "某某医院",
        "处方笺",
        "测试患者",
        "临床诊断",
        "Rp",
        "氨溴索",
        "布洛芬",
        "× 9 片",
        "（以下空白）",
        "SM2",
    ):
        assert words in page, words
    card = queries.prescription(rx)
    assert card.number in page
    for label in ("医师", "审核", "调配", "核对", "发药", "药品金额", "费别", "有效至"):
        assert f"{label}：" in page
    assert "身份证明编号" not in page


@pytest.mark.parametrize(
    ("kind", "corner", "colour"),
    [
        ("ordinary", "", (255, 255, 255)),
        ("emergency", "急诊", (255, 247, 209)),
        ("paediatric", "儿科", (227, 243, 227)),
        ("narcotic", "麻、精一", (251, 227, 234)),
        ("psych1", "麻、精一", (251, 227, 234)),
        ("psych2", "精二", (255, 255, 255)),
    ],
)
def test_each_kind_has_its_paper(place: Place, kind: str, corner: str, colour: tuple[int, ...]) -> None:
    rx = place.signed("outpatient", AMBROXOL)
    Prescription.objects.filter(pk=rx).update(kind=kind)
    (page,) = pages(rx)
    assert ground(rx) == colour
    assert corner in page.splitlines() or corner in page[:60]
    assert ("代办人身份证明编号" in page) == (kind in ("narcotic", "psych1"))
    assert ("体重" in page) == (kind == "paediatric")


def test_an_unknown_kind_is_printed_on_white() -> None:
    assert printed.paper("other")["fill"] == "#ffffff"


def test_who_has_not_signed_is_a_dash_and_an_undone_step_does_not_count(place: Place) -> None:
    rx = place.to(place.signed(), Step.CHECKED)
    assert [step.step for step in queries.steps_taken(rx)] == [Step.REVIEWED, Step.PREPARED, Step.CHECKED]
    place.take(rx, Step.UNPREPARED)
    assert [step.step for step in queries.steps_taken(rx)] == [Step.REVIEWED]
    (page,) = pages(rx)
    assert "调配：—" in page
    assert "发药：—" in page


def test_a_long_one_flows_on_with_its_patient_on_every_page(place: Place) -> None:
    lines = [wish("M0565", "30", "mg", note="按医嘱分次服用，" * 30, usage="餐后" * 30)] * 1
    rx = place.signed("outpatient", *lines, IBUPROFEN)
    Prescription.objects.filter(pk=rx).update(kind="narcotic")
    card = queries.prescription(rx)
    card = card.__class__(**{name: getattr(card, name) for name in card.__slots__} | {"lines": card.lines * 4})
    body = printed.pdf(card, BY)
    found = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)]
    assert len(found) > 1
    assert all("测试患者" in page and card.number in page and "麻、精一" in page for page in found)
    assert ["医师：" in page for page in found] == [False] * (len(found) - 1) + [True]


def test_what_is_stopped_says_so(place: Place) -> None:
    rx = place.signed()
    actions.stop(place.doctor, rx, "wrong_entry")
    assert "已停止" in pages(rx)[0]


def test_the_answer_is_a_pdf_whose_name_names_nobody(place: Place) -> None:
    rx, draft = place.signed(), place.draft()
    client = at(place.doctor)
    answer = client.get(reverse("orders:pdf", args=[rx]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="prescription-{rx}.pdf"'
    assert client.get(reverse("orders:pdf", args=[draft])).status_code == 404
    assert reverse("orders:pdf", args=[rx]) in client.get(reverse("orders:prescription", args=[rx])).content.decode()
