"""The resident identity number, GB 11643-1999: 17 digits of region, birth date and sequence, and a check character.

The region code is not looked up: regions are renumbered, and a number stays valid after its county is gone.
"""

import unicodedata
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHARACTERS = "10X98765432"
_EARLIEST = date(1850, 1, 1)

WORDS = {
    "length": _("身份证号应为 18 位（旧证 15 位）"),
    "characters": _("身份证号只能有数字，最后一位可以是 X"),
    "birth_date": _("身份证号里的出生日期不存在"),
    "future": _("身份证号里的出生日期在今天以后"),
    "check": _("身份证号校验位不对：请对照证件重新核对每一位"),
}


class IdFacts(NamedTuple):
    """What a number says of its holder."""

    birth_date: date
    sex: str  # GB/T 2261.1: 1 male, 2 female
    number: str  # 18 characters, normalised; a 15-digit number is upgraded


class IdNumberError(ValueError):
    """`code` is one of WORDS; the message never repeats the number."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = WORDS[code]


def clean(text: str) -> str:
    """Plain capitals and digits: full-width forms folded, white space and dashes dropped."""
    folded = unicodedata.normalize("NFKC", text[:100]).upper()
    return "".join(c for c in folded if not c.isspace() and c not in "-‐–—")


def check_character(first_17: str) -> str:
    return _CHARACTERS[sum(int(d) * w for d, w in zip(first_17, _WEIGHTS, strict=True)) % 11]


def upgrade(fifteen: str) -> str:
    """A first-generation 15-digit number as its 18-character successor: century 19 and check character added."""
    first_17 = fifteen[:6] + "19" + fifteen[6:]
    return first_17 + check_character(first_17)


def check(text: str, on: date | None = None) -> IdFacts:
    """Read a number; `on` is today, against which a birth date in the future is refused.

    Raises IdNumberError (a ValueError) with code length, characters, birth_date, future or check.
    """
    number = clean(text)
    if len(number) not in (15, 18):
        raise IdNumberError("length")
    digits = number if len(number) == 15 else number[:17]
    if not (digits.isascii() and digits.isdigit()) or (len(number) == 18 and number[17] not in "0123456789X"):
        raise IdNumberError("characters")
    if len(number) == 15:
        number = upgrade(number)
    born = _birth_date(number)
    if on is not None and born > on:
        raise IdNumberError("future")
    if check_character(number[:17]) != number[17]:
        raise IdNumberError("check")
    return IdFacts(born, "1" if int(number[16]) % 2 else "2", number)


def mask(number: str) -> str:
    """First three and last four characters (110***********0002), as GB/T 39725 practice shows a number."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def _birth_date(number: str) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdNumberError("birth_date") from None
    if born < _EARLIEST:
        raise IdNumberError("birth_date")
    return born
