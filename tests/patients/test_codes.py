"""Check characters find what hands and scanners get wrong."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.patients import codes

digits = st.text(string.digits, min_size=8, max_size=8)


@pytest.mark.law
@given(digits, st.integers(0, 8), st.sampled_from(string.digits))
def test_every_wrong_digit_of_a_record_number_is_found(body: str, at: int, other: str) -> None:
    number = "P" + body + codes.damm(body)
    wrong = number[: at + 1] + other + number[at + 2 :]
    assert codes.is_record_no(number)
    assert codes.is_record_no(wrong) == (wrong == number)


@pytest.mark.law
@given(digits, st.integers(1, 8))
def test_every_swap_of_neighbours_in_a_record_number_is_found(body: str, at: int) -> None:
    number = "P" + body + codes.damm(body)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert codes.is_record_no(swapped) == (swapped == number)


@pytest.mark.law
@given(st.integers(1, 11), st.sampled_from(codes.ALPHANUMERIC))
def test_every_wrong_character_of_a_wristband_is_found(at: int, other: str) -> None:
    code = codes.new_wristband()
    wrong = code[:at] + other + code[at + 1 :]
    assert codes.is_wristband(code)
    assert codes.is_wristband(wrong) == (wrong == code)


@given(st.text())
def test_no_text_breaks_the_readers_of_codes(text: str) -> None:
    assert not codes.is_record_no(text) or codes.damm(text[1:]) == "0"
    codes.is_wristband(codes.scanned(text))


def test_a_scanner_adds_control_bytes_and_the_code_is_read_all_the_same() -> None:
    code = codes.new_wristband()
    assert codes.scanned(f"\x1d {code.lower()}\r\n") == code


def test_the_check_character_is_that_of_the_standard() -> None:
    # ISO/IEC 7064, MOD 37,36: the example of the Global Release Identifier standard
    assert codes.mod_37_36("A12425GABC1234002") == "M"
