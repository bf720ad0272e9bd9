"""Labels as PDF: one page a package, everything on it, however long the words."""

import pypdfium2
import pytest
from django.urls import reverse

from luodi.pharmacy import printed, queries
from tests.pharmacy.store import AMBROXOL, DAILY, LORATADINE, THREE_DAYS, Store, wish
from tests.pharmacy.test_screens import at


def pages(store: Store, rx: int) -> list[str]:
    body = printed.pdf(rx, queries.packages(rx), house="某某医院", where="普通内科门诊")
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)]


@pytest.fixture
def stocked(store: Store) -> Store:
    store.lot(AMBROXOL, "500")
    store.lot(LORATADINE, "500")
    return store


def test_one_page_a_package_with_its_words_and_its_code(stocked: Store) -> None:
    rx = stocked.prepared("outpatient", THREE_DAYS, DAILY)
    found = pages(stocked, rx)
    assert len(found) == 2
    for text, package in zip(found, queries.packages(rx), strict=True):
        assert "测试患者" in text
        assert package.drug.generic in text
        assert f"批号 {package.lot_no}" in text
        assert "每次" in text
        assert package.barcode in text.replace(" ", "")
    assert "1/2" in found[0]


@pytest.mark.parametrize("length", [20, 60, 80])
def test_many_words_stay_on_one_page(stocked: Store, length: int) -> None:
    rx = stocked.prepared("outpatient", wish(AMBROXOL, "30", "mg", usage="温水送服" * (length // 4)))
    (page,) = pages(stocked, rx)
    assert "温水送服" in page
    assert "批号" in page


def test_the_answer_names_nobody(stocked: Store) -> None:
    rx, bare = stocked.prepared("outpatient", THREE_DAYS), stocked.ready("outpatient", THREE_DAYS)
    client = at(stocked.dispenser)
    answer = client.get(reverse("pharmacy:labels_pdf", args=[rx]))
    assert answer["Content-Disposition"] == f'inline; filename="labels-{rx}.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert client.get(reverse("pharmacy:labels_pdf", args=[bare])).status_code == 404
