"""What several sources say of two drugs, brought together: plain values in, plain values out.

Four kinds of knowledge name pairs of drugs. Compiled pairs name two substances. Group pairs name two groups, or a group
and a substance, and hold for every two of their members. Rated pairs carry the grades of three reference works. A
ceiling says how far an alert may go for two classes, whatever the sources say. A combination counts as each of its
parts. Every source keeps its own level; what becomes an alert is the policy of the rule (`advice.rules.together`).
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from luodi.terms.rulebook import InteractionFact

# From the mildest to the gravest, across the words of all sources; `context`: to avoid at some
# doses, routes or ages only.
LEVELS = (
    "", "minor", "mild", "consider", "moderate", "caution", "context", "major", "severe", "avoid", "contraindicated",
)  # fmt: skip
Key = tuple[str, str]


class Side(NamedTuple):
    """One side of a group pair: a name for the screen and the ATC codes that it reaches."""

    name_zh: str
    name_en: str
    codes: tuple[str, ...]


class Statement(NamedTuple):
    """What one source says of every pair of two sides. Earlier statements lend their texts to a pair before later."""

    code: str
    a: Side
    b: Side
    ratings: tuple[tuple[str, str], ...]  # (source, level)
    source: str
    status: str = ""  # who has looked at it
    effect: str = ""
    effect_en: str = ""
    management: str = ""


class Ceiling(NamedTuple):
    """For two classes an alert goes no further than `most`."""

    code: str
    a: tuple[str, ...]  # ATC prefixes
    b: tuple[str, ...]
    most: str  # a grade of advice
    why: str
    why_en: str


def together(
    statements: Iterable[Statement],
    ceilings: tuple[Ceiling, ...],
    parts: Mapping[str, tuple[str, ...]],
    held: frozenset[str] | None = None,
) -> Mapping[Key, InteractionFact]:
    """Facts by two sorted ATC codes, of all statements.

    held: only pairs of these codes, which are those of the formulary; None for every pair that is named.
    parts: what a combination's code consists of; it counts as each of its parts besides itself.
    """
    reach = _reach(parts, held)
    found: dict[Key, list[Statement]] = {}
    for said in statements:
        for key in _pairs(said, reach, held):
            found.setdefault(key, []).append(said)
    # most pairs of one statement are told the same, and then they share one fact
    shared: dict[tuple[tuple[str, ...], Ceiling | None], InteractionFact] = {}
    facts = {}
    for key, of in found.items():
        ceiling = next((each for each in ceilings if _under(each, key)), None)
        named = (tuple(each.code for each in of), ceiling)
        if named not in shared:
            shared[named] = _fact(of, ceiling)
        facts[key] = shared[named]
    return MappingProxyType(facts)


def worst(one: str, two: str) -> str:
    """The graver of two levels. Raises ValueError for a word that no source uses."""
    return max(one, two, key=LEVELS.index)


def _reach(parts: Mapping[str, tuple[str, ...]], held: frozenset[str] | None) -> dict[str, list[str]]:
    """For the code of a part: the combinations that hold it."""
    reach: dict[str, list[str]] = {}
    for whole, of in parts.items():
        if held is None or whole in held:
            for part in of:
                reach.setdefault(part, []).append(whole)
    return reach


def _pairs(said: Statement, reach: Mapping[str, list[str]], held: frozenset[str] | None) -> Iterator[Key]:
    def codes(side: Side) -> list[str]:
        found = dict.fromkeys(side.codes) | {whole: None for code in side.codes for whole in reach.get(code, ())}
        return [code for code in found if held is None or code in held]

    seen = set()
    for one, two in product(codes(said.a), codes(said.b)):
        key = (one, two) if one <= two else (two, one)
        if one != two and key not in seen:
            seen.add(key)
            yield key


def _under(ceiling: Ceiling, key: Key) -> bool:
    one, two = key
    straight = one.startswith(ceiling.a) and two.startswith(ceiling.b)
    return straight or (one.startswith(ceiling.b) and two.startswith(ceiling.a))


def _fact(of: list[Statement], ceiling: Ceiling | None) -> InteractionFact:
    ratings: dict[str, str] = {}
    for said in of:
        for source, level in said.ratings:
            ratings[source] = worst(ratings.get(source, ""), level)
    first = next((said for said in of if said.effect), of[0])
    return InteractionFact(
        code=first.code,
        ratings=MappingProxyType({source: level for source, level in ratings.items() if level}),
        effect=first.effect or f"{first.a.name_zh} × {first.b.name_zh}",
        effect_en=first.effect_en or f"{first.a.name_en} × {first.b.name_en}",
        management=next((said.management for said in of if said.management), ""),
        source=_provenance(of),
        most=ceiling.most if ceiling else "",
        most_why=ceiling.why if ceiling else "",
        most_why_en=ceiling.why_en if ceiling else "",
    )


def _provenance(of: list[Statement]) -> str:
    codes = " ".join(said.code for said in of)
    return f"{codes} {_once(said.source for said in of)}（{_once(said.status for said in of)}）"


def _once(words: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(words))
