"""What the program may pass by itself, and the rule that says so."""

from typing import Any

from luodi.orders import queries as prescriptions
from luodi.pharmacy import automatic
from luodi.pharmacy.models import PassRule
from luodi.pharmacy.queries.waiting import claims, worst
from luodi.terms import queries as terms
from luodi.terms import warrant
from luodi.trust import people


def rule() -> PassRule | None:
    """The rule in force; None where none was ever set."""
    return PassRule.objects.order_by("-pk").first()


def held_rule() -> PassRule | None:
    """The rule in force, which nobody changes until the act ends: whoever writes the next one holds this one first."""
    newest = PassRule.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is not None:
        list(PassRule.objects.select_for_update().filter(pk=newest))
    return rule()


def knowledge() -> str:
    """What keeps the program from passing anything: "stale" where a source is missing or past its time, "unapproved"
    where a real hospital's committee has not approved what is in force, "" for nothing."""
    known = terms.provenance()
    if not known.loaded or known.stale:
        return "stale"
    return "unapproved" if warrant.bound() and not known.approved else ""


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
    if current is None or not current.on or knowledge():
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
