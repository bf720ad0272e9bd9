"""Builds the Ruleset that `advice` reads: once a process for each content and stretch of dates without a change."""

import json
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.terms import reading, regimens, rulebook, stated
from luodi.terms.models import (
    AllergyClass,
    Contraindication,
    DuplicateClass,
    Frequency,
    Medicine,
    Route,
    Rule,
    RuleSet,
)
from luodi.trust.question import DAY, Question
from luodi.trust.refusal import Refusal

DATED = (
    AllergyClass,
    Contraindication,
    DuplicateClass,
    Frequency,
    Medicine,
    Route,
    Rule,
    *stated.TABLES,
    *regimens.TABLES,
)
KEPT = 8

# Asked at every check of every line, so it is written out.
_HEAD = Question(
    lambda day: (
        in_force(RuleSet, day)
        .order_by("-effective_from", "-pk")
        .values_list("pk", "code", "version", "status", "digest", "rev")[:1]
    ),
    DAY,
)

# By time in force, not by digest alone: a version that comes back finds the rows of the one between ended.
Kept = tuple[int, int, str, str]
_built: OrderedDict[tuple[Kept, int], rulebook.Ruleset] = OrderedDict()
_edges: dict[Kept, list[date]] = {}
_lock = Lock()


class NoRules(Refusal):
    code = "no_rules"
    message = _("没有生效的审方规则，不能核对处方。")
    next = _("请通知信息科载入规则后再签名。")
    status = 503


class Head(NamedTuple):
    """The rule set in force, without its content."""

    pk: int
    code: str
    version: str
    status: str
    digest: str
    rev: int = 0

    @property
    def kept(self) -> Kept:
        return self.pk, self.rev, self.digest, self.status


def head(on: date) -> Head:
    """The rule set in force on that day: one small query. Raises NoRules."""
    row = _HEAD.first(on)
    if row is None:
        raise NoRules
    return Head(*row)


def ruleset(on: date) -> rulebook.Ruleset:
    """All knowledge in force on that day. Raises NoRules."""
    found = head(on)
    with _lock:
        edges = _edges.get(found.kept)
        if edges is None:
            edges = _changes(found.pk)
        key = (found.kept, bisect_right(edges, on))
        if key in _built:
            _built.move_to_end(key)
            return _built[key]
        built = assemble(found, on, partial(_rows, found.pk, on))
        # a version that went live while this one was read: what was read may be of both
        if head(on).kept == found.kept:
            _edges[found.kept], _built[key] = edges, built
            while len(_built) > KEPT:
                _built.popitem(last=False)
            return built
    return ruleset(on)


def _changes(pk: int) -> list[date]:
    """Days on which some row begins or ends to hold, sorted."""
    days: set[date] = set()
    for table in DATED:
        rows = table._default_manager.filter(ruleset=pk) if table is Rule else table._default_manager.all()
        for begins, ends in rows.values_list("effective_from", "effective_to").distinct():
            days.update(day for day in (begins, ends) if day is not None)
    return sorted(days)


def in_force(table: type[Model], on: Any) -> QuerySet[Any]:
    return table._default_manager.filter(Q(effective_to=None) | Q(effective_to__gt=on), effective_from__lte=on)


def _rows(ruleset: int, on: date, table: type[Model]) -> list[Any]:
    rows = in_force(table, on).order_by("pk")
    return list(rows.filter(ruleset=ruleset) if table is Rule else rows)


def assemble(found: Head, on: date, take: Callable[[type[Model]], Iterable[Any]]) -> rulebook.Ruleset:
    """The pure value of a rule set; `take` gives the rows of a table that hold on that day."""
    rules: dict[str, tuple[rulebook.Rule, ...]] = {}
    for row in sorted(take(Rule), key=lambda row: row.code):
        parameters = MappingProxyType(json.loads(row.parameters))
        rule = rulebook.Rule(row.code, row.kind, row.grade, parameters, row.source, row.article, row.title)
        rules[row.kind] = (*rules.get(row.kind, ()), rule)
    said = stated.statements(take)
    held = regimens.facts(take)
    carriers = held["carriers"]
    drugs = MappingProxyType(
        {row.code: fact(row)._replace(carrier=carriers.get(row.code, "")) for row in take(Medicine)}
    )
    return rulebook.Ruleset(
        code=found.code,
        version=found.version,
        digest=found.digest,
        on=on,
        status=found.status,
        rules=MappingProxyType(rules),
        drugs=drugs,
        allergy_classes=tuple(
            rulebook.AllergyClassFact(
                r.code, r.name_zh, reading.codes(r.prefixes), r.crosses, r.level, r.note, _source(r)
            )
            for r in take(AllergyClass)
        ),
        duplicates=tuple(
            rulebook.DuplicateFact(
                r.code,
                reading.codes(r.prefixes),
                r.name_zh,
                r.name_en,
                r.max_concurrent,
                r.severity,
                r.exception,
                _source(r),
            )
            for r in take(DuplicateClass)
        ),
        interactions=stated.facts(said, take, frozenset(drug.atc for drug in drugs.values() if drug.atc)),
        interaction_sources=stated.sources(said),
        contraindications=tuple(
            rulebook.ContraindicationFact(
                r.code, reading.codes(r.prefixes), r.kind, r.value, r.severity, r.reason, _source(r)
            )
            for r in take(Contraindication)
        ),
        frequencies=MappingProxyType(
            {
                r.code: rulebook.FrequencyFact(
                    r.code, r.name_zh, r.per_day, tuple(r.times.split(";")) if r.times else (), r.once, r.name_en
                )
                for r in take(Frequency)
            }
        ),
        routes=MappingProxyType(
            {r.code: rulebook.RouteFact(r.code, r.name_zh, r.group, r.name_en) for r in take(Route)}
        ),
        **held,
    )


def _source(row: Any) -> str:
    return f"{row.source}({row.get_status_display()})"


def fact(row: Medicine) -> rulebook.DrugFact:
    """The pure value of one medicine."""
    action, below = reading.renal(row.renal_caution)
    return rulebook.DrugFact(
        code=row.code,
        name=row.generic_zh,
        name_en=row.generic_en,
        atc=row.atc,
        substances=reading.substances(row.generic_en),
        form=row.form_zh,
        form_class=row.form_class,
        routes=tuple(row.route_groups.split(";")),
        route=row.route,
        strength=row.strength,
        amount=row.strength_value,
        amount_unit=row.strength_unit,
        volume_ml=row.volume_ml,
        pack_unit=row.pack_unit,
        single_use=row.single_use,
        dose_low=row.usual_dose_low,
        dose_high=row.usual_dose_high,
        daily_max=row.max_daily_dose,
        dose_unit=row.dose_unit,
        interval_days=row.interval_days,
        antibiotic_tier=row.antibiotic_tier,
        controlled=row.controlled_class,
        high_alert=row.high_alert,
        skin_test=row.skin_test,
        pregnancy=row.pregnancy_caution,
        renal_action=action,
        renal_below=below,
        herbal=row.herbal,
        weight_based="/kg" in row.note,
        note=row.note,
        status=row.status,
    )
