"""How a name is spoken and found by its sound.

A surname is read as a surname: 单 is Shan, not Dan. The reading in force is stored with the name, because only the
bearer knows it; the choices offered come from pypinyin's dictionary.
"""

import itertools
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin
from pypinyin import pinyin as dictionary

from .written import Unreadable, line

# readings as surnames, where the common reading differs (通用规范汉字 surname readings, 现代汉语词典)
_SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "区": "ou", "查": "zha", "盖": "ge", "缪": "miao",
    "朴": "piao", "翟": "zhai", "乐": "yue", "种": "chong", "折": "she", "繁": "po", "祭": "zhai", "覃": "qin",
    "卜": "bu", "宿": "su", "隗": "wei", "句": "gou", "召": "shao", "那": "na", "能": "nai", "牟": "mou",
    "都": "du", "车": "che", "柏": "bai", "薄": "bo", "洗": "xian", "佴": "nai", "员": "yun", "秘": "bi",
    "黑": "he", "任": "ren", "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "澹台": "tan tai",
    "令狐": "ling hu", "单于": "chan yu", "宓": "mi", "逄": "pang",
}  # fmt: skip
_OFFERED = 8
_SPELLING = re.compile(r"[a-zü]+( [a-zü]+)*")
_SEPARATORS = re.compile(r"[\s·•・‧.\-'’]+")


def reading(name: str) -> str:
    """The likeliest reading, syllables apart: `shan xiong xin`. A name without ideographs keeps its own letters."""
    surname = _surname(name)
    rest = name[len(surname) :]
    syllables = (_SURNAMES[surname].split() if surname else []) + lazy_pinyin(rest, errors=_letters)
    return " ".join(" ".join(syllables).lower().split())


def common_reading(name: str) -> str:
    """What a reader who does not know the surname would say: `dan xiong xin`. Somebody will search by it."""
    return " ".join(" ".join(lazy_pinyin(name, errors=_letters)).lower().split())


def initials(text: str) -> list[str]:
    """Initials of a text under each of its readings, the commonest first, at most eight: `tp`, `dp` for 调配."""
    choices = dictionary(text, style=Style.FIRST_LETTER, heteronym=True, errors=_letters)
    every = ("".join(picked).lower() for picked in itertools.product(*choices))
    return list(dict.fromkeys(itertools.islice(every, 64)))[:_OFFERED]


def readings(name: str) -> list[str]:
    """Readings to choose from, the likeliest first, at most eight."""
    first = reading(name)
    choices = dictionary(name[:12], style=Style.NORMAL, heteronym=True, errors=_letters)
    every = (" ".join(" ".join(picked).lower().split()) for picked in itertools.product(*choices))
    others = [spoken for spoken in itertools.islice(every, 200) if spoken != first]
    return [first, *dict.fromkeys(others)][:_OFFERED]


def is_ambiguous(name: str) -> bool:
    """Whether a reader would not know the surname's sound from its character alone."""
    surname = _surname(name)
    return bool(surname) and lazy_pinyin(surname) != _SURNAMES[surname].split()


def chosen(spoken: str, name: str) -> str:
    """The reading to store: what was typed, else the likeliest. Raises Unreadable for anything but plain syllables."""
    typed = line(spoken, longest=120, field="pinyin").lower().replace("v", "ü")
    if not typed:
        return reading(name)
    if not _SPELLING.fullmatch(typed) and any(c >= "\u3400" for c in name):
        raise Unreadable("pinyin", _("拼音只写字母，每个字的拼音之间空一格"), "pinyin")
    return typed


def keys(spoken: str) -> set[str]:
    """What finds a reading: the initials from two letters on (`sx`, `sxx`) and the whole spelling (`shanxiongxin`)."""
    syllables = [part for part in _SEPARATORS.split(fold(spoken)) if part]
    initials = "".join(syllable[0] for syllable in syllables)
    found = {initials[:end] for end in range(2, len(initials) + 1)}
    return found | {whole for whole in ["".join(syllables)] if len(whole) >= 2}


def fold(text: str) -> str:
    """Spelling for comparison: lower case, ü typed as v or u alike."""
    return text.lower().replace("ü", "v")


def _surname(name: str) -> str:
    for length in (2, 1):
        if name[:length] in _SURNAMES:
            return name[:length]
    return ""


def _letters(text: str) -> Any:
    """What pypinyin should make of a run without ideographs: its words."""
    return [word for word in _SEPARATORS.split(text) if word]
