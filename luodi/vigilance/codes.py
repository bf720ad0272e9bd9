"""Coded lists of the room, time limits and the Naranjo scale, read from `data/` (origin: `data/SOURCE.md`)."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from luodi.trust.clock import HOSPITAL_ZONE
from luodi.trust.spoken import spoken

_DATA = Path(__file__).parent / "data"
# from here up an allergy is offered to the chart
RELATED = ("certain", "probable", "possible")
LEVELS = ("1", "2", "3")


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def _lists() -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in _rows("codes.csv"):
        found.setdefault(row["list"], {})[row["code"]] = (row["zh"], row["en"])
    return found


def choices(kind: str) -> list[tuple[str, str]]:
    """(code, words in the reader's language) of a list, in the order of the file."""
    return [(code, spoken(*words)) for code, words in _lists()[kind].items()]


def known(kind: str, code: str) -> bool:
    return code in _lists()[kind]


def name(kind: str, code: str) -> str:
    """The words of a code; a code that left the list is shown as it is, "" stays ""."""
    words = _lists()[kind].get(code)
    return spoken(*words) if words else code


def names(kind: str, codes: Iterable[str]) -> str:
    return "、".join(name(kind, code) for code in codes)


class Limit(NamedTuple):
    """A time limit: hours from knowing, the words of the law, where they stand, and whether the text was read."""

    code: str
    hours: int
    words_zh: str
    words_en: str
    effective_from: date
    effective_to: date | None
    law: str
    article: str
    status: str

    @property
    def words(self) -> str:
        return spoken(self.words_zh, self.words_en)

    @property
    def unverified(self) -> bool:
        return self.status == "unverified"

    def due(self, known_at: datetime) -> datetime:
        return known_at + timedelta(hours=self.hours)


@cache
def limits() -> tuple[Limit, ...]:
    return tuple(
        Limit(
            row["code"], int(row["hours"]), row["words_zh"], row["words_en"], date.fromisoformat(row["effective_from"]),
            date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            row["law"], row["article"], row["status"],
        )
        for row in _rows("limits.csv")
    )  # fmt: skip


def limit(code: str, moment: datetime) -> Limit:
    """The limit in force at a moment. Raises LookupError where none is."""
    on = moment.astimezone(HOSPITAL_ZONE).date()
    for each in limits():
        if each.code == code and each.effective_from <= on and (each.effective_to is None or on < each.effective_to):
            return each
    raise LookupError(code)


def limit_of(*, death: bool, serious: bool, new: bool, group: bool, known_at: datetime) -> Limit:
    """The shortest limit that a report is under (art. 21 and 27 of order 81)."""
    held = [("adr.death", death), ("adr.group", group), ("adr.serious", serious), ("adr.new", new), ("adr.other", True)]
    return min((limit(code, known_at) for code, holds in held if holds), key=lambda each: each.hours)


class Question(NamedTuple):
    """A question of the Naranjo scale with the points of its answers."""

    number: int
    points: Mapping[str, int]
    zh: str
    en: str

    @property
    def words(self) -> str:
        return spoken(self.zh, self.en)


@cache
def naranjo() -> tuple[Question, ...]:
    return tuple(
        Question(
            int(row["number"]), {answer: int(row[answer]) for answer in ("yes", "no", "unknown")}, row["zh"], row["en"]
        )
        for row in _rows("naranjo.csv")
    )


def score(answers: Mapping[str, str]) -> int:
    """Points of the answers by number (yes, no, unknown; what is missing is unknown)."""
    return sum(question.points[answers.get(str(question.number), "unknown")] for question in naranjo())


def category(points: int) -> str:
    """What a Naranjo score stands for in the six-grade scheme: 9 and more definite, 5–8 probable, 1–4 possible, else
    doubtful (Naranjo 1981)."""
    bounds: tuple[tuple[int, str], ...] = ((9, "certain"), (5, "probable"), (1, "possible"))
    return next((grade for least, grade in bounds if points >= least), "unlikely")


@cache
def antidotes() -> tuple[str, ...]:
    """ATC prefixes of what is given against a reaction."""
    return tuple(row["atc"] for row in _rows("antidotes.csv"))


def is_antidote(card: Any) -> bool:
    """Whether a medicine's card or line is given against reactions."""
    return bool(card.atc) and card.atc.startswith(antidotes())
