"""Interactions from several sources: what is covered, what stays silent, and how one grade is made of many levels."""

import csv
import json
from collections import Counter
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from luodi.advice.check import check
from luodi.advice.kind import kind_for
from luodi.advice.rules.together import LEVELS, SOURCES, graded
from luodi.advice.types import CurrentDrug, Grade
from luodi.simulator import tables as cases
from luodi.terms import files, pairs, stated
from luodi.terms.models import RatedPair
from luodi.terms.rulebook import InteractionFact

from .conftest import ADULT, line, wish

CONTROLS = Path(__file__).parent / "data" / "control_pairs.csv"
DOC = Path(__file__).parents[2] / "docs" / "interactions.md"
SEVERE = {"bnf": {"severe"}, "ansm": {"avoid", "contraindicated"}, "micromedex": {"major", "contraindicated"}}
RANK = ["", "tell", "ask", "refuse"]


def facts_of(tables):
    return stated.facts(stated.statements(tables), tables)


@pytest.fixture(scope="module")
def policy():
    row = next(row for row in files.rows(files.HERE, "rules") if row["kind"] == "interaction")
    return json.loads(row["parameters"])


@pytest.fixture(scope="module")
def everything():
    """Facts of every pair that any source names, in the formulary or not."""
    return facts_of(files.shipped)


@pytest.fixture(scope="module")
def rated():
    return files.rows(files.HERE, "interaction_rated")


def grade(facts, policy, a: str, b: str) -> str:
    """The gravest grade of two substances, each with its codes separated by semicolons."""
    keys = (tuple(sorted((one, two))) for one in a.split(";") for two in b.split(";"))
    return max((graded(facts[key], policy) for key in keys if key in facts), key=RANK.index, default="")


def severe_in(row) -> int:
    return sum(row[source] in levels for source, levels in SEVERE.items())


def counted(facts, policy, rows) -> Counter:
    return Counter(grade(facts, policy, row["a_atc"], row["b_atc"]) for row in rows)


def test_every_pair_that_three_references_call_severe_is_asked_or_refused(everything, policy, rated):
    unanimous = [row for row in rated if severe_in(row) == 3]
    silent = [
        (row["a_name"], row["b_name"])
        for row in unanimous
        if grade(everything, policy, row["a_atc"], row["b_atc"]) not in ("ask", "refuse")
    ]
    assert len(unanimous) == 516
    assert silent == []


def test_groups_and_compiled_pairs_alone_leave_none_of_them_in_silence(policy, rated):
    """What holds for pairs that no table of pairs has: the mechanism is known, not the pair."""
    grouped = facts_of(lambda table: [] if table is RatedPair else files.shipped(table))
    found = counted(grouped, policy, [row for row in rated if severe_in(row) == 3])
    assert found[""] == 0
    assert found["ask"] + found["refuse"] >= 500


def test_control_pairs_raise_no_alarm(everything, policy):
    with CONTROLS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2057
    assert counted(everything, policy, rows) == {"": 2057}


@pytest.mark.parametrize(
    ("what", "a", "b", "least"),
    [
        ("QT-prolonging drugs with each other", "N05AD01", "J01MA14", "ask"),
        ("domperidone and clarithromycin", "A03FA03", "J01FA09", "refuse"),
        ("fenofibrate and rosuvastatin", "C10AB05", "C10AA07", "ask"),
        ("lithium and furosemide", "N05AN01", "C03CA01", "ask"),
        ("methylene blue and sertraline", "V03AB17", "N06AB06", "refuse"),
        ("sildenafil and itraconazole", "G04BE03", "J02AC02", "ask"),
        ("ivabradine and clarithromycin", "C01EB17", "J01FA09", "refuse"),
        ("ivabradine and ritonavir in a combination", "C01EB17", "J05AR10", "refuse"),
        ("verapamil and erythromycin", "C08DA01", "J01FA01", "ask"),
        ("diltiazem and clarithromycin", "C08DB01", "J01FA09", "ask"),
        ("propafenone and metoprolol", "C01BC03", "C07AB02", "ask"),
        ("delamanid and haloperidol", "J04AK06", "N05AD01", "ask"),
        ("phenelzine and pethidine", "N06AF03", "N02AB02", "ask"),
    ],
)
def test_classes_that_the_first_table_missed(everything, policy, what, a, b, least):
    assert RANK.index(grade(everything, policy, a, b)) >= RANK.index(least), what


