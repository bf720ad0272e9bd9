"""The drawing: how many, which ones, and that nobody can steer it. Pure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.commentary import drawing, tables
from luodi.commentary.agreement import agreement
from luodi.commentary.consequences import Judgement, Suggested, suggest
from luodi.commentary.typed import Given, Unreadable, read
from luodi.pharmacy import reasons


@pytest.mark.parametrize(
    ("population", "per_mille", "least", "size"),
    [
        (40, 1, 100, 40),  # fewer than the least: all
        (100, 1, 100, 100),
        (99_999, 1, 100, 100),
        (100_000, 1, 100, 100),
        (100_001, 1, 100, 101),  # a part of a prescription is one
        (250_000, 1, 100, 250),
        (2_999, 10, 30, 30),
        (3_001, 10, 30, 31),
        (0, 1, 100, 0),
    ],
)
def test_how_many_are_drawn(population: int, per_mille: int, least: int, size: int) -> None:
    """点评规范 第九条: ≥ 1‰ and ≥ 100 of outpatients, ≥ 1% and ≥ 30 of records; computed by hand."""
    assert drawing.size(population, Decimal(per_mille), least) == size


def test_a_sample_is_drawn_again_from_its_seed_alone() -> None:
    """Kept as it was computed once by another program: `printf '%s\\n%s' SEED NUMBER | sha256sum`, sorted."""
    seed = drawing.seed("ab" * 32, "outpatient", "2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00", 0)
    assert seed == "586972d601861d0e9c85591265ae7e5f67b6c3eeede9f50b24d0935905975e1d"
    assert drawing.draw(seed, range(1, 21), 5) == [16, 4, 9, 14, 12]


@given(st.sets(st.integers(1, 10**9), min_size=1, max_size=60), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_order_of_rows_and_other_members_move_nothing(members: set[int], seed: str) -> None:
    size = (len(members) + 1) // 2
    drawn = drawing.draw(seed, sorted(members), size)
    assert drawn == drawing.draw(seed, sorted(members, reverse=True), size)
    assert len(set(drawn)) == size
    gone = max(members - set(drawn), default=None)
    if gone is not None:
        assert drawing.draw(seed, members - {gone}, size) == drawn, "one that was not drawn changes nothing"


def test_every_member_is_drawn_as_often_as_another() -> None:
    counts = dict.fromkeys(range(10), 0)
    for turn in range(4000):
        for member in drawing.draw(f"{turn:064x}", counts, 3):
            counts[member] += 1
    # 1200 each; 5 standard deviations of a binomial (n 4000, p 0.3) are 145
    assert all(abs(count - 1200) < 145 for count in counts.values()), counts


def test_the_codes_of_the_norm_have_one_home() -> None:
    codes = [item.code for item in tables.items()]
    assert codes == [f"{kind}-{n}" for kind, most in ((1, 15), (2, 9), (3, 4)) for n in range(1, most + 1)]
    assert [item for item in tables.items() if item.code != "1-3"] == [
        reason for reason in reasons.all_reasons() if reason.kind != "supply"
    ]
    assert "1-3" not in reasons.by_code()
    assert all(item.name_zh and item.name_en and item.source for item in tables.items())


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        ([], "reasonable"),
        (["1-10"], "irregular"),
        (["1-10", "2-5"], "unsuitable"),
        (["3-1", "1-1", "2-9"], "extraordinary"),
    ],
)
def test_the_gravest_code_makes_the_verdict(codes: list[str], verdict: str) -> None:
    assert tables.verdict(codes) == verdict


@pytest.mark.parametrize(
    ("typed", "given_"),
    [
        ("", []),
        ("2-5/1 1-10", [Given("2-5", 1), Given("1-10", 0)]),
        ("25/2", [Given("2-5", 2)]),
        ("１－１０，３－１＠２", [Given("1-10", 0), Given("3-1", 2)]),
        ("2-5 2-5", [Given("2-5", 0)]),
        ("110", [Given("1-10", 0)]),
    ],
)
def test_codes_are_typed_as_hands_type_them(typed: str, given_: list[Given]) -> None:
    assert read(typed) == given_


@pytest.mark.parametrize("typed", ["4-1", "2-5/", "x", "2-5/1/2", "2-555"])
def test_what_is_no_code_is_not_guessed(typed: str) -> None:
    with pytest.raises(Unreadable):
        read(typed)


def test_kappa_as_computed_by_hand() -> None:
    """20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: p_o 0.70, p_e 0.5·0.6 + 0.5·0.4 = 0.50, κ 0.40 (Cohen 1960)."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = agreement(pairs)
    assert (found.pairs, found.same, found.share, found.kappa) == (50, 35, Decimal("0.700"), Decimal("0.400"))


def test_agreement_that_cannot_be_computed_is_unknown() -> None:
    assert agreement([]) == (0, 0, None, None)
    assert agreement([("reasonable", "reasonable")] * 3) == (3, 3, Decimal("1.000"), None)


def _history(marks: str) -> list[Judgement]:
    return [Judgement(case, mark == "x") for case, mark in enumerate(marks, start=1)]


@pytest.mark.parametrize(
    ("marks", "warned", "suggested"),
    [
        ("", False, None),
        ("x.x.", False, None),
        ("x.x.x", False, Suggested("warn", (1, 3, 5))),
        ("xxxx", False, Suggested("warn", (1, 2, 3, 4))),
        ("x.x.x.", True, None),  # after a warning only those in succession count
        ("..xx", True, Suggested("cancel", (3, 4))),
        ("xx..", True, Suggested("cancel", (1, 2))),
    ],
)
def test_what_the_numbers_suggest(marks: str, warned: bool, suggested: Suggested | None) -> None:
    """处方管理办法 art. 45: three and a warning, then two in succession and the right is taken away."""
    assert suggest(_history(marks), warned=warned, warn_at=3, cancel_at=2) == suggested
