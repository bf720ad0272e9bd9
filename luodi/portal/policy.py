"""Tables of the portal with their effective dates, read from `data/` (source: `data/SOURCE.md`)."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from luodi.trust.spoken import spoken
from luodi.trust.tables import Named, in_force, rows

_DATA = Path(__file__).parent / "data"


class Relation(NamedTuple):
    """For whom an account acts. proofs: codes accepted for it. years: how long it holds, 0 without end.

    For a child the years are the age at which it ends.
    """

    code: str
    zh: str
    en: str
    proofs: tuple[str, ...]
    years: int

    @property
    def name(self) -> str:
        return spoken(self.zh, self.en)


class Text(NamedTuple):
    """A text to agree to, in the version in force."""

    code: str
    version: int
    needed: bool
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str

    @property
    def title(self) -> str:
        return spoken(self.title_zh, self.title_en)

    @property
    def text(self) -> str:
        return spoken(self.text_zh, self.text_en)


def questions(on: date | None = None) -> dict[str, Named]:
    """Questions of the survey in force on a day (today), by code."""
    return {row["code"]: Named(row["code"], row["zh"], row["en"]) for row in in_force(_DATA / "questions.csv", on)}


def consents(on: date | None = None) -> dict[str, Text]:
    """Texts in force on a day (today), by code; the highest version of each."""
    texts = [
        Text(
            row["code"], int(row["version"]), row["needed"] == "1", row["title_zh"], row["title_en"], row["text_zh"],
            row["text_en"],
        )
        for row in in_force(_DATA / "consents.csv", on)
    ]  # fmt: skip
    return {text.code: text for text in sorted(texts, key=lambda text: text.version)}


@cache
def relations() -> dict[str, Relation]:
    """For whom an account may act, by code."""
    return {
        row["code"]: Relation(row["code"], row["zh"], row["en"], tuple(row["proofs"].split()), int(row["years"]))
        for row in rows(_DATA / "relations.csv")
    }


@cache
def proofs() -> dict[str, Named]:
    """What is shown for a relation, by code; `phone` is found by the program alone."""
    return {row["code"]: Named(row["code"], row["zh"], row["en"]) for row in rows(_DATA / "proofs.csv")}


def shown_at_the_desk() -> dict[str, Named]:
    """Proofs that the desk looks at."""
    return {row["code"]: proofs()[row["code"]] for row in rows(_DATA / "proofs.csv") if row["desk"] == "1"}
