"""What a person typed: bounded, readable on every ward PC, and otherwise kept as it was typed.

Nothing is escaped or stripped of SQL or HTML here: a sentence such as `<b>Robert'); --` is a legal value. It is
harmless because values are bound, never concatenated, and templates escape. Refused is only what cannot be stored or
read truly: control characters, invisible direction marks, broken encodings, too much text.
"""

import re
import unicodedata

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal

LINE, BODY = 200, 20_000  # characters of one line, of one clinical text
_JOINERS = "\u200c\u200d"  # letters of several scripts are joined or kept apart by these two
_MOJIBAKE = "\ufffd"
_PUNCTUATION = re.compile("([，。；：？！（）])")  # NFKC would turn a Chinese sentence's marks into English ones


class Unreadable(Refusal):
    """Text that cannot be kept truly. `facts` holds the field and a code, never the text."""

    def __init__(self, code: str, message: object, field: str = "", **facts: object) -> None:
        facts = {"field": field, **facts}
        super().__init__(code, message, _("请改正后再保存，已填写的内容没有丢失。"), status=422, facts=facts)
        self.field = field


def line(text: str | None, *, longest: int = LINE, field: str = "") -> str:
    """One line in NFKC: full-width digits and letters become plain ones, runs of white space one blank.

    The marks of a Chinese sentence stay as they were typed.

    For names, numbers, addresses, reasons. Raises Unreadable.
    """
    _bounded(text, longest * 4, field)  # before the costly normalisation
    parts = _PUNCTUATION.split(text or "")  # every other part is a mark
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    shown = " ".join("".join(parts).split())
    _bounded(shown, longest, field)
    _readable(shown, field, allowed="")
    return shown


def body(text: str | None, *, longest: int = BODY, field: str = "") -> str:
    """Clinical prose, kept letter by letter: NFKC would turn 10⁹ into 109. Line ends become \\n, outer blanks go.

    Raises Unreadable.
    """
    _bounded(text, longest, field)
    kept = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    _readable(kept, field, allowed="\n\t")
    return kept


def name(text: str | None, *, longest: int = 60, field: str = "name") -> str:
    """A person's name as `line`, and without pictures: a ward PC has no glyph for them, and a box names nobody.

    Letters of every script (rare ideographs included), digits and punctuation pass. Raises Unreadable.
    """
    shown = line(text, longest=longest, field=field)
    if not shown:
        raise Unreadable("name_missing", _("请填写姓名"), field)
    if any(unicodedata.category(c) == "So" or "\ufe00" <= c <= "\ufe0f" for c in shown):
        raise Unreadable("name_picture", _("姓名里不能有表情或图形符号：腕带和病区电脑显示不出"), field)
    if not any(c.isalnum() for c in shown):
        raise Unreadable("name_letters", _("姓名里要有至少一个文字"), field)
    return shown


def _bounded(text: str | None, longest: int, field: str) -> None:
    if text and len(text) > longest:
        message = format_lazy(_("内容太长：最多 {longest} 个字"), longest=longest)
        raise Unreadable("too_long", message, field, longest=longest, length=len(text))


def _readable(text: str, field: str, allowed: str) -> None:
    for character in text:
        if character in allowed or character in _JOINERS:
            continue
        kind = unicodedata.category(character)
        if character == _MOJIBAKE or kind == "Cs":
            raise Unreadable("bad_encoding", _("文字编码不对，出现了无法识别的字：请用 UTF-8 重新输入"), field)
        if kind in {"Cc", "Cf"}:
            raise Unreadable("control_character", _("内容里有看不见的控制字符：请删除后手工输入"), field)
        if kind == "Co":
            raise Unreadable("private_character", _("内容里有本机自造字，别的电脑显示不出：请改用标准字或拼音"), field)
