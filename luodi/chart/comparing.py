"""What changed between two versions of a text, for a reader."""

from difflib import SequenceMatcher
from typing import NamedTuple

_BY_LETTER = 3000  # beyond this many characters lines are compared: letters would take seconds


class Segment(NamedTuple):
    kind: str  # same | gone | new
    text: str


def compared(before: str, after: str) -> list[Segment]:
    """The two texts as one run of segments; joining same+gone gives `before`, same+new gives `after`."""
    if max(len(before), len(after)) <= _BY_LETTER:
        return _segments(list(before), list(after))
    return _segments(before.splitlines(keepends=True), after.splitlines(keepends=True))


def _segments(before: list[str], after: list[str]) -> list[Segment]:
    found = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Segment("same", "".join(before[start:end])))
            continue
        if end > start:
            found.append(Segment("gone", "".join(before[start:end])))
        if new_end > new_start:
            found.append(Segment("new", "".join(after[new_start:new_end])))
    return found
