"""What the program may pass by itself, and the rule that says so."""

from typing import Any

from luodi.orders import queries as prescriptions
from luodi.pharmacy import automatic
from luodi.pharmacy.models import PassRule
from luodi.pharmacy.queries.waiting import claims, worst
from luodi.trust import people


def rule() -> PassRule | None:
    """The rule in force; None where none was ever set."""
    return PassRule.objects.order_by("-pk").first()


def rules(limit: int = 20) -> list[tuple[PassRule, str]]:
    """The rules there were, the newest first, each with who set it."""
    rows = list(PassRule.objects.order_by("-pk")[:limit])
    names = people.names({row.staff_id for row in rows})
    return [(row, names.get(row.staff_id, "")) for row in rows]


def person(card: Any) -> automatic.Person:
    """What the rule asks about the patient of a prescription."""
    held = prescriptions.snapshot(card)
    return automatic.Person(held.age_days, held.sex, held.pregnant, held.lactating, held.allergy_state)


def passable(limit: int) -> list[int]:
    """Waiting prescriptions that nobody has open and that nothing known at their signature speaks against.

    The act checks each anew. Empty without a rule that is on.
    """
    current = rule()
    if current is None or not current.on:
        return []
    waiting = [w.pk for w in prescriptions.awaiting_review() if w.version == 1 and not w.controlled]
    grades, taken = prescriptions.signed_grades(waiting), claims(waiting)
    calm = {"", "tell"} if current.told else {""}
    found: list[int] = []
    for card in prescriptions.prescriptions([pk for pk in waiting if pk not in taken]):
        if worst(grades.get(card.pk, [])) in calm and not automatic.against(current, card, (), person(card)):
            found.append(card.pk)
        if len(found) == limit:
            break
    return found
