"""Indicators of the working table against numbers computed by hand. Pure."""

import pytest

from luodi.commentary import tables, worksheet


def row(drugs: int, anti: int, inj: int, essential: int | None, generic: int, amount: str | None, ok: int) -> dict:
    return {
        "drugs": drugs, "antibacterial": anti, "injection": inj, "essential": essential, "generic": generic,
        "amount": amount, "reasonable": ok, "codes": [] if ok else ["2-5", "1-10"],
    }  # fmt: skip


#                drugs anti inj ess gen amount  ok
SHEETS = [
    row(2, 1, 0, 1, 2, "36.50", 1),
    row(5, 0, 1, 2, 4, "210.00", 0),
    row(1, 0, 0, 1, 1, "8.20", 1),
    row(3, 1, 1, 0, 3, "95.30", 1),
    row(4, 0, 0, 3, 4, "60.00", 0),
    row(2, 1, 0, 2, 2, "41.00", 1),
    row(1, 0, 0, 0, 1, "15.00", 1),
]
BY_HAND = {
    "drugs": "18",  # 2+5+1+3+4+2+1
    "drugs_mean": "2.57",  # 18 / 7 = 2.5714
    "antibacterial": "3",
    "antibacterial_rate": "42.86",  # 3 / 7
    "injection": "2",
    "injection_rate": "28.57",  # 2 / 7
    "essential": "9",
    "essential_share": "50.00",  # 9 / 18
    "generic": "17",
    "generic_share": "94.44",  # 17 / 18
    "amount": "466.00",
    "amount_mean": "66.57",  # 466 / 7 = 66.571
    "reasonable": "5",
    "reasonable_rate": "71.43",  # 5 / 7
}


def figures(rows: list[dict]) -> dict[str, str | None]:
    return {one.code: worksheet.value(one, rows) for one in tables.indicators()}


def test_the_figures_are_those_computed_by_hand() -> None:
    assert figures(SHEETS) == BY_HAND


def test_an_unknown_price_makes_the_amount_unknown_never_smaller() -> None:
    found = figures([*SHEETS, row(1, 0, 0, 1, 1, None, 1)])
    assert (found["amount"], found["amount_mean"]) == (None, None)
    assert found["drugs"] == "19"


def test_an_unknown_essential_list_leaves_its_share_unknown() -> None:
    found = figures([row(2, 0, 0, None, 2, "1.00", 1)])
    assert (found["essential"], found["essential_share"]) == (None, None)
    assert found["generic_share"] == "100.00"


def test_nothing_at_all_is_no_data() -> None:
    assert set(figures([]).values()) == {None}
    assert worksheet.share(0, 0) is None
    assert worksheet.share(0, 3) == "0.00"


def test_the_letters_are_those_of_the_annex() -> None:
    assert [one.letter for one in tables.indicators()] == list("ABCDEFGHIJKLOP")
    assert {one.wording for one in tables.indicators()} == {"unverified"}


@pytest.mark.parametrize(
    ("verdicts", "count"), [([], 0), (["reasonable", "unsuitable", "unsuitable"], 2), (["extraordinary"], 0)]
)
def test_verdicts_are_counted(verdicts: list[str], count: int) -> None:
    found = worksheet.by_verdict(verdicts)
    assert found["unsuitable"] == count
    assert sum(found.values()) == len(verdicts)


def test_codes_are_counted() -> None:
    assert worksheet.by_code(SHEETS) == {"1-10": 2, "2-5": 2}
