"""Barcodes carry what they were given, without a style attribute."""

import re

import pytest
from barcode.charsets import code128 as table
from hypothesis import example, given
from hypothesis import strategies as st

from luodi.paper import codes

PATTERNS = {pattern: value for value, pattern in enumerate(table.CODES)}
STOP = table.STOP + "11"  # the stop pattern ends in a bar of two modules


def modules(svg: str) -> str:
    """The bars of a drawn Code 128 as ones and zeros, without the quiet zones."""
    width = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    bits = ["0"] * width
    for start, length in re.findall(r"M(\d+) 0h(\d+)v\d+h-\d+z", svg[svg.index('fill="#000"') :]):
        bits[int(start) : int(start) + int(length)] = "1" * int(length)
    return "".join(bits[:: codes.MODULE])[codes.QUIET : -codes.QUIET]


def decode(bits: str) -> str:
    """Read the symbols back and check the check character (ISO/IEC 15417), sets A, B and C."""
    assert bits.endswith(STOP)
    symbols = [PATTERNS[bits[i : i + 11]] for i in range(0, len(bits) - len(STOP), 11)]
    *data, check = symbols
    assert check == (data[0] + sum(i * value for i, value in enumerate(data[1:], 1))) % 103
    charset, text = {103: "A", 104: "B", 105: "C"}[data[0]], ""
    for value in data[1:]:
        if charset == "C" and value < 100:
            text += f"{value:02d}"
        elif value in (99, 100, 101):
            charset = {99: "C", 100: "B", 101: "A"}[value]
        else:
            text += chr(value + 32)
    return text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="`"), min_size=1, max_size=24))
@example("99")
@example("99A")
@example("9912")
def test_a_barcode_reads_back(value):
    assert decode(modules(codes.code128(value, text=False))) == value


def test_no_style_and_no_script_in_a_code():
    drawn = codes.code128('P"0<1>') + codes.qr("</svg><script>")
    assert "style" not in drawn
    assert "<script" not in drawn


def test_chinese_text_is_refused_in_words():
    with pytest.raises(ValueError, match="ASCII"):
        codes.code128("药袋")


def test_a_qr_has_its_quiet_zone_and_size():
    drawn = codes.qr("luodi:ledger:20514", 72)
    assert 'width="72"' in drawn
    assert "M4 4h7v1" in drawn
