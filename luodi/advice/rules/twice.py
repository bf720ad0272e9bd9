"""The same drug or class twice, within the wish and against what the patient takes now."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from luodi.advice.case import Case
from luodi.advice.types import Finding
from luodi.terms.rulebook import DrugFact, DuplicateFact, Rule, matches


def duplicate(case: Case, rule: Rule) -> Iterator[Finding]:
    """The same substance twice, or more of one class than it allows, with what is taken now."""
    yield from _same_substance(case, rule)
    yield from _same_class(case, rule)


def _same_substance(case: Case, rule: Rule) -> Iterator[Finding]:
    ours = [(n, drug) for n, line, drug in case.lines() if _counts(rule, drug, case.group(line.route or drug.route))]
    taken = [drug for drug, group in case.current if _counts(rule, drug, group)]
    for (_, first), (n, second) in combinations(ours, 2):
        shared = _shared(rule, first, second)
        if shared:
            one, two = sorted((first, second), key=lambda d: d.code)
            yield _twice(
                case,
                rule,
                n,
                one.name,
                two.name,
                shared,
                f"{one.code}-{two.code}",
                "本处方",
                "this prescription",
                whole=True,
            )
    for n, drug in ours:
        for other in taken:
            shared = _shared(rule, drug, other)
            if shared:
                yield _twice(case, rule, n, drug.name, other.name, shared, other.code, "在用药品", "a drug taken now")


def _shared(rule: Rule, one: DrugFact, two: DrugFact) -> set[str]:
    """Substances that both hold. Some groups (insulins) are combined by design and counted by class alone."""
    if matches(one.atc, tuple(rule.parameters["except_substance_atc"])):
        return set()
    return set(one.substances) & set(two.substances)


def _twice(
    case: Case,
    rule: Rule,
    n: int,
    name: str,
    other: str,
    shared: set[str],
    about: str,
    zh: str,
    en: str,
    *,
    whole: bool = False,
) -> Finding:
    return case.say(
        rule,
        rule.parameters["substance"],
        f"{name}与{zh}的{other}成分重复",
        f"{', '.join(sorted(shared))}: also in {en}",
        "停用其一；确需并用请写明原因",
        "Stop one of them; where both are meant, say why",
        line=None if whole else n,
        about=f"substance-{about}",
    )


def _same_class(case: Case, rule: Rule) -> Iterator[Finding]:
    """More substances of one class than it allows; of nested classes with the same drugs the worst is said."""
    said: dict[frozenset[str], tuple[int, DuplicateFact]] = {}
    for fact in case.rules.duplicates:
        ours = _one_each(d for _n, line, d in case.lines() if _member(rule, fact, d, case.group(line.route or d.route)))
        together = _one_each(d for d, group in case.current if _member(rule, fact, d, group)) | ours
        if not ours or len(together) <= fact.most:
            continue
        who = frozenset(d.code for d in together.values())
        weight = ("moderate", "major", "contraindicated").index(fact.severity)
        if who not in said or said[who][0] < weight:
            said[who] = (weight, fact)
    for who, (_weight, fact) in said.items():
        names = "、".join(case.rules.drugs[code].name for code in sorted(who))
        yield case.say(
            rule,
            rule.parameters[fact.severity],
            f"{fact.name}重复：{names}(同时最多 {fact.most} 种)",
            f"Duplicate {fact.name_en}: {len(who)} at once, at most {fact.most}",
            f"停用其一；例外：{fact.exception}" if fact.exception else "停用其一，或写明并用理由",
            "Stop one of them, or say why both",
            about=f"{fact.code}-{'-'.join(sorted(who))}",
            source=f"{rule.authority};{fact.code} {fact.source}",
        )


def _one_each(drugs: Iterable[DrugFact]) -> dict[tuple[str, ...], DrugFact]:
    """One drug a substance, the first by code, whatever the order of the lines."""
    return {drug.substances: drug for drug in sorted(drugs, key=lambda d: d.code, reverse=True)}


def _counts(rule: Rule, drug: DrugFact, group: str) -> bool:
    return group in rule.parameters["systemic"] and not matches(drug.atc, tuple(rule.parameters["except_atc"]))


def _member(rule: Rule, fact: DuplicateFact, drug: DrugFact, group: str) -> bool:
    return matches(drug.atc, fact.prefixes) and _counts(rule, drug, group)
