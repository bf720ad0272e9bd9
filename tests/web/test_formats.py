"""Values as a person reads them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from luodi.trust import clock
from luodi.web import formats

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.50"), "0.5"),
        (Decimal(".5"), "0.5"),
        (Decimal("5.0"), "5"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.0"), "0"),
        (Decimal("72.50"), "72.5"),
        (0, "0"),
        (None, "未知"),
        ("", "未知"),
        (Decimal("NaN"), "未知"),
    ],
)
def test_dose(value, text):
    assert formats.dose(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_a_dose_keeps_its_value_and_never_ends_or_starts_wrong(value):
    text = formats.dose(value)
    assert Decimal(text) == value
    assert not text.startswith((".", "-."))
    assert "." not in text or not text.endswith(("0", "."))


@pytest.mark.parametrize(
    ("birth", "words"),
    [
        (date(2026, 3, 10), "0 天"),
        (date(2026, 2, 11), "27 天"),
        (date(2026, 2, 10), "1 个月"),
        (date(2024, 3, 11), "23 个月"),
        (date(2024, 3, 10), "2 岁"),
        (date(1958, 3, 11), "67 岁"),
        (date(2026, 3, 11), "未知"),
        (None, "未知"),
    ],
)
def test_age_changes_unit_at_28_days_and_24_months(birth, words):
    with clock.at(NOON):
        assert formats.age(birth) == words


def test_twenty_eight_days_before_a_full_month_is_one_month_old():
    assert formats.age(date(2026, 1, 31), date(2026, 2, 28)) == "1 个月"


def test_the_hospital_day_is_shanghais():
    with clock.at(datetime(2026, 3, 9, 17, 0, tzinfo=UTC)):  # already the 10th at the hospital
        assert formats.age(date(2026, 3, 10)) == "0 天"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "刚刚"), (12, "12 分钟"), (59, "59 分钟"), (60, "1 小时"), (1439, "23 小时"), (2880, "2 天"), (-5, "刚刚")],
)
def test_ago(minutes, words):
    with clock.at(NOON):
        assert formats.ago(NOON - timedelta(minutes=minutes)) == words


def test_clock_is_shanghai_and_shows_another_year():
    with clock.at(NOON):
        assert formats.clock(NOON) == "03-10 12:00"
        assert formats.clock(NOON.replace(year=2025)) == "2025-03-10 12:00"
        assert formats.clock(NOON, "date") == "2026-03-10"
        assert formats.clock(date(1958, 3, 12), "date") == "1958-03-12"
        assert formats.clock(None) == "未知"


@pytest.mark.parametrize(
    ("name", "masked"),
    [("李明", "李*"), ("王小明", "王*明"), ("欧阳建国", "欧**国"), ("王", "*"), ("", "未知"), (None, "未知")],
)
def test_mask_name(name, masked):
    assert formats.mask_name(name) == masked


def test_a_masked_name_never_shows_more_than_its_ends():
    assert formats.mask_name("阿卜杜拉·买买提江·吐尔逊古丽") == "阿******丽"


def test_money():
    assert formats.money(Decimal("1234.505")) == "¥1,234.51"
    assert formats.money(Decimal("-3")) == "-¥3.00"
    assert formats.money(None) == "未知"


def test_words_of_codes():
    assert [formats.sex(code) for code in ("0", "1", "2", "9", None)] == ["未知", "男", "女", "未说明", "未知"]
    assert formats.visit_class("observation") == "留观"
    assert formats.visit_class(None) == "未知"
    assert formats.unknown(0) == 0


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("Cel", "°C"),
        ("mm[Hg]", "mmHg"),
        ("10*9/L", "10⁹/L"),
        ("10^12/L", "10¹²/L"),
        ("umol/L", "µmol/L"),
        ("mL/min/1.73m2", "mL/min/1.73m²"),
        ("mg/L{FEU}", "mg/L"),
        ("[IU]/mL", "IU/mL"),
        ("/min", "次/分"),
        ("mU/L", "mU/L"),
        ("%", "%"),
        ("1", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_units_of_observations_are_written_for_people(code: str | None, text: str) -> None:
    assert formats.ucum(code) == text
    with translation.override("en"):
        assert formats.ucum("/min") == "/min"
