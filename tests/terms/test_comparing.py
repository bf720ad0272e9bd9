"""What changed between two sets is told row by row."""

import pytest

from luodi.terms import actions, comparing, versions
from luodi.terms.models import RuleSet
from luodi.trust.actor import system
from tests.terms.test_versions import changed


@pytest.fixture
def other(loaded, tmp_path):
    """A candidate with a rule changed, a medicine's daily maximum changed, a contraindication ended, one added."""
    folder = changed(tmp_path)
    rows = (folder / "contraindications.csv").read_text(encoding="utf-8").splitlines()
    rows[1], first = rows[1].replace("CI001", "CI901") if "CI001" in rows[1] else f"X{rows[1]}", rows[1]
    (folder / "contraindications.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = (folder / "medicines.csv").read_text(encoding="utf-8").replace("二甲双胍", "盐酸二甲双胍", 1)
    (folder / "medicines.csv").write_text(text, encoding="utf-8")
    return actions.load(loaded, folder).version, first.partition(",")[0]


def test_added_ended_and_changed_rows_with_old_and_new_values(other):
    version, ended = other
    found = {section.table: section for section in comparing.difference(version)}
    assert found.keys() == {"rule", "medicine", "contraindication"}
    (rule,) = found["rule"].changes
    assert (rule.key, rule.kind, [(f.old, f.new) for f in rule.fields]) == ("five", "changed", [("refuse", "ask")])
    (drug,) = found["medicine"].changes
    assert [(f.old, f.new) for f in drug.fields] == [("二甲双胍", "盐酸二甲双胍")]
    section = found["contraindication"]
    assert (section.added, section.ended, section.changed) == (1, 1, 0)
    assert [change.key for change in section.changes if change.kind == "ended"] == [ended]


def test_the_way_back_is_the_mirror(other):
    version, _ended = other
    there, back = comparing.difference(version), comparing.difference(versions.live().version, version)
    assert [(s.table, s.added, s.ended, s.changed) for s in back] == [
        (s.table, s.ended, s.added, s.changed) for s in there
    ]


def test_nothing_changed_is_nothing_told(loaded):
    assert comparing.difference(versions.live().version) == ()


def test_a_hospital_of_before_compares_with_the_tables_themselves(other):
    """Its set in force has no files; the rows in force say the same."""
    version, _ended = other
    with_files = comparing.difference(version)
    RuleSet.objects.update(version_of=None)
    assert comparing.difference(version) == with_files


def test_the_difference_from_what_is_in_force_is_gone_when_it_is_in_force(other):
    actions.enact(system("test"), other[0])
    assert comparing.difference(other[0]) == ()
    RuleSet.objects.update(version_of=None)
    assert comparing.difference(other[0]) == ()


def test_every_table_of_a_version_has_a_name():
    assert set(versions.NAMES) == set(comparing.TABLES)


def test_of_parameters_only_what_differs_is_told(loaded, tmp_path):
    folder = changed(tmp_path, "rules", '""least"":1,""of"":{""onc""', '""least"":3,""of"":{""onc""')
    (section,) = comparing.difference(actions.load(loaded, folder).version)
    (change,) = section.changes
    assert change.key == "interaction"
    (field,) = change.fields
    assert (str(field.label), field.was, field.now) == ("参数 policy[1].least", "1", "3")
