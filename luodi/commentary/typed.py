"""What a commentator types: item codes, each with the number of the line it speaks of."""

import re
from typing import NamedTuple

_ONE = re.compile(r"([1-3])-?(\d{1,2})(?:[/@](\d{1,2}))?")


class Unreadable(ValueError):
    """A part of the text is no code."""


class Given(NamedTuple):
    """An item code and the number of a line of the sheet, 0 for the whole prescription."""

    code: str
    line: int


def read(text: str) -> list[Given]:
    """`2-5/1 1-10` → 2-5 of line 1, 1-10 of the whole. Full-width signs and a missing hyphen are understood.

    Raises Unreadable with the first part that is none.
    """
    plain = text.translate(str.maketrans("－—／＠，、；　０１２３４５６７８９", "--/@,,; 0123456789"))
    found = []
    for part in re.split(r"[\s,;]+", plain.strip()):
        if not part:
            continue
        match = _ONE.fullmatch(part)
        if match is None:
            raise Unreadable(part)
        found.append(Given(f"{match[1]}-{int(match[2])}", int(match[3] or 0)))
    return list(dict.fromkeys(found))
