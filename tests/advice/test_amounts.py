"""Units, doses and days of supply."""

from decimal import Decimal

import pytest

from luodi.advice.amounts import convert, days_supply, doses_supplied, in_units, text
from luodi.advice.kind import kind_for

from .conftest import line


@pytest.mark.parametrize(
    ("medicine", "value", "unit", "expected"),
    [
        ("M0001", "20", "mg", "20"),
        ("M0001", "0.02", "g", "20"),
        ("M0001", "20000", "ug", "20"),
        ("M0001", "2", "粒", "40"),
        ("M0457", "1", "ml", "10"),  # 吗啡 1ml:10mg
        ("M0457", "0.5", "支", "5"),
        ("M0318", "1", "片", "1"),  # 复方磺胺甲噁唑 is dosed in tablets
        ("M0318", "0.96", "g", "2"),
        ("M0073", "12", "U", "12"),
        ("M0001", "5", "滴", None),
        ("M0474", "325", "mg", None),  # two substances: no single amount
        ("M0615", "8", "丸", "8"),
    ],
)
def test_convert(rules, medicine, value, unit, expected):
    got = convert(Decimal(value), unit, rules.drugs[medicine])
    assert got == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("medicine", "dose", "unit", "frequency", "quantity", "days", "expected"),
    [
        ("M0001", "20", "mg", "bid", "14", None, "7"),
        ("M0001", "20", "mg", "bid", "15", None, "8"),  # the last day is begun
        ("M0001", "40", "mg", "qd", "14", None, "7"),
        ("M0001", "20", "mg", "qod", "7", None, "14"),
        ("M0001", "20", "mg", "qd", "7", "10", "10"),  # the longer of quantity and words
        ("M0001", "20", "mg", "qd", None, "10", "10"),
        ("M0001", "20", "mg", "", "7", None, None),
        ("M0457", "5", "mg", "bid", "2", None, "1"),  # an opened ampoule is not kept
        ("M0073", "15", "IU", "bid", "1", None, "10"),  # an insulin pen is
        ("M0457", "10", "mg", "st", "1", None, "1"),
    ],
)
def test_days_supply(rules, medicine, dose, unit, frequency, quantity, days, expected):
    asked = line(medicine, dose, unit, "po", frequency)
    asked = asked._replace(quantity=Decimal(quantity) if quantity else None, days=Decimal(days) if days else None)
    got = days_supply(asked, rules.drugs[medicine], rules.frequencies.get(frequency))
    assert got == (None if expected is None else Decimal(expected))


def test_as_needed_lasts_as_long_as_stated(rules):
    asked = line("M0001", "20", frequency="qd", prn=True, quantity="30", days="5")
    assert days_supply(asked, rules.drugs["M0001"], rules.frequencies["qd"]) == 5


def test_units_and_doses_of_what_cannot_be_converted_are_unknown(rules):
    drug = rules.drugs["M0581"]  # eye drops: nobody knows the drops of a bottle
    assert in_units(Decimal(1), "滴", drug) is None
    assert doses_supplied(line("M0581", "1", "滴", quantity="1"), drug) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0.50", "0.5"), (".5", "0.5"), ("20", "20"), ("100", "100"), ("0.0005", "0.0005"), ("1200000", "1200000")],
)
def test_numbers_as_a_person_writes_them(value, shown):
    assert text(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("visit", "years", "medicines", "kind"),
    [
        ("outpatient", 40, ["M0001"], "ordinary"),
        ("outpatient", 13, ["M0001"], "paediatric"),
        ("outpatient", 14, ["M0001"], "ordinary"),
        ("outpatient", None, ["M0001"], "ordinary"),
        ("emergency", 40, ["M0001"], "emergency"),
        ("emergency", 40, ["M0509", "M0001"], "psych2"),
        ("emergency", 40, ["M0509", "M0457"], "narcotic"),
        ("outpatient", 8, ["M0535"], "psych1"),
    ],
)
def test_kind(rules, visit, years, medicines, kind):
    days = None if years is None else int(years * 365.25) + 1
    assert kind_for(visit, days, [rules.drugs[m] for m in medicines]) == kind
