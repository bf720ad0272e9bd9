"""NEWS2 (RCP 2017), MEWS (Subbe 2001), triage consensus 2018: the published rows and every boundary that matters."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.advice.score import mews, news2
from luodi.advice.triage import INDICATORS, Vitals, suggest

SICK = {
    "respiration": 22,
    "spo2": 93,
    "oxygen": True,
    "systolic": 105,
    "pulse": 115,
    "consciousness": "A",
    "temperature": Decimal("38.5"),
}
WELL = {
    "respiration": 16,
    "spo2": 97,
    "oxygen": False,
    "systolic": 120,
    "pulse": 70,
    "consciousness": "A",
    "temperature": Decimal("36.8"),
}


def test_news2_rows():
    assert news2(**SICK).total == 10
    assert news2(**SICK, scale2=True).total == 9
    assert news2(**WELL).total == 0
    assert news2(**{**WELL, "spo2": 95}, scale2=True).parts["spo2"] == 0


@pytest.mark.parametrize(
    ("name", "bands"),
    [
        ("respiration", {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3}),
        ("spo2", {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0}),
        ("systolic", {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3}),
        ("pulse", {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3}),
        ("temperature", {"35.0": 3, "35.1": 1, "36.0": 1, "36.1": 0, "38.0": 0, "38.1": 1, "39.0": 1, "39.1": 2}),
        ("consciousness", {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}),
    ],
)
def test_news2_bands(name, bands):
    for value, points in bands.items():
        measured = value if name == "consciousness" else Decimal(value)
        assert news2(**{**WELL, name: measured}).parts[name] == points, value


def test_news2_scale2_bands():
    air = {83: 3, 84: 2, 85: 2, 86: 1, 87: 1, 88: 0, 92: 0, 93: 0, 97: 0}
    oxygen = {88: 0, 92: 0, 93: 1, 94: 1, 95: 2, 96: 2, 97: 3}
    for given_oxygen, bands in ((False, air), (True, oxygen)):
        for value, points in bands.items():
            assert news2(**{**WELL, "spo2": value, "oxygen": given_oxygen}, scale2=True).parts["spo2"] == points


def test_mews_rows():
    assert mews(systolic=95, pulse=112, respiration=22, temperature=Decimal("38.6"), consciousness="V").total == 8
    assert mews(systolic=120, pulse=80, respiration=14, temperature=Decimal("36.5"), consciousness="A").total == 0


@pytest.mark.parametrize(
    ("name", "bands"),
    [
        ("systolic", {70: 3, 71: 2, 80: 2, 81: 1, 100: 1, 101: 0, 199: 0, 200: 2}),
        ("pulse", {40: 2, 41: 1, 50: 1, 51: 0, 100: 0, 101: 1, 110: 1, 111: 2, 129: 2, 130: 3}),
        ("respiration", {8: 2, 9: 0, 14: 0, 15: 1, 20: 1, 21: 2, 29: 2, 30: 3}),
        ("temperature", {"34.9": 2, "35.0": 0, "38.4": 0, "38.5": 2}),
    ],
)
def test_mews_bands(name, bands):
    for value, points in bands.items():
        assert mews(**{name: Decimal(value)}).parts[name] == points, value


def test_missing_is_unknown_never_normal():
    partly = news2(**{**SICK, "temperature": None})
    assert partly.total is None
    assert partly.missing == ("temperature",)
    assert partly.known == 9
    assert news2().total is None
    assert news2().known == 0
    assert suggest(Vitals()).level is None
    assert set(suggest(Vitals()).missing) >= {"pulse", "systolic", "spo2"}


@pytest.mark.parametrize(
    ("vitals", "level"),
    [
        ({"pulse": 39}, 1),
        ({"pulse": 40}, 2),
        ({"pulse": 50}, 2),
        ({"pulse": 51}, 3),
        ({"pulse": 55}, 4),
        ({"pulse": 100}, 4),
        ({"pulse": 101}, 3),
        ({"pulse": 149}, 3),
        ({"pulse": 150}, 2),
        ({"pulse": 179}, 2),
        ({"pulse": 180}, 1),
        ({"systolic": 69}, 1),
        ({"systolic": 70}, 2),
        ({"systolic": 80}, 2),
        ({"systolic": 81}, 3),
        ({"systolic": 90}, 3),
        ({"systolic": 91}, 4),
        ({"systolic": 179}, 4),
        ({"systolic": 180}, 3),
        ({"systolic": 200}, 3),
        ({"systolic": 201}, 2),
        ({"spo2": 79}, 1),
        ({"spo2": 80}, 2),
        ({"spo2": 90}, 2),
        ({"spo2": 91}, 3),
        ({"spo2": 94}, 3),
        ({"spo2": 95}, 4),
        ({"temperature": Decimal("41.1")}, 1),
        ({"temperature": Decimal("41.0")}, 3),
        ({"glucose": Decimal("3.32")}, 1),
        ({"glucose": Decimal("3.33")}, None),
        ({"potassium": Decimal("7.1")}, 1),
        ({"potassium": Decimal("7.0")}, None),
        ({"pain": 3}, 4),
        ({"pain": 4}, 3),
        ({"pain": 6}, 3),
        ({"pain": 7}, 2),
        ({"consciousness": "P"}, 1),
        ({"consciousness": "A"}, 4),
        ({"complaint_level": 2}, 2),
        ({"complaint_level": 4, "pulse": 160}, 2),
    ],
)
def test_triage(vitals, level):
    assert suggest(Vitals(**vitals)).level == level


numbers = st.none() | st.integers(0, 250)
some_vitals = st.builds(
    Vitals,
    pulse=numbers,
    systolic=numbers,
    spo2=st.none() | st.integers(50, 100),
    respiration=st.none() | st.integers(0, 60),
    glucose=st.none() | st.integers(1, 30),
    potassium=st.none() | st.integers(1, 9),
    temperature=st.none() | st.decimals("30", "43", places=1, allow_nan=False),
    pain=st.none() | st.integers(0, 10),
    consciousness=st.sampled_from([None, "A", "V", "P", "U"]),
    complaint_level=st.none() | st.integers(1, 4),
)


@given(vitals=some_vitals)
def test_the_worst_indicator_wins(vitals):
    levels = [judge(vitals) for judge in INDICATORS.values()]
    known = [level for level in levels if level is not None]
    assert suggest(vitals).level == (min(known) if known else None)


@given(vitals=some_vitals, name=st.sampled_from(["pulse", "systolic", "spo2", "pain", "complaint_level"]))
def test_forgetting_a_value_never_makes_a_patient_more_urgent(vitals, name):
    before, after = suggest(vitals).level, suggest(vitals._replace(**{name: None})).level
    assert after is None or (before is not None and before <= after)
