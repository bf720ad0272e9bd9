"""Pages: read back as text by another library, and the same each time."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from luodi.paper import sheet
from luodi.paper.answer import csv_answer, pdf_answer

MADE = datetime(2026, 10, 31, 16, 5, 7, 123456, tzinfo=ZoneInfo("Asia/Shanghai"))
A4 = (595.28, 841.89)
POINTS = 72 / 25.4


def read(body: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)]


@pytest.fixture
def typ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Writes a template beside a copy of the shared page, as a room's would lie."""
    page = tmp_path / "paper" / "typst" / "page.typ"
    page.parent.mkdir(parents=True)
    page.write_bytes((sheet.TEMPLATES / "page.typ").read_bytes())
    monkeypatch.setattr(sheet, "ROOT", tmp_path)
    monkeypatch.setattr(sheet, "TEMPLATES", page.parent)
    sheet._compiler.cache_clear()

    def write(text: str) -> Path:
        found = tmp_path / "sheet.typ"
        found.write_text('#import "/paper/typst/page.typ": *\n' + text, encoding="utf-8")
        return found

    yield write
    sheet._compiler.cache_clear()


TABLE = """#show: frame.with(title: values.title, house: "某某医院", foot: "账本头 42", fill: rgb("#fff3a0"))
#ruled(values.head, values.rows, columns: (auto, 1fr, auto), right: (2,))
#signatures(("制表人", "审核人"))"""


def _table(rows: int) -> dict[str, Any]:
    return {
        "title": "处方点评工作表",
        "head": ["序号", "诊断", "金额"],
        "rows": [[str(n), "原发性高血压，" * 9, None if n == 3 else "12.50"] for n in range(1, rows + 1)],
    }


def test_a_long_table_has_its_head_and_number_on_every_page(typ: Any) -> None:
    pages = read(sheet.pdf(typ(TABLE), _table(120), made=MADE))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"第 {number} 页，共 {len(pages)} 页" in text
        assert "序号" in text
        assert "账本头 42" in text
    assert "某某医院" in pages[0]
    assert "处方点评工作表" in pages[0]
    assert "制表人" in pages[-1]
    assert sum(text.count("12.50") for text in pages) == 119
    assert pages[0].count("—") == 1, "an unknown is a dash, not a zero"


def test_the_same_values_give_the_same_bytes_and_others_do_not(typ: Any) -> None:
    template = typ(TABLE)
    first = sheet.pdf(template, _table(5), made=MADE)
    assert sheet.pdf(template, _table(5), made=MADE) == first
    assert sheet.pdf(template, _table(6), made=MADE) != first
    assert b"pdfaid" in first, "a file for the archive"


def test_paper_is_a4_and_a_slip_as_small_as_said(typ: Any) -> None:
    page = pypdfium2.PdfDocument(sheet.pdf(typ(TABLE), _table(1), made=MADE))[0]
    assert page.get_size() == pytest.approx(A4, abs=0.1)
    slip = typ("#show: slip.with(width: 70mm, height: 50mm)\n#values.drug")
    page = pypdfium2.PdfDocument(sheet.pdf(slip, {"drug": "硝苯地平控释片"}, made=MADE))[0]
    assert page.get_size() == pytest.approx((70 * POINTS, 50 * POINTS), abs=0.1)


def test_values_are_printed_never_run(typ: Any) -> None:
    wish = '#panic("x") $ * _ `raw` #read("/paper/typst/page.typ") <label> @cite \\u{41}'
    (text,) = read(sheet.pdf(typ("#show: frame\n#values.words"), {"words": wish}, made=MADE))
    assert '#panic("x")' in text
    assert '#read("/paper/typst/page.typ")' in text


def test_rare_characters_of_names_are_drawn(typ: Any) -> None:
    """Every character has a glyph of the shipped font: the box of a missing one would read as nothing."""
    said = "䶮㛃堃喆犇玥旻氏 Ⅱ ℃ μg ≥ ½ 【】（）"
    (text,) = read(sheet.pdf(typ("#show: frame\n#values.words"), {"words": said}, made=MADE))
    assert [c for c in said.replace(" ", "") if c not in text] == []


def test_a_drawing_is_set_from_svg(typ: Any) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    (png,) = sheet.picture(typ("#show: slip\n#drawing(values.svg, width: 20mm)"), {"svg": svg}, made=MADE)
    blank, *_rest = sheet.picture(typ("#show: slip\n#text(fill: white)[x]"), {}, made=MADE)
    assert png.startswith(b"\x89PNG")
    assert png != blank


def test_what_does_not_fit_is_refused_without_repeating_the_values(typ: Any) -> None:
    with pytest.raises(sheet.Unprintable) as refused:
        sheet.pdf(typ(TABLE), {"title": "张三丰"}, made=MADE)
    assert "张三丰" not in str(refused.value)
    with pytest.raises(TypeError):
        sheet.pdf(typ(TABLE), {"title": MADE}, made=MADE)


def test_a_table_cannot_carry_a_formula_into_a_spreadsheet() -> None:
    rows = [["=1+1", "-12.5", None], ["@SUM(A1)", "+86-10", "a,b"]]
    answer = csv_answer(["甲", "乙", "丙"], rows, "table")
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[:3] == ["甲,乙,丙", "'=1+1,-12.5,", "'@SUM(A1),'+86-10,\"a,b\""]
    assert answer["Content-Disposition"] == 'attachment; filename="table.csv"'


def test_a_sheet_is_shown_or_kept() -> None:
    assert pdf_answer(b"%PDF", "sheet")["Content-Disposition"] == 'inline; filename="sheet.pdf"'
    assert pdf_answer(b"%PDF", "sheet", keep=True)["Content-Disposition"] == 'attachment; filename="sheet.pdf"'