@pytest.mark.parametrize(("a", "b"), [("B01AA03", "B01AF02"), ("B01AB05", "B01AF01"), ("B01AE07", "B01AB01")])
def test_a_change_of_anticoagulant_is_asked_never_refused(everything, policy, a, b):
    fact = everything[tuple(sorted((a, b)))]
    assert grade(everything, policy, a, b) in ("ask", "tell", "")
    assert fact.most == "ask"
    assert fact.most_why


@pytest.mark.parametrize(
    ("what", "a", "b"),
    [
        ("levodopa and selegiline", "N04BA02", "N04BD01"),
        ("levodopa and rasagiline", "N04BA01", "N04BD02"),
        ("aspirin and clopidogrel after a stent", "B01AC06", "B01AC04"),
        ("ketoconazole cream and simvastatin", "D01AC08", "C10AA01"),
        ("rifampicin and isoniazid", "J04AB02", "J04AC01"),
        ("clarithromycin, omeprazole and amoxicillin", "J01FA09;A02BC01", "J01CA04;A02BC01"),
        ("metoprolol and amlodipine", "C07AB02", "C08CA01"),
    ],
)
def test_standard_therapy_is_not_asked_about(everything, policy, what, a, b):
    assert RANK.index(grade(everything, policy, a, b)) < RANK.index("ask"), what


def test_what_is_given_on_skin_or_eye_alone_interacts_with_nothing(rules, policy):
    groups = {"topical", "eye", "ear", "vaginal"}
    local = {drug.atc for drug in rules.drugs.values() if rules.routes[drug.route].group in groups and drug.atc}
    told = [key for key, held in rules.interactions.items() if local & set(key) and graded(held, policy)]
    assert len(local) > 20
    assert told == []


# ── one grade of many levels ──

SENTENCES = {
    "policy": [
        {"grade": "refuse", "least": 2, "of": {"one": ["worst"], "two": ["worst"]}},
        {"grade": "ask", "least": 1, "of": {"one": ["worst"], "two": ["worst", "bad"]}},
    ]
}


def fact(most: str = "", **ratings: str) -> InteractionFact:
    return InteractionFact("X", ratings, "", "", "", "", most)


@pytest.mark.parametrize(
    ("ratings", "most", "expected"),
    [
        ({"one": "worst", "two": "worst"}, "", "refuse"),
        ({"one": "worst", "two": "worst"}, "ask", "ask"),
        ({"one": "worst", "two": "worst"}, "tell", "tell"),
        ({"one": "worst"}, "", "ask"),
        ({"one": "worst"}, "refuse", "ask"),
        ({"one": "bad"}, "", ""),
        ({"two": "bad"}, "", "ask"),
        ({"three": "worst"}, "", ""),
        ({}, "", ""),
    ],
)
def test_the_first_sentence_that_enough_sources_fulfil_decides(ratings, most, expected):
    assert graded(fact(most, **ratings), SENTENCES) == expected


def side(*codes: str) -> pairs.Side:
    return pairs.Side("边", "side", codes)


def statement(code: str, a: pairs.Side, b: pairs.Side, *ratings: tuple[str, str], effect: str = "") -> pairs.Statement:
    return pairs.Statement(code, a, b, ratings, "source", "compiled", effect, effect)


