"""Whose word the knowledge in force is, and whether its sources are still fresh: what the screens say under a check."""

from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.terms.cards import Provenance, StaleSource
from luodi.terms.models import (
    AllergyClass,
    Contraindication,
    DuplicateClass,
    Interaction,
    InteractionPair,
    KnowledgeSource,
    Medicine,
    RatedPair,
    Rule,
    RuleSet,
    Status,
)
from luodi.terms.warrant import bound
from luodi.trust.clock import today
from luodi.trust.spoken import spoken

TABLES = (Medicine, Rule, Interaction, InteractionPair, RatedPair, Contraindication, AllergyClass, DuplicateClass)


def provenance(loaded: str) -> Provenance:
    """Status of everything in force, for the banner: who has looked at it, and the sentences that say so.

    loaded: names the content in force, "" for none.
    """
    if not loaded:
        return Provenance(False, False, "", "", "", "", {}, _("药品与规则资料没有载入，处方不能核对。"))
    held = _provenance(loaded, get_language() or "", bound())
    return held._replace(stale=tuple(_sentence(each) for each in stale(loaded, today())))


@lru_cache(maxsize=8)
def _provenance(loaded: str, language: str, real: bool) -> Provenance:
    head = RuleSet.objects.get(effective_to=None)
    counts = {}
    for table in TABLES:
        rows: Any = head.rules if table is Rule else table._default_manager
        rows = rows.filter(effective_to=None)
        counts[str(table._meta.model_name)] = dict(Counter(rows.values_list("status", flat=True)))
    held = {status for by_status in counts.values() for status in by_status}
    worst = next((status for status in (Status.COMPILED, Status.REVIEWED) if status in held), Status.APPROVED)
    return Provenance(
        True, worst != Status.COMPILED, str(worst), head.code, head.version, head.digest, counts, _says(worst, real)
    )


def _says(worst: str, real: bool) -> str:
    if worst == Status.APPROVED:
        return _("药品与规则资料已经药事会批准。")
    if worst == Status.REVIEWED:
        return _("药品与规则资料已经药师审核，尚未经药事会批准。")
    if real:
        return _(
            "药品与规则资料为汇编资料，未经药师审核，本院药事会从未批准。提示只供参考，请人工核对，并尽快提交药事会。"
        )
    return _("药品与规则资料为汇编样本，未经药师审核，不得用于真实诊疗。")


@lru_cache(maxsize=8)
def _sources(loaded: str) -> tuple[StaleSource, ...]:
    rows = KnowledgeSource.objects.filter(effective_to=None).order_by("code")
    return tuple(
        StaleSource(r.code, r.name_zh, r.name_en, r.edition, r.dated, r.max_age_days, r.review_due) for r in rows
    )


def sources(loaded: str) -> tuple[StaleSource, ...]:
    """The works that the knowledge in force was taken from, each with its edition and limits."""
    return _sources(loaded)


def stale(loaded: str, on: date) -> tuple[StaleSource, ...]:
    """Sources that may no longer be relied on, or of which nobody knows: an unknown edition is not a fresh one.

    A set that names no source at all has one stale source without a name.
    """
    known = _sources(loaded)
    if not known:
        return (StaleSource("", "", "", "", None, None, None),)
    return tuple(each for each in known if over(each, on))


def over(source: StaleSource, on: date) -> bool:
    """True where its edition is older than it may be, its review is due, or its date is unknown."""
    if source.dated is None:
        return True
    aged = source.max_age_days is not None and source.dated + timedelta(days=source.max_age_days) < on
    return aged or (source.review_due is not None and source.review_due < on)


def _sentence(source: StaleSource) -> str:
    name = spoken(source.name_zh, source.name_en)
    if not name:
        return _("资料来源的版本日期没有登记，不知道是否过期。")
    if source.dated is None:
        return _("资料来源“%(name)s”的版本日期没有登记，不知道是否过期。") % {"name": name}
    return _("资料来源“%(name)s”（%(edition)s）已过使用期限，有关核对可能不全，请人工留意。") % {
        "name": name,
        "edition": source.edition,
    }
