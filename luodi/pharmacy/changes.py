"""What changed between two versions of a prescription, for the second review. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

# What a pharmacist weighs on a line; a change in any of these is shown beside the line.
WATCHED = (
    "medicine", "dose", "dose_unit", "route_code", "frequency_code", "days", "quantity", "prn", "skin_test",
    "skin_test_at", "bag", "rate", "rate_unit",
    "usage", "reason", "chronic_reason", "over_tier_reason", "note",
)  # fmt: skip


class Change(NamedTuple):
    """One line in both versions. kind: same | changed | added | dropped; `fields` are names of WATCHED."""

    kind: str
    before: Any
    after: Any
    fields: tuple[str, ...] = ()


def between(before: Sequence[Any], after: Sequence[Any]) -> list[Change]:
    """Pair the lines of two versions: by place on the sheet and medicine, then by medicine, then by place.

    The order is that of the new sheet, dropped lines last.
    """
    old, new = list(before), list(after)
    pairs: dict[int, Any] = {}
    for same in (
        lambda a, b: a.place == b.place and a.medicine == b.medicine,
        lambda a, b: a.medicine == b.medicine,
        lambda a, b: a.place == b.place,
    ):
        _pair(old, new, pairs, same)
    told = [_change(pairs.get(position), line) for position, line in enumerate(new)]
    return told + [Change("dropped", line, None) for line in old]


def _pair(old: list[Any], new: list[Any], pairs: dict[int, Any], same: Any) -> None:
    for position, line in enumerate(new):
        if position in pairs:
            continue
        match = next((candidate for candidate in old if same(candidate, line)), None)
        if match is not None:
            pairs[position] = match
            old.remove(match)


def _change(before: Any, after: Any) -> Change:
    if before is None:
        return Change("added", None, after)
    fields = tuple(name for name in WATCHED if getattr(before, name) != getattr(after, name))
    return Change("changed" if fields else "same", before, after, fields)
