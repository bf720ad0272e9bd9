"""Rows of the interaction tables as statements of their sources."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model

from luodi.terms import pairs, reading
from luodi.terms.models import (
    Combination,
    Interaction,
    InteractionCeiling,
    InteractionGroup,
    InteractionPair,
    Medicine,
    RatedPair,
)
from luodi.terms.rulebook import InteractionFact

TABLES = (Combination, Interaction, InteractionCeiling, InteractionGroup, InteractionPair, RatedPair)
Take = Callable[[type[Model]], Iterable[Any]]
_HIGH_PRIORITY = "ONC"  # named in the source of a compiled pair that the published high-priority list holds


def statements(take: Take) -> list[pairs.Statement]:
    """What every source says; `take` gives the rows of a table that hold.

    The statements come in the order in which they lend their texts: compiled ones say most, groups of the thesaurus
    least.
    """
    groups = {row.code: pairs.Side(row.name_zh, row.name_en, reading.codes(row.atc)) for row in take(InteractionGroup)}
    named = {row.atc: row.generic_zh for row in take(Medicine) if row.atc}
    grouped = [_grouped(row, groups, named) for row in take(InteractionPair)]
    own = [said for said in grouped if said.effect]
    last = [said for said in grouped if not said.effect]
    return [*_compiled(take(Interaction)), *own, *map(_rated, take(RatedPair)), *last]


def sources(said: Iterable[pairs.Statement]) -> frozenset[str]:
    """Names of the sources that say anything at all."""
    return frozenset(source for each in said for source, level in each.ratings if level)


def facts(
    said: Iterable[pairs.Statement], take: Take, held: frozenset[str] | None = None
) -> Mapping[pairs.Key, InteractionFact]:
    """What they say of every two codes of `held`, None for all codes."""
    ceilings = tuple(
        pairs.Ceiling(r.code, reading.codes(r.a_prefixes), reading.codes(r.b_prefixes), r.most, r.why_zh, r.why_en)
        for r in take(InteractionCeiling)
    )
    parts = {row.atc: reading.codes(row.parts) for row in take(Combination)}
    return pairs.together(said, ceilings, parts, held)


def _compiled(rows: Iterable[Interaction]) -> Iterator[pairs.Statement]:
    for row in rows:
        if row.a_atc and row.b_atc:
            listed = (("onc", row.severity),) if _HIGH_PRIORITY in row.source else ()
            yield pairs.Statement(
                row.code,
                pairs.Side(row.a_substance, row.a_substance, (row.a_atc,)),
                pairs.Side(row.b_substance, row.b_substance, (row.b_atc,)),
                (("compiled", row.severity), *listed),
                row.source,
                row.get_status_display(),
                row.effect_zh,
                row.effect_en,
                row.management,
            )


def _grouped(row: InteractionPair, groups: Mapping[str, pairs.Side], named: Mapping[str, str]) -> pairs.Statement:
    """Raises KeyError for a group that is not in its table."""
    a = groups[row.a_group] if row.a_group else _substance(row.a_name, row.a_atc, named)
    b = groups[row.b_group] if row.b_group else _substance(row.b_name, row.b_atc, named)
    return pairs.Statement(
        row.code,
        a,
        b,
        ((row.origin, row.level),),
        row.source,
        row.get_status_display(),
        row.effect_zh,
        row.effect_en,
        row.management,
    )


def _rated(row: RatedPair) -> pairs.Statement:
    return pairs.Statement(
        row.code,
        pairs.Side(row.a_name, row.a_name, reading.codes(row.a_atc)),
        pairs.Side(row.b_name, row.b_name, reading.codes(row.b_atc)),
        tuple((name, getattr(row, name)) for name in ("bnf", "ansm", "micromedex")),
        row.source,
        row.get_status_display(),
        row.effect_zh,
        row.effect_en,
    )


def _substance(name: str, atc: str, named: Mapping[str, str]) -> pairs.Side:
    """A side of one substance, with the name that the formulary has for one of its codes."""
    codes = reading.codes(atc)
    return pairs.Side(next((named[code] for code in codes if code in named), name), name, codes)
