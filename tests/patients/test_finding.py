"""Search by several words among many."""

from types import SimpleNamespace

from luodi.patients import finding, queries


def test_a_name_that_is_spelled_like_a_code_is_found(house: SimpleNamespace) -> None:
    assert finding.code_of("wangjianyang"), "twelve letters from W on, and the check character fits by chance"
    patient = house.patient(name="王建洋")
    assert [(hit.patient, hit.why) for hit in queries.search("wangjianyang")] == [(patient, "pinyin")]


def test_two_words_find_somebody_behind_hundreds_of_the_same_initials(house: SimpleNamespace) -> None:
    """The oldest of more people than one word reads: the second word must still find them."""
    sought = house.patient(name="王丽", phone="13900004321")
    for number in range(finding.MOST + 1):
        house.patient(name="王兰", phone=f"138{number:08d}")
    assert len(queries.search("wl")) == 20
    assert [hit.patient for hit in queries.search("wl 4321")] == [sought]
    assert [hit.patient for hit in queries.search("4321 wl")] == [sought]
    assert queries.search("wl 4329") == []
