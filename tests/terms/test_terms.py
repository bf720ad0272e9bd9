"""Loading and reading the reference tables."""

import shutil
from datetime import UTC, date, datetime

import pytest

from luodi.terms import actions, files, knowledge, queries
from luodi.terms.models import Medicine, Rule, RuleSet
from luodi.trust import clock, ledger
from luodi.trust.actor import NOBODY, system
from luodi.trust.refusal import Forbidden, Refusal

ON = date(2026, 11, 23)


def test_loading_twice_changes_nothing_and_is_evidence_twice(loaded):
    before = (Medicine.objects.count(), RuleSet.objects.count(), queries.ruleset(ON).digest)
    again = actions.load(loaded)
    assert not again.changed
    assert (Medicine.objects.count(), RuleSet.objects.count(), queries.ruleset(ON).digest) == before
    entries = list(ledger.entries(verb="terms.load"))
    assert len(entries) == 2


def test_only_who_may_loads(db):
    with pytest.raises(Forbidden):
        actions.load(NOBODY)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(files.HERE, tmp_path / "data")


def test_a_changed_file_makes_a_new_rule_set_and_ends_what_is_gone(loaded, folder):
    medicines = (folder / "medicines.csv").read_text(encoding="utf-8").splitlines()
    (folder / "medicines.csv").write_text(
        "\n".join(line for line in medicines if not line.startswith("M0619,")), encoding="utf-8"
    )
    old = queries.ruleset(ON)
    with clock.at(datetime(2026, 11, 25, 8, tzinfo=UTC)):
        candidate = actions.load(loaded, folder)
        assert candidate.changed
        assert not candidate.live
        assert queries.ruleset(date(2026, 11, 25)).digest == old.digest, "a candidate changes nothing"
        actions.enact(system("test"), candidate.version)
        assert Medicine.objects.get(code="M0619").effective_to == date(2026, 11, 25)
        assert "M0619" not in queries.ruleset(date(2026, 11, 25)).drugs
        assert not [m for m in queries.medicines() if m.code == "M0619"]
        assert queries.medicine("M0619") is not None
        assert queries.ruleset(date(2026, 11, 25)).digest != old.digest
    assert queries.ruleset(ON).digest == old.digest
    assert "M0619" in queries.ruleset(ON).drugs


@pytest.mark.parametrize("broken", [b"\xff\xfe\x00", b"code,generic\nM1,x\n", b""])
def test_a_broken_file_is_refused_and_nothing_changes(loaded, folder, broken):
    digest = queries.ruleset(ON).digest
    (folder / "medicines.csv").write_bytes(broken)
    if broken == b"":
        (folder / "medicines.csv").unlink()
    with pytest.raises(actions.BadTerms):
        actions.load(loaded, folder)
    assert queries.ruleset(ON).digest == digest
    assert Medicine.objects.filter(effective_to=None).count() == 626


def test_without_rules_the_answer_is_a_refusal(db):
    Rule.objects.all().delete()
    RuleSet.objects.all().delete()
    for table, _names, _reader in files.TABLES:
        table._default_manager.all().delete()
    with pytest.raises(knowledge.NoRules):
        queries.ruleset(ON)
    assert not queries.provenance().loaded
    assert issubclass(knowledge.NoRules, Refusal)


def test_a_rule_set_is_built_once(loaded, django_assert_num_queries):
    first = queries.ruleset(ON)
    with django_assert_num_queries(1):
        assert queries.ruleset(ON) is first
    assert first.absent() == ()
    assert queries.ruleset(date(2026, 12, 24)) is first


def test_rules_take_effect_on_their_day(loaded):
    assert queries.ruleset(date(2020, 6, 1)).of("skin_test") == ()
    assert queries.ruleset(date(2021, 4, 1)).of("skin_test") != ()


def test_medicines_are_found(loaded):
    for text in ("AMXL", "amxl", "ａｍｘｌ", "阿莫西林", "莫西林", "amoxi", "M0288", "J01CA04", " 阿莫 "):
        assert "M0288" in [m.code for m in queries.find_medicines(text, 5)], text


def test_nonsense_finds_nothing(loaded):
    for text in ("", "   ", "%%", "_", "'; DROP TABLE terms_medicine; --", "😀", "<script>", "x" * 1_000_000):
        assert queries.find_medicines(text) == [], text[:20]


def test_diagnoses_are_found(loaded):
    for text, code in (("J06.9", "J06.9"), ("急性上呼吸道", "J06.9"), ("JXSHXDGR", "J06.9"), ("cholera", "A00")):
        assert code in [d.code for d in queries.find_diagnoses(text, 20)], text


def test_a_diagnosis_without_a_chinese_name_shows_its_english_title(loaded):
    assert queries.diagnosis("A00.0").name.startswith("Cholera due to Vibrio")
    assert queries.diagnosis("nowhere") is None


def test_lookup(loaded):
    assert queries.lookup("frequency", "q8h").per_day == 3
    assert queries.lookup("route", "ivgtt").group == "injection"
    assert queries.lookup("complaint", "CC008").level == 2
    assert queries.lookup("lab", "WBC").unit == "10^9/L"
    assert queries.lookup("medicine", "none") is None


def test_vital_ranges_follow_the_age(loaded):
    for days, high in ((10, 160), (100, 150), (3 * 365, 140), (8 * 365, 120), (40 * 365, 100), (None, 100)):
        assert queries.vital_ranges(days)["HR"].normal_high == high, days


def test_a_child_has_no_adult_blood_pressure(loaded):
    assert "SBP" not in queries.vital_ranges(3 * 365)
    assert "SBP" in queries.vital_ranges(40 * 365)


def test_the_shipped_status_is_said(loaded):
    said = queries.provenance()
    assert (said.loaded, said.reviewed, said.status) == (True, False, "compiled")
    assert "未经药师审核" in said.sentence
    assert said.counts["medicine"] == {"compiled": 626}


def test_amounts_survive_the_database(loaded):
    drug = queries.ruleset(ON).drugs["M0457"]
    assert (drug.amount, drug.amount_unit, drug.volume_ml, drug.single_use) == (10, "mg", 1, True)
