"""十八反, 十九畏: herbal pieces that tradition and pharmacopoeia keep apart."""

from collections.abc import Iterator
from itertools import combinations

from luodi.advice.case import Case
from luodi.advice.types import Finding
from luodi.terms.rulebook import Rule


def incompatible(case: Case, rule: Rule) -> Iterator[Finding]:
    """Pairs by name: prepared pieces carry the name of their herb (法半夏, 制川乌)."""
    pieces = sorted((drug, n) for n, _line, drug in case.lines() if drug.herbal == "pieces")
    for (one, _n), (two, n) in combinations(pieces, 2):
        for fact in case.rules.herb_pairs:
            if (_is(one.name, fact.a) and _is(two.name, fact.b)) or (_is(one.name, fact.b) and _is(two.name, fact.a)):
                yield case.say(
                    rule,
                    rule.grade,
                    f"{one.name}与{two.name}：{fact.kind}",
                    f"{one.name_en} with {two.name_en}: {fact.kind}",
                    "去掉其一；确需同用请写明理由",
                    "Leave one out; where both are meant, say why",
                    line=n,
                    about=f"{fact.code}-{one.code}",
                    source=f"{rule.authority}；{fact.source}",
                )


def _is(name: str, herbs: tuple[str, ...]) -> bool:
    return any(herb in name for herb in herbs)
