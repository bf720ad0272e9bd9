"""One stretch of a replay: the kept questions of signatures put to another version, and what comes out other.

Beside stands what the check really found when it was signed, under the set of that day.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from luodi.advice.check import check
from luodi.advice.types import Finding, Grade, Snapshot, Wish
from luodi.orders.alerts import Rechecked
from luodi.terms import files
from luodi.terms.rulebook import Ruleset
from luodi.trust import canonical

GRADES = ("refuse", "ask", "tell")
NUMBERS = (*(f"before_{g}" for g in GRADES), *(f"after_{g}" for g in GRADES), "new", "gone", "graver", "milder")
FAILED = "check-failed"
Counts = dict[str, dict[str, int]]


class Other(NamedTuple):
    """One finding that is not as it was; "" for none on that side."""

    prescription: int
    version: int
    key: str
    rule: str
    before: str
    after: str
    why: str
    why_en: str


class Stretch(NamedTuple):
    upto: int
    checked: int
    skipped: int
    counts: Counts
    others: tuple[Other, ...]


def stretch(signatures: Sequence[Rechecked], rules: Ruleset) -> Stretch:
    """The outcome for these signatures; one whose question was not kept is counted as skipped."""
    counts: Counts = {}
    others: list[Other] = []
    checked = skipped = 0
    for each in signatures:
        if each.asked is None:
            skipped += 1
            continue
        checked += 1
        others += _compared(each, rules, counts)
    return Stretch(signatures[-1].signature if signatures else 0, checked, skipped, counts, tuple(others))


def _compared(each: Rechecked, rules: Ruleset, counts: Counts) -> list[Other]:
    assert each.asked is not None
    before = {found["key"]: found for found in each.found}
    after = {found.key: found._asdict() for found in _findings(*each.asked, rules)}
    others = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        said: dict[str, Any] = new or old or {}
        tally = counts.setdefault(said["rule"], dict.fromkeys(NUMBERS, 0))
        was, now = (str(found["grade"]) if found else "" for found in (old, new))
        if was:
            tally[f"before_{was}"] += 1
        if now:
            tally[f"after_{now}"] += 1
        if was != now:
            tally[_kind(was, now)] += 1
            others.append(
                Other(each.prescription, each.version, key, said["rule"], was, now, said["why"], said.get("why_en", ""))
            )
    return others


def _findings(wish: Wish, patient: Snapshot, rules: Ruleset) -> list[Finding]:
    """What the version says; where its parameters make the check itself fail, that is what it says."""
    try:
        return check(wish, patient, rules)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
        name = type(fault).__name__
        return [
            Finding(
                rule=FAILED, grade=Grade.REFUSE, why=f"核对不能完成（{name}），这个版本的参数有误",
                source=repr(rules), key=FAILED, why_en=f"the check fails ({name}): wrong parameters in this version",
            )
        ]  # fmt: skip


def _kind(was: str, now: str) -> str:
    if not was or not now:
        return "gone" if was else "new"
    return "graver" if GRADES.index(now) < GRADES.index(was) else "milder"


def summed(parts: Iterable[str]) -> Counts:
    """Counts of several stretches, each canonical JSON, as one."""
    total: Counts = {}
    for text in parts:
        for rule, tally in json.loads(text).items():
            held = total.setdefault(rule, dict.fromkeys(NUMBERS, 0))
            for name, number in tally.items():
                held[name] += number
    return total


def digest(replay: Any, checked: int, skipped: int, counts: Counts, changes: Iterable[Sequence[Any]]) -> str:
    """SM3 that names an answer: the same question has the same, whenever and in whatever stretches it was asked."""
    body = {
        "ruleset": replay.digest, "day": replay.day, "start": replay.start, "end": replay.end, "checked": checked,
        "skipped": skipped, "counts": counts, "changes": sorted(list(change) for change in changes),
    }  # fmt: skip
    return files.sm3(canonical.data(body))
