"""Public writers: loading the reference tables and their rules."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from luodi.terms import files
from luodi.terms.models import Rule, RuleSet
from luodi.trust import access
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now, today
from luodi.trust.refusal import Refusal


class Loaded(NamedTuple):
    ruleset: int
    digest: str
    changed: bool
    counts: dict[str, int]


class Prepared(NamedTuple):
    digests: dict[str, str]
    digest: str
    rows: tuple[tuple[type[models.Model], tuple[str, ...], list[models.Model]], ...]
    rules: list[Rule]
    ruleset: dict[str, str]


class BadTerms(Refusal):
    code = "bad_terms"
    status = 422


def _read(by: Actor, folder: Path = files.HERE) -> Prepared:
    """Everything of the files, read and built before the transaction opens."""
    try:
        digests = files.digests(folder)
        (ruleset,) = files.rows(folder, "rulesets")
        status = ruleset["status"]
        digest = files.sm3("\n".join(f"{name} {value}" for name, value in sorted(digests.items())).encode())
        if RuleSet.objects.filter(digest=digest, effective_to=None).exists():
            return Prepared(digests, digest, (), [], ruleset)
        rows = tuple((table, names, list(reader(folder, status))) for table, names, reader in files.TABLES)
        return Prepared(digests, digest, rows, list(files.rules(folder, status)), ruleset)
    except (OSError, ValueError, KeyError, ArithmeticError, StopIteration) as fault:
        raise BadTerms(
            message=_("术语文件不能读取：%(fault)s") % {"fault": f"{type(fault).__name__} {fault}"[:300]},
            next=_("请更正文件后重新载入，原有术语没有改变。"),
        ) from fault


def _allowed(by: Actor, folder: Path = files.HERE) -> Prepared:
    if not is_program(by):
        access.require(by, "terms.load")
    return _read(by, folder)


@act("terms.load", may=None, prepare=_allowed)
def load(by: Actor, folder: Path = files.HERE, *, prepared: Any = None) -> Loaded:
    """Load the shipped tables and the rule set; loading the same files again changes nothing but the ledger.

    A person needs the permission `terms.load`; the program itself (staff 0) loads them where a hospital is founded.

    A row that the files no longer hold ends today. Raises BadTerms where a file cannot be read.
    """
    held = RuleSet.objects.filter(digest=prepared.digest, effective_to=None).first()
    counts: dict[str, int] = {}
    changed = held is None
    if held is None:
        day = today()
        for table, names, rows in prepared.rows:
            _store(table, names, rows, day)
            counts[table._meta.model_name or ""] = len(rows)
        held = _enact(prepared, day)
        counts["rule"] = len(prepared.rules)
    about("terms", held.pk)
    evidence(digest=prepared.digest, changed=changed, files=prepared.digests, status=held.status, counts=counts)
    return Loaded(held.pk, prepared.digest, changed, counts)


def _store(table: type[models.Model], names: tuple[str, ...], rows: Sequence[models.Model], day: date) -> None:
    """Insert or update by name, and end what the file no longer names."""
    fields = [f.name for f in table._meta.concrete_fields if not f.primary_key and f.name not in names]
    table._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=names, update_fields=fields)
    named = {tuple(getattr(row, name) for name in names) for row in rows}
    known = table._default_manager.filter(effective_to=None).values_list("pk", *names)
    gone = [pk for pk, *key in known if tuple(key) not in named]
    for first in range(0, len(gone), 500):
        table._default_manager.filter(pk__in=gone[first : first + 500]).update(effective_to=day)


def _enact(prepared: Prepared, day: date) -> RuleSet:
    """Put the rule set in force: the first from its own date, a later one from today."""
    first = not RuleSet.objects.exists()
    RuleSet.objects.filter(effective_to=None).update(effective_to=day)
    begins = date.fromisoformat(prepared.ruleset["effective_from"]) if first else day
    ruleset = RuleSet.objects.create(
        code=prepared.ruleset["code"],
        version=prepared.ruleset["version"],
        status=prepared.ruleset["status"],
        digest=prepared.digest,
        loaded_at=now(),
        effective_from=begins,
    )
    for rule in prepared.rules:
        rule.ruleset = ruleset
    Rule.objects.bulk_create(prepared.rules)
    return ruleset
