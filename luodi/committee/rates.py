"""Override rates: of the questions that a rule asked, how many were signed over, and how many changed the order."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from luodi.orders.alerts import AlertFact


class Rate(NamedTuple):
    """One rule at one grade. For an ASK `answered` and `changed` are all of `shown`; a TELL needs no answer.

    returned: of the answered ones, those whose prescription the pharmacist sent back. percent: answered of shown, None
    where nobody was asked.
    """

    rule: str
    grade: str
    shown: int
    answered: int
    changed: int
    returned: int

    @property
    def percent(self) -> Decimal | None:
        if self.grade != "ask" or not self.shown:
            return None
        return (Decimal(self.answered) * 100 / self.shown).quantize(Decimal("0.1"), ROUND_HALF_UP)


def rates(facts: Iterable[AlertFact]) -> list[Rate]:
    """By rule and grade, the most overridden first."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for fact in facts:
        held = counts[fact.rule, fact.grade]
        held["shown"] += 1
        held[fact.outcome] += 1
        held["returned"] += fact.outcome == "answered" and fact.returned
    found = [
        Rate(rule, grade, held["shown"], held["answered"], held["changed"], held["returned"])
        for (rule, grade), held in counts.items()
    ]
    return sorted(found, key=lambda rate: (-(rate.percent or Decimal(-1)), -rate.shown, rate.rule, rate.grade))
