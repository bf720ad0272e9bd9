"""The shipped knowledge as a pure rule set, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from luodi.advice.types import Prescriber, Snapshot, Wish, WishLine
from luodi.terms import files, knowledge
from luodi.terms.rulebook import Ruleset

ON = date(2026, 11, 23)
ADULT = Snapshot(age_days=40 * 365, sex="1", weight_kg=Decimal(65), pregnant=None, allergy_state="denied")


@pytest.fixture(scope="session")
def rules() -> Ruleset:
    head = knowledge.Head(0, "test", "1", "compiled", "0" * 64)
    return knowledge.assemble(head, ON, files.shipped)


def line(medicine: str, dose: str = "", unit: str = "mg", route: str = "po", frequency: str = "qd", **more) -> WishLine:
    """A line in short: numbers as text."""
    for name in ("days", "quantity", "per_day"):
        if name in more:
            more[name] = Decimal(more[name])
    return WishLine(medicine, Decimal(dose) if dose else None, unit, route, frequency, **more)


def wish(*lines: WishLine, **more) -> Wish:
    plain = {
        "kind": "ordinary",
        "visit_class": "outpatient",
        "prescriber": Prescriber(antibiotic_tier=3, narcotic=True),
        "diagnoses": ("J06.9",),
        "on": ON,
    }
    return Wish(lines=lines, **{**plain, **more})
