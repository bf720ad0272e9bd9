"""GB 11643, with the example of the standard and of its 15-digit predecessor."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from luodi.patients import idcard
from tests.patients.people import RESIDENT

births = st.dates(date(1900, 1, 1), date(2026, 11, 23))


def number(region: int, born: date, sequence: int) -> str:
    first_17 = f"{region:06d}{born:%Y%m%d}{sequence:03d}"
    return first_17 + idcard.check_character(first_17)


@pytest.mark.parametrize(
    "typed", [RESIDENT, "11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_the_example_of_the_standard_is_read_however_it_is_typed(typed: str) -> None:
    assert idcard.check(typed) == (date(1949, 12, 31), "2", RESIDENT)


@pytest.mark.law
@given(st.integers(110000, 659999), births, st.integers(1, 999))
def test_a_number_tells_birth_and_sex(region: int, born: date, sequence: int) -> None:
    facts = idcard.check(number(region, born, sequence), date(2026, 11, 23))
    assert (facts.birth_date, facts.sex) == (born, "1" if sequence % 2 else "2")


@pytest.mark.law
@given(births, st.integers(1, 999), st.integers(0, 16), st.integers(1, 9))
def test_every_wrong_digit_is_found(born: date, sequence: int, at: int, shift: int) -> None:
    right = number(110105, born, sequence)
    wrong = right[:at] + str((int(right[at]) + shift) % 10) + right[at + 1 :]
    with pytest.raises(idcard.IdNumberError):
        idcard.check(wrong)


@pytest.mark.law
@given(births, st.integers(1, 999), st.integers(0, 15))
def test_every_swap_of_neighbours_is_found(born: date, sequence: int, at: int) -> None:
    right = number(110105, born, sequence)
    assume(right[at] != right[at + 1])
    with pytest.raises(idcard.IdNumberError):
        idcard.check(right[:at] + right[at + 1] + right[at] + right[at + 2 :])


def test_an_old_number_becomes_its_successor() -> None:
    assert idcard.check("110105491231002").number == RESIDENT


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "length"),
        ("1101051949123100", "length"),
        ("110105194912310021", "check"),
        ("11010519491331002X", "birth_date"),
        ("11010519490229002X", "birth_date"),
        ("1101051949123100ZX", "characters"),
        ("X1010519491231002X", "characters"),
        ("٠١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "characters"),
        (number(110105, date(2026, 11, 24), 1), "future"),
        ("110105" + "0" * 11 + "2", "birth_date"),
    ],
)
def test_what_is_wrong_is_named(typed: str, code: str) -> None:
    with pytest.raises(idcard.IdNumberError) as caught:
        idcard.check(typed, date(2026, 11, 23))
    assert caught.value.code == code
    assert str(caught.value.words)
    assert typed not in str(caught.value) or not typed


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    try:
        number = idcard.check(text).number
    except idcard.IdNumberError:
        return
    assert len(number) == 18


def test_a_masked_number_keeps_three_and_four() -> None:
    assert idcard.mask(RESIDENT) == "110***********002X"
    assert idcard.mask("AB123") == "*****"
