"""Drugs that interact, within the wish and with what the patient takes now.

Every source keeps its own level of a pair. The policy of the rule makes one grade of them: its sentences are read from
the top, and the first that at least so many of its sources fulfil decides. A ceiling of the knowledge may lower it.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from luodi.advice.case import Case
from luodi.advice.types import Finding, Grade
from luodi.terms.rulebook import DrugFact, InteractionFact, Rule

SOURCES = {"compiled": "汇编", "onc": "ONC清单", "ansm": "ANSM", "bnf": "BNF", "micromedex": "Micromedex"}
LEVELS = {
    "contraindicated": "禁忌", "avoid": "应避免", "context": "视情况避免", "major": "严重", "severe": "严重",
    "caution": "慎用", "moderate": "中等", "consider": "留意", "mild": "轻微", "minor": "轻微",
}  # fmt: skip


def interaction(case: Case, rule: Rule) -> Iterator[Finding]:
    """What interacts; and a source or a policy that is not loaded, which is never passed over."""
    if "policy" not in rule.parameters:
        yield _unloaded(case, rule, "policy", "相互作用定级办法", "policy of interactions")
        return
    yield from _missing(case, rule)
    pairs = case.rules.interactions
    ours = [(n, drug) for n, _line, drug in case.lines() if drug.atc]
    for (_, first), (_n, second) in combinations(ours, 2):
        one, two = sorted((first, second), key=lambda d: d.code)
        yield from _pair(case, rule, pairs.get(_key(one, two)), None, one, two)
    for n, drug in ours:
        for other, _group in case.current:
            yield from _pair(case, rule, pairs.get(_key(drug, other)), n, drug, other)


def graded(fact: InteractionFact, policy: Mapping[str, Any]) -> str:
    """The grade of a pair by a rule's parameters, "" for silence.

    policy: `policy` is a list of sentences {grade, least, of: {source: levels}}: the grade holds where at least that
    many of the sources name one of their levels.
    """
    for sentence in policy["policy"]:
        agreed = sum(fact.ratings.get(source) in levels for source, levels in sentence["of"].items())
        if agreed >= sentence["least"]:
            return _lowered(str(sentence["grade"]), fact.most)
    return ""


def _missing(case: Case, rule: Rule) -> Iterator[Finding]:
    named = {source for sentence in rule.parameters["policy"] for source in sentence["of"]}
    for source in sorted(named - case.rules.interaction_sources) if case.rules.interactions else ():
        yield _unloaded(case, rule, f"source-{source}", f"相互作用资料来源 {source} ", f"interaction source {source}")


def _unloaded(case: Case, rule: Rule, about: str, zh: str, en: str) -> Finding:
    return case.say(
        rule,
        Grade.ASK,
        f"{zh}没有载入，这一项没有核对",
        f"The {en} is not loaded: this was not checked",
        "请人工核对并写明依据；通知信息科载入",
        "Check by hand and say on what ground; ask the information department to load it",
        about=about,
    )


def _lowered(grade: str, most: str) -> str:
    return max(grade, most, key=lambda each: Grade(each).rank) if most else grade


def _key(one: DrugFact, two: DrugFact) -> tuple[str, str]:
    return (one.atc, two.atc) if one.atc <= two.atc else (two.atc, one.atc)


def _pair(
    case: Case, rule: Rule, fact: InteractionFact | None, n: int | None, one: DrugFact, two: DrugFact
) -> Iterator[Finding]:
    grade = graded(fact, rule.parameters) if fact else ""
    if not fact or not grade:
        return
    instead = rule.parameters["instead"][grade]
    about = f"{fact.code}-{two.code}" if n is not None else f"{fact.code}-{one.code}-{two.code}"
    yield case.say(
        rule,
        grade,
        f"{one.name}与{two.name}：{fact.effect}",
        f"{one.name_en} with {two.name_en}: {fact.effect_en}",
        "；".join(part for part in (fact.management or instead["zh"], fact.most_why) if part),
        "; ".join(part for part in (instead["en"], fact.most_why_en) if part),
        line=n,
        about=about,
        source=f"{rule.authority}；{_words(fact.ratings)}；{fact.source}",
    )


def _words(ratings: Mapping[str, str]) -> str:
    """Who says what, in the words of the hospital."""
    return "、".join(f"{SOURCES.get(source, source)}{LEVELS.get(level, level)}" for source, level in ratings.items())
