"""What people type: kept as typed where it is legal, refused in words where it cannot be kept truly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.patients import pinyin, written
from tests.patients.people import refused

HOSTILE = [
    "Robert'); DROP TABLE patients;--",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% load x %}",
    "../../etc/passwd",
    "=HYPERLINK(1)",
    "张三 OR 1=1",
]


@pytest.mark.parametrize(
    "name", [*HOSTILE, "欧阳建国", "阿卜杜拉·买买提", "𠮷野家", "O'Brien-Smith", "无名氏 20261123-1"]
)
def test_a_name_is_kept_as_it_was_typed(name: str) -> None:
    assert written.name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_missing"),
        ("   ", "name_missing"),
        ("张😀", "name_picture"),
        ("❤️", "name_picture"),
        ("···", "name_letters"),
        ("张\x00三", "control_character"),
        ("张\u202e三", "control_character"),
        ("张\u200b三", "control_character"),
        ("张\ufffd三", "bad_encoding"),
        ("张" + chr(0xD800), "bad_encoding"),
        ("张\ue000", "private_character"),
        ("长" * 61, "too_long"),
        ("长" * 1_000_000, "too_long"),
    ],
)
def test_a_name_nobody_could_read_is_refused_in_words(name: str, code: str) -> None:
    with refused(code):
        written.name(name)


def test_bytes_of_another_encoding_are_noticed() -> None:
    with refused("bad_encoding"):
        written.name("张建国".encode("gbk").decode("utf-8", "replace"))


def test_prose_keeps_every_letter_and_picture() -> None:
    text = "白细胞 12×10⁹/L 😀\r\n体温 38.5℃ <b>&nbsp;"
    assert written.body(text) == text.replace("\r\n", "\n")


def test_prose_of_a_megabyte_is_refused_and_prose_of_the_limit_is_not() -> None:
    assert len(written.body("文" * written.BODY)) == written.BODY
    with refused("too_long") as caught:
        written.body("文" * 1_000_000)
    assert "20000" in str(caught.value)


def test_full_width_letters_and_digits_become_plain_ones() -> None:
    assert written.line("　ＡＢ　１２３ ") == "AB 123"


def test_the_marks_of_a_chinese_sentence_stay() -> None:
    assert written.line("休克（抢救３天），喉头水肿；外院：重！") == "休克（抢救3天），喉头水肿；外院：重！"


@given(st.text(max_size=60))
def test_any_text_is_kept_or_refused(text: str) -> None:
    try:
        kept = written.name(text)
    except written.Unreadable:
        return
    assert written.name(kept) == kept  # what was kept once is kept again


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("单雄信", "shan xiong xin"), ("仇英", "qiu ying"), ("曾国藩", "zeng guo fan"), ("解缙", "xie jin"),
        ("万俟卨", "mo qi"), ("欧阳建国", "ou yang jian guo"), ("尉迟恭", "yu chi gong"), ("张单", "zhang dan"),
        ("John Smith", "john smith"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_a_surname(name: str, spoken: str) -> None:
    assert pinyin.reading(name).startswith(spoken)
    assert pinyin.readings(name)[0] == pinyin.reading(name)


def test_only_a_surname_of_doubtful_sound_is_called_ambiguous() -> None:
    assert pinyin.is_ambiguous("单雄信")
    assert not pinyin.is_ambiguous("张建国")


def test_keys_are_all_initials_from_two_letters_and_the_spelling() -> None:
    assert pinyin.keys("ou yang jian guo") == {"oy", "oyj", "oyjg", "ouyangjianguo"}
    assert pinyin.keys("lü bu") >= {"lb", "lvbu"}


def test_a_chosen_reading_is_letters_alone() -> None:
    assert pinyin.chosen(" Dan Xiong Xin ", "单雄信") == "dan xiong xin"
    with refused("pinyin"):
        pinyin.chosen("dan1 <b>", "单雄信")


def test_initials_are_those_of_every_reading() -> None:
    assert pinyin.initials("调配") == ["dp", "tp"]
    assert pinyin.initials("重症HIS") == ["zzhis", "czhis", "tzhis"]


def test_no_process_loads_the_table_of_phrases() -> None:
    from pypinyin import constants

    assert not constants.PHRASES_DICT