def test_every_source_keeps_its_gravest_level_of_a_pair():
    said = [
        statement("S1", side("A"), side("B"), ("ansm", "caution"), ("bnf", "")),
        statement("S2", side("B"), side("A"), ("ansm", "avoid"), effect="出血"),
    ]
    facts = pairs.together(said, (), {})
    assert set(facts) == {("A", "B")}
    assert dict(facts["A", "B"].ratings) == {"ansm": "avoid"}
    assert (facts["A", "B"].effect, facts["A", "B"].code) == ("出血", "S2")
    assert facts["A", "B"].source == "S1 S2 source（compiled）"


def test_a_combination_interacts_as_its_parts_and_nothing_with_itself():
    said = [statement("S", side("A", "C"), side("A", "B"), ("ansm", "avoid"))]
    assert set(pairs.together(said, (), {"W": ("B",)})) == {("A", "B"), ("A", "C"), ("B", "C"), ("A", "W"), ("C", "W")}


def test_only_pairs_of_the_formulary_are_kept():
    said = [statement("S", side("A", "C"), side("B"), ("ansm", "avoid"))]
    assert set(pairs.together(said, (), {"W": ("B",)}, frozenset("AW"))) == {("A", "W")}


def test_who_says_what_stands_under_the_finding(rules):
    found = check(wish(line("M0217", "20"), line("M0322", "500")), ADULT, rules)
    (told,) = [each for each in found if each.rule == "interaction"]
    assert "汇编严重、BNF严重、ANSM慎用、Micromedex严重；DDI00095 " in told.source
    assert told.source.endswith("CRESCENDDI 2022、ANSM thesaurus 2016-08（汇编，未审核）")


def test_a_substance_has_the_name_of_the_formulary(everything):
    """Ciprofloxacin with methotrexate, which the thesaurus alone names."""
    fact = everything["J01MA02", "L01BA01"]
    assert set(fact.effect.split(" × ")) == {"环丙沙星", "甲氨蝶呤"}
    assert set(fact.effect_en.split(" × ")) == {"ciprofloxacin", "methotrexate"}


def test_every_level_and_source_has_its_word(policy):
    assert set(pairs.LEVELS) - {""} == set(LEVELS)
    assert {source for sentence in policy["policy"] for source in sentence["of"]} <= set(SOURCES)


def test_a_word_that_no_source_uses_is_no_level():
    with pytest.raises(ValueError, match="tuple"):
        pairs.worst("dreadful", "")


def test_every_level_that_the_policy_names_is_one_of_a_source(policy):
    named = {level for sentence in policy["policy"] for levels in sentence["of"].values() for level in levels}
    assert named <= set(pairs.LEVELS)
    assert {sentence["grade"] for sentence in policy["policy"]} == set(policy["instead"])


def test_a_source_that_is_not_loaded_is_asked_about_never_passed_over(rules):
    asked = wish(line("M0102", "3"))
    assert not [each for each in check(asked, ADULT, rules) if "source" in each.key]
    without = rules._replace(interaction_sources=rules.interaction_sources - {"ansm"})
    (told,) = [each for each in check(asked, ADULT, without) if "source" in each.key]
    assert told.grade is Grade.ASK
    assert "ansm" in told.why
    assert "ansm" in told.why_en


def test_a_rule_of_an_earlier_version_without_a_policy_is_asked_about(rules):
    """A hospital that was upgraded and has not loaded the tables again."""
    (rule,) = rules.of("interaction")
    earlier = rules._replace(
        rules={**rules.rules, "interaction": (rule._replace(parameters={"contraindicated": "ask"}),)}
    )
    asked = wish(line("M0102", "3"), line("M0424", "300"))
    (told,) = [each for each in check(asked, ADULT, earlier) if each.rule == "interaction"]
    assert told.grade is Grade.ASK
    assert told.key.endswith("policy")


