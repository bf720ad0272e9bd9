"""Barcodes: ours on packages, the manufacturer's on boxes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.pharmacy import barcode
from luodi.stock import gs1

# The GTIN of the examples in the GS1 General Specifications.
GTIN = "09506000134352"


def test_a_code_is_opaque_and_readable() -> None:
    codes = {barcode.new() for _ in range(500)}
    assert len(codes) == 500
    assert all(code.startswith("Y") and len(code) == barcode.LENGTH and barcode.is_valid(code) for code in codes)


@given(st.data())
def test_every_single_wrong_character_is_found(data: st.DataObject) -> None:
    code = barcode.new()
    place = data.draw(st.integers(1, len(code) - 1))
    other = data.draw(st.sampled_from([c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c != code[place]]))
    assert not barcode.is_valid(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("text", ["", "Y", "W0000000000A", "Y" * 400, "Ｙ0000000000", "Y00000 00000"])
def test_what_is_no_package_code(text: str) -> None:
    assert not barcode.is_valid(text)


@pytest.mark.parametrize(
    "text",
    [
        f"01{GTIN}17271130" + "10AB-12",
        f"]C101{GTIN}10AB-12\x1d17271130",
        f"]d2\x1d01{GTIN}21SN1\x1d10AB-12\x1d17271130",
        f"(01){GTIN}(17)271130(10)AB-12",
    ],
)
def test_a_box_says_product_lot_and_expiry(text: str) -> None:
    assert gs1.read(text) == gs1.Box(GTIN, "AB-12", date(2027, 11, 30))


def test_day_zero_is_the_last_of_the_month() -> None:
    assert gs1.read("17280200").expiry == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", [f"01{GTIN[:-1]}3", "0195060001", "17271399", "17AB1130", "hello", "99", "(01", "17270000"]
)
def test_what_is_no_box(text: str) -> None:
    with pytest.raises(gs1.UnreadableError):
        gs1.read(text)
