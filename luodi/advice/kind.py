"""Which prescription form a set of drugs needs."""

from collections.abc import Iterable

from luodi.terms.rulebook import DrugFact

CHILD_YEARS = 14  # upper age of the paediatric clinic in common use; the hospital may choose the kind by hand


def kind_for(visit_class: str, age_days: int | None, drugs: Iterable[DrugFact]) -> str:
    """ordinary|emergency|paediatric|narcotic|psych1|psych2: the strictest form that one of the drugs calls for."""
    classes = {drug.controlled for drug in drugs}
    for controlled in ("narcotic", "psych1", "psych2"):
        if controlled in classes:
            return controlled
    if age_days is not None and age_days < CHILD_YEARS * 365.25:
        return "paediatric"
    return "emergency" if visit_class == "emergency" else "ordinary"