def test_sources_are_those_that_say_anything():
    said = [statement("S", side("A"), side("B"), ("ansm", "avoid"), ("bnf", ""))]
    assert stated.sources(said) == {"ansm"}


# ── few and right ──


def simulated(rules) -> dict[str, float]:
    """Alerts per 100 simulated prescriptions by grade.

    Each prescription is for a patient who takes the drugs of every kind of outpatient visit in turn, as often as that
    kind comes: alone, the simulated prescriptions have few drugs and hardly an alert.
    """
    taken = [(tuple(CurrentDrug(each[0]) for each in case.lines), share) for case, share in each_case("outpatient")]
    total, found = 0, Counter()
    for kind in ("outpatient", "emergency"):
        for case, share in each_case(kind):
            lines = [
                line(code, dose, unit, route, frequency, days=str(days), skin_test=case.skin_test)._replace(
                    skin_test_hours=Decimal(1) if case.skin_test == "negative" else None
                )
                for code, dose, unit, route, frequency, days in case.lines
            ]
            form = kind_for(kind, ADULT.age_days, [rules.drugs[each.medicine] for each in lines])
            asked = wish(*lines, kind=form, visit_class=kind, diagnoses=(case.diagnosis,))
            for current, often in taken:
                total += share * often
                for each in check(asked, ADULT._replace(current=current), rules):
                    if each.rule != "duplicate":  # the same visit twice renews a prescription
                        found[each.grade.value] += share * often
    return {grade.value: round(100 * found[grade.value] / total, 1) for grade in Grade}


def each_case(kind: str):
    return [(case, share) for case, share in zip(*cases.cases(kind), strict=True) if case.lines]


def drawn(rules, policy, drugs: int) -> dict[str, float]:
    """Interactions that ask and refuse, per 100 prescriptions of so many drugs drawn blindly from the formulary."""
    rng, found = Random(4), Counter()
    codes = sorted(drug.atc for drug in rules.drugs.values() if drug.atc)
    for _turn in range(5000):
        for one, two in combinations(rng.sample(codes, drugs), 2):
            pair = rules.interactions.get((min(one, two), max(one, two)))
            found[graded(pair, policy) if pair else ""] += 1
    return {grade: round(found[grade] / 50, 1) for grade in ("ask", "refuse")}


def test_alerts_stay_few_among_the_simulated_prescriptions(rules):
    found = simulated(rules)
    assert found["tell"] > 0
    assert found["ask"] < 15
    assert found["refuse"] < 2


@pytest.mark.parametrize("drugs", [3, 5])
def test_alerts_stay_few_among_prescriptions_drawn_blindly(rules, policy, drugs):
    found = drawn(rules, policy, drugs)
    assert 0 < found["ask"] < 15
    assert 0 < found["refuse"] < 2


# ── the table of docs ──


def test_the_page_shows_these_figures(everything, policy, rated, rules):
    text = DOC.read_text(encoding="utf-8")
    for severe in range(3, -1, -1):
        found = counted(everything, policy, [row for row in rated if severe_in(row) == severe])
        cells = " | ".join(str(found[each]) for each in ("refuse", "ask", "tell", ""))
        assert f"| {severe} | {found.total()} | {cells} |" in text
    found = simulated(rules)
    assert f"ASK {found['ask']}, REFUSE {found['refuse']}, TELL {found['tell']}" in text
    for drugs in (3, 5):
        blind = drawn(rules, policy, drugs)
        assert f"| {drugs} | {blind['ask']} | {blind['refuse']} |" in text
    held = Counter(graded(fact, policy) for fact in rules.interactions.values())
    cells = " | ".join(f"{held[each]:,}" for each in ("refuse", "ask", "tell", ""))
    assert f"| {held.total():,} | {cells} |" in text
    for row in rated:
        if severe_in(row) == 2 and not grade(everything, policy, row["a_atc"], row["b_atc"]):
            assert f"{row['a_name']} with {row['b_name']}" in text
