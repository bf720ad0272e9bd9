"""What holds for every check, whatever the rules."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import luodi.advice
from luodi.advice.check import check
from luodi.advice.rules import TABLE
from luodi.advice.types import Allergy, CurrentDrug, Egfr, Grade, Snapshot
from luodi.terms import rulebook

from .conftest import ADULT, ON, line, wish

CODES = [f"M{n:04d}" for n in range(1, 620)]
codes = st.sampled_from(CODES)
doses = st.decimals(min_value="0.001", max_value="100000", places=3, allow_nan=False)
allergens = st.sampled_from(
    ["PENICILLIN", "NSAID", "CEPHALOSPORIN", "J01CA04", "N02BE01", "ibuprofen", "花生", "M0001"]
)


@st.composite
def wishes(draw):
    chosen = draw(st.lists(codes, min_size=1, max_size=6, unique=True))
    lines = [
        line(
            code,
            str(draw(doses)),
            draw(st.sampled_from(["mg", "g", "ml", "片", "IU", "?"])),
            draw(st.sampled_from(["po", "iv", "im", "top", "xx", ""])),
            draw(st.sampled_from(["qd", "tid", "prn", "st", "qw", "zz", ""])),
            days=draw(st.sampled_from(["1", "3", "7", "8", "30", "100"])),
        )
        for code in chosen
    ]
    kind = draw(st.sampled_from(["ordinary", "emergency", "paediatric", "narcotic", "psych1", "psych2"]))
    place = draw(st.sampled_from(["outpatient", "emergency", "observation", "inpatient"]))
    return wish(*lines, kind=kind, visit_class=place)


patients = st.builds(
    Snapshot,
    age_days=st.none() | st.integers(0, 40000),
    sex=st.sampled_from(["0", "1", "2", "9"]),
    weight_kg=st.none() | st.decimals(min_value="1", max_value="200", places=1, allow_nan=False),
    pregnant=st.sampled_from([None, True, False]),
    lactating=st.sampled_from([None, True, False]),
    egfr=st.none() | st.builds(Egfr, st.integers(5, 120).map(Decimal), st.just(ON)),
    trimester=st.sampled_from([None, 1, 2, 3]),
    allergy_state=st.sampled_from(["not_asked", "denied", "unconfirmed", "listed"]),
    allergies=st.lists(st.builds(Allergy, allergens), max_size=2).map(tuple),
    current=st.lists(st.builds(CurrentDrug, codes), max_size=5).map(tuple),
)


@given(asked=wishes(), patient=patients, data=st.data())
def test_the_order_of_lines_changes_nothing_but_their_number(rules, asked, patient, data):
    turned = asked._replace(lines=tuple(data.draw(st.permutations(asked.lines))))
    for one, two in zip(check(asked, patient, rules), check(turned, patient, rules), strict=True):
        assert one._replace(line=None) == two._replace(line=None)
        assert one.line is None or asked.lines[one.line] == turned.lines[two.line]


@given(asked=wishes(), patient=patients, more=st.builds(Allergy, allergens))
def test_another_allergy_never_silences_a_finding(rules, asked, patient, more):
    before = check(asked, patient, rules)
    after = {f.key: f for f in check(asked, patient._replace(allergies=(*patient.allergies, more)), rules)}
    assert all(f.key in after and after[f.key].grade.rank <= f.grade.rank for f in before)


@given(asked=wishes(), patient=patients, more=st.builds(CurrentDrug, codes))
def test_another_current_drug_never_lowers_the_worst_grade_of_a_rule(rules, asked, patient, more):
    def worst(found):
        grades = {}
        for f in found:
            grades[f.rule] = min(grades.get(f.rule, 9), f.grade.rank)
        return grades

    before = worst(check(asked, patient, rules))
    after = worst(check(asked, patient._replace(current=(*patient.current, more)), rules))
    assert all(after.get(rule, 9) <= rank for rule, rank in before.items())


@given(asked=wishes(), patient=patients)
def test_findings_come_worst_first_with_keys_of_their_own(rules, asked, patient):
    found = check(asked, patient, rules)
    assert [f.grade.rank for f in found] == sorted(f.grade.rank for f in found)
    assert len({f.key for f in found}) == len(found)


@given(asked=wishes(), factor=st.integers(10, 1000))
def test_a_higher_dose_is_never_judged_more_kindly(rules, asked, factor):
    def dose_rank(dose):
        one = asked._replace(lines=(asked.lines[0]._replace(dose=dose),))
        high = [
            f
            for f in check(one, ADULT, rules)
            if f.rule in ("dose-single", "dose-daily") and "usual lower" not in f.why_en
        ]
        return min((f.grade.rank for f in high if "below" not in f.why_en), default=9)

    dose = asked.lines[0].dose
    assert dose_rank(dose * factor) <= dose_rank(dose)


def test_an_answer_does_not_outlive_the_facts_it_was_given_for(rules):
    def key(dose):
        return next(f.key for f in check(wish(line("M0001", dose)), ADULT, rules) if f.rule == "dose-single")

    assert key("60") == key("60")
    assert key("60") != key("80")


@pytest.mark.parametrize("table", rulebook.TABLES)
def test_a_missing_table_is_named(rules, table):
    bare = rules._replace(**{table: type(getattr(rules, table))() if isinstance(getattr(rules, table), tuple) else {}})
    found = [f for f in check(wish(line("M0001", "20")), ADULT, bare) if f.rule == "knowledge-missing"]
    assert [(f.key, f.grade) for f in found] == [(f"knowledge-missing.{table}", Grade.ASK)]


@pytest.mark.parametrize("kind", TABLE)
def test_a_missing_kind_of_rule_is_named(rules, kind):
    bare = rules._replace(rules={k: v for k, v in rules.rules.items() if k != kind})
    found = [f for f in check(wish(line("M0001", "20")), ADULT, bare) if f.rule == "knowledge-missing"]
    assert [f.key for f in found] == [f"knowledge-missing.{kind}"]


def test_the_full_set_misses_nothing(rules):
    assert not [f for f in check(wish(line("M0001", "20")), ADULT, rules) if f.rule == "knowledge-missing"]


def test_a_grade_comes_from_the_data(rules):
    stricter = tuple(rule._replace(grade="refuse") for rule in rules.of("diagnosis"))
    changed = rules._replace(rules={**rules.rules, "diagnosis": stricter})
    found = check(wish(line("M0001", "20"), diagnoses=()), ADULT, changed)
    assert next(f.grade for f in found if f.rule == "diagnosis-missing") == Grade.REFUSE


ALLOWED = {
    "ast",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "itertools",
    "re",
    "types",
    "typing",
    "luodi.advice",
    "luodi.terms.rulebook",
}


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_advice_is_pure():
    """No framework, no database, no clock. apps.py alone tells the framework that the room exists."""
    here = Path(luodi.advice.__file__).parent
    modules = [p for p in here.rglob("*.py") if p.name != "apps.py"]
    modules.append(Path(rulebook.__file__))
    assert len(modules) > 10
    for path in modules:
        for name in _imported(path):
            assert any(name == a or name.startswith(a + ".") for a in ALLOWED), f"{path.name} imports {name}"
        for word in (".now(", ".today(", "time.time"):
            assert word not in path.read_text(encoding="utf-8"), f"{path.name} reads a clock"


def test_decimal_only(rules):
    """Numbers of the knowledge are exact."""
    for drug in rules.drugs.values():
        for value in (drug.amount, drug.dose_low, drug.dose_high, drug.daily_max, drug.interval_days, drug.renal_below):
            assert value is None or isinstance(value, Decimal)
