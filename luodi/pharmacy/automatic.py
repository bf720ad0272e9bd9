"""自动通过: whether the program may pass a prescription under the rule of the house. Pure.

Whatever is not known speaks against it, and so does every finding that asks. A controlled medicine is never passed by
the program, whatever the rule says (处方管理办法 art. 31-36: a pharmacist reviews it).
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from luodi.advice.types import Finding, Grade

YEAR = 365.25

PLAIN = frozenset({"ordinary", "emergency"})
# Who is never asked about a pregnancy: men, and whoever is past or before the age of it.
BEARING = range(10, 60)


class Rule(Protocol):
    """What the rule of the house says (models.PassRule)."""

    on: bool
    classes: str
    told: bool
    antibiotics: bool
    high_alert: bool
    youngest: int
    oldest: int
    most_drugs: int


class Person(NamedTuple):
    """The patient as the snapshot knows them; None is unknown."""

    age_days: int | None
    sex: str
    pregnant: bool | None
    lactating: bool | None
    allergy_state: str


def against(rule: Rule | None, card: Any, findings: Sequence[Finding], person: Person, knowledge: str = "") -> str:
    """Code of the first thing that speaks against it, "" where the program may pass it.

    card: a PrescriptionCard with its lines. findings: the check as of now. knowledge: what is wrong with the knowledge
    that it was made with (`queries.passing.knowledge`): a check that knows too little speaks for nothing.
    """
    if rule is not None and rule.on and knowledge:
        return knowledge
    for code, speaks in (*_of_the_sheet(rule, card), *_of_the_check(rule, findings), *_of_the_person(rule, person)):
        if speaks:
            return code
    return ""


def _of_the_sheet(rule: Rule | None, card: Any) -> Iterable[tuple[str, bool]]:
    if rule is None or not rule.on:
        return [("off", True)]
    return [
        ("visit_class", card.visit_class not in rule.classes.split()),
        ("kind", card.kind not in PLAIN),
        ("again", card.version > 1),
        ("drugs", not 0 < len(card.lines) <= rule.most_drugs),
        ("controlled", any(line.control for line in card.lines)),
        ("antibiotic", not rule.antibiotics and any(line.antibiotic for line in card.lines)),
        ("high_alert", not rule.high_alert and any(line.high_alert for line in card.lines)),
    ]


def _of_the_check(rule: Rule | None, findings: Sequence[Finding]) -> Iterable[tuple[str, bool]]:
    grades = {finding.grade for finding in findings}
    return [
        ("finding", bool(grades & {Grade.REFUSE, Grade.ASK})),
        ("told", Grade.TELL in grades and not (rule and rule.told)),
    ]


def _of_the_person(rule: Rule | None, person: Person) -> Iterable[tuple[str, bool]]:
    years = None if person.age_days is None else int(person.age_days / YEAR)
    apart = rule is None or years is None or not rule.youngest <= years <= rule.oldest
    may_bear = person.sex != "1" and (years is None or years in BEARING)
    known = person.pregnant is False and person.lactating is not True
    return [
        ("age", apart),
        ("pregnancy", may_bear and not known),
        ("allergy", person.allergy_state not in ("denied", "listed")),
    ]
