"""Every row of `cases/` finds exactly what it says: a finding that is missing fails, and one too many fails."""

from collections import Counter

import pytest

from luodi.terms.rulebook import Ruleset

from . import casebook

ROWS = casebook.rows()
# What no shipped medicine can show has a test of its own in test_rules.py.
ELSEWHERE = {"controlled-etorphine", "herbal-pair"}


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.file}: {row.case}" for row in ROWS])
def test_case(rules: Ruleset, row: casebook.Row) -> None:
    assert casebook.found(row, rules) == casebook.expected(row)


def test_there_are_three_hundred_cases_each_with_its_source() -> None:
    assert len(ROWS) >= 300
    assert not [row for row in ROWS if not row.source.strip()]
    assert not [name for name, count in Counter((row.file, row.case) for row in ROWS).items() if count > 1]


def test_every_rule_has_a_case_that_speaks_and_one_that_is_silent(rules: Ruleset) -> None:
    codes = {rule.code for group in rules.rules.values() for rule in group}
    said = {(row.about, row.about in {part.split()[0] for part in casebook.expected(row)}) for row in ROWS}
    assert codes - {about for about, speaks in said if speaks} == ELSEWHERE
    assert codes - {about for about, speaks in said if not speaks} == ELSEWHERE
    assert {row.about for row in ROWS} <= codes


@pytest.mark.parametrize("row", ROWS[::7], ids=[row.case for row in ROWS[::7]])
def test_a_case_fails_where_a_rule_is_gone(rules: Ruleset, row: casebook.Row) -> None:
    """The table can fail: without its rule a case that speaks finds something else."""
    speaks = row.about in {part.split()[0] for part in casebook.expected(row)}
    bare = rules._replace(
        rules={kind: tuple(r for r in held if r.code != row.about) for kind, held in rules.rules.items()}
    )
    assert (casebook.found(row, bare) != casebook.expected(row)) or not speaks
