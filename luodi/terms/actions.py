"""Public writers: loading a set of files as a version, putting a version in force, reviewing what is in it."""

import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.terms import files, knowledge, versions
from luodi.terms.kept import Content, RowReview, Version, VersionFile
from luodi.terms.models import Rule, RuleSet, Status
from luodi.terms.warrant import Unapproved, Warrant, approved, bound, proved
from luodi.trust import access
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now, today
from luodi.trust.refusal import Refusal


class Loaded(NamedTuple):
    """version: the files that were kept; live: they are in force now; changed: they are other than what was."""

    version: int
    digest: str
    changed: bool
    counts: dict[str, int]
    live: bool


class Prepared(NamedTuple):
    digests: dict[str, str]
    digest: str
    rows: tuple[tuple[type[models.Model], tuple[str, ...], list[models.Model]], ...]
    rules: list[Rule]
    ruleset: dict[str, str]
    contents: dict[str, bytes]


class BadTerms(Refusal):
    code = "bad_terms"
    status = 422


class AlreadyLive(Refusal):
    code = "already_live"
    message = gettext_lazy("这个版本已经启用。")
    next = gettext_lazy("不需要再做什么。")


def _read(by: Actor, folder: Path = files.HERE, status: str = Status.COMPILED) -> Prepared:
    """Everything of the files, read and built before the transaction opens. What a file says of its own status is not
    believed: loaded is compiled until somebody of this hospital looked at it."""
    try:
        contents = files.contents(folder)
        digests = {name: files.sm3(content) for name, content in contents.items()}
        (ruleset,) = files.rows(folder, "rulesets")
        rows = tuple((table, names, list(reader(folder, status))) for table, names, reader in files.TABLES)
        rules = list(files.rules(folder, status))
        return Prepared(digests, files.digest_of(digests), rows, rules, ruleset, contents)
    except (OSError, ValueError, KeyError, ArithmeticError, StopIteration) as fault:
        raise _bad(fault) from fault


def _bad(fault: Exception) -> BadTerms:
    return BadTerms(
        message=_("术语文件不能读取：%(fault)s") % {"fault": f"{type(fault).__name__} {fault}"[:300]},
        next=_("请更正文件后重新载入，原有术语没有改变。"),
    )


def _allowed(by: Actor, folder: Path = files.HERE, note: str = "") -> Prepared:
    if not is_program(by):
        access.require(by, "terms.load")
    return _in_force(folder) or _sound(_read(by, folder))


def _in_force(folder: Path) -> Prepared | None:
    """Files that are in force as they are need not be read again: they are only kept."""
    try:
        contents = files.contents(folder)
        digests = {name: files.sm3(content) for name, content in contents.items()}
        digest = files.digest_of(digests)
        if not RuleSet.objects.filter(digest=digest, effective_to=None).exists():
            return None
        (ruleset,) = files.rows(folder, "rulesets")
    except (OSError, ValueError):
        return None
    return Prepared(digests, digest, (), [], ruleset, contents)


def _sound(prepared: Prepared) -> Prepared:
    """The same, where the pieces fit together and none is empty. Raises BadTerms."""
    held: dict[Any, list[Any]] = {table: rows for table, _names, rows in prepared.rows} | {Rule: prepared.rules}
    head = knowledge.Head(0, prepared.ruleset["code"], prepared.ruleset["version"], "", prepared.digest)
    try:
        built = knowledge.assemble(head, today(), lambda table: held[table])
        if built.absent() or not built.rules:
            raise ValueError(f"no rows: {' '.join(built.absent()) or 'rules'}")
    except (ValueError, KeyError, ArithmeticError) as fault:
        raise _bad(fault) from fault
    return prepared


@act("terms.load", may=None, prepare=_allowed)
def load(by: Actor, folder: Path = files.HERE, note: str = "", *, prepared: Any = None) -> Loaded:
    """Keep a folder of tables as a version, a candidate: what is in force stays so.

    Where nothing is in force yet it goes live at once, but not in production, where the committee approves first.
    A person needs the permission `terms.load`; the program itself (staff 0) loads where a hospital is founded. The
    same files again are the same version and leave nothing but the entry. Raises BadTerms where a file cannot be read.
    """
    held = _keep(by, prepared, note.strip()[:300])
    current = RuleSet.objects.filter(effective_to=None).first()
    if current is not None and current.digest == held.digest and current.version_of_id is None:
        # in force since before files were kept: now it has them
        RuleSet.objects.filter(pk=current.pk).update(version_of=held)
    changed = current is None or current.digest != held.digest
    counts: dict[str, int] = {}
    if current is None and not bound():
        current, counts = _go_live(prepared, held)
    live = current is not None and current.digest == held.digest
    about("version", held.pk)
    evidence(digest=held.digest, changed=changed, live=live, files=prepared.digests, counts=counts)
    return Loaded(held.pk, held.digest, changed, counts, live)


def _keep(by: Actor, prepared: Prepared, note: str) -> Version:
    told = {
        "code": prepared.ruleset["code"], "label": prepared.ruleset["version"], "note": note,
        "staff_id": by.staff or None, "at": now(),
    }  # fmt: skip
    held, new = Version.objects.get_or_create(digest=prepared.digest, defaults=told)
    for name, body in prepared.contents.items() if new else ():
        digest = prepared.digests[name]
        content = Content.objects.filter(digest=digest).first()
        if content is None:
            content, _new = Content.objects.get_or_create(digest=digest, defaults={"packed": zlib.compress(body)})
        VersionFile.objects.create(version=held, name=name, content=content)
    return held


def _launchable(by: Actor, version: int, warrants: Sequence[Warrant] = (), reason: str = "") -> Prepared:
    if not is_program(by):
        access.require(by, "knowledge.launch")
    held = versions.version(version)
    if held.live:
        raise AlreadyLive
    status = _status(held.digest, warrants)
    with versions.folder(version) as folder:
        prepared = _read(by, folder, status)
    if status == Status.COMPILED:
        for table, _names, rows in prepared.rows:
            versions.mark_reviewed(table, rows)
        versions.mark_reviewed(Rule, prepared.rules)
    return prepared


def _status(digest: str, warrants: Sequence[Warrant]) -> str:
    """What the rows of a set become when it goes live. Raises Unapproved."""
    if approved(digest, warrants):
        return Status.APPROVED
    if bound() or warrants:
        raise Unapproved(facts={"digest": digest, "signatures": len(proved(digest, warrants))})
    return Status.COMPILED


@act("terms.enact", may=None, prepare=_launchable)
def enact(by: Actor, version: int, warrants: Sequence[Warrant] = (), reason: str = "", *, prepared: Any = None) -> int:
    """Put a version in force from now on and return the key of its time in force. What it no longer names ends today.

    warrants: the signatures that approve it. Without enough of them a demo or a trial may put it in force, unapproved;
    nobody else may. A person needs `knowledge.launch`. Raises Unapproved, AlreadyLive, versions.NoVersion.
    """
    versions.hold()
    held = Version.objects.get(pk=version)
    current = RuleSet.objects.filter(effective_to=None).first()
    if current is not None and current.digest == held.digest:
        raise AlreadyLive
    status = _status(held.digest, warrants)
    ruleset, counts = _go_live(prepared, held, status)
    about("version", held.pk)
    evidence(
        ruleset=ruleset.pk, digest=held.digest, before=current.digest if current else "", status=status,
        approved_by=sorted(proved(held.digest, warrants)), reason=reason[:300], counts=counts,
    )  # fmt: skip
    return ruleset.pk


@act("terms.endorse", may=None)
def endorse(by: Actor, version: int, warrants: Sequence[Warrant]) -> None:
    """Mark the version in force as approved, by the signatures that approve it: a hospital of before had none.

    Raises Unapproved, and versions.NoVersion for one that is not in force.
    """
    versions.hold()
    current = RuleSet.objects.filter(effective_to=None, version_of=version).first()
    if current is None:
        raise versions.NoVersion
    about("version", version)
    if not approved(current.digest, warrants):
        raise Unapproved
    for table, _names, _reader in versions.TABLES:
        rows = table._default_manager.filter(effective_to=None)
        (rows.filter(ruleset=current) if table is Rule else rows).update(status=Status.APPROVED)
    RuleSet.objects.filter(pk=current.pk).update(status=Status.APPROVED, rev=F("rev") + 1)
    evidence(digest=current.digest, approved_by=sorted(proved(current.digest, warrants)))


def _go_live(prepared: Prepared, held: Version, status: str = Status.COMPILED) -> tuple[RuleSet, dict[str, int]]:
    day, counts = today(), {}
    for table, names, rows in prepared.rows:
        _store(table, names, rows, day)
        counts[table._meta.model_name or ""] = len(rows)
    ruleset = _enact(prepared, day)
    RuleSet.objects.filter(pk=ruleset.pk).update(version_of=held, status=status)
    counts["rule"] = len(prepared.rules)
    return ruleset, counts


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
        status=Status.COMPILED,
        digest=prepared.digest,
        loaded_at=now(),
        effective_from=begins,
    )
    for rule in prepared.rules:
        rule.ruleset = ruleset
    Rule.objects.bulk_create(prepared.rules)
    return ruleset


@act("terms.review", may="knowledge.review")
def review(by: Actor, version: int, table: str, key: str = "", note: str = "") -> None:
    """Say that one looked at a row of a version, or at a whole table (key ""), and what one found.

    It holds for exactly this content, also in other versions that have it, and is shown in force at once. A second
    time by the same person changes nothing. Raises versions.NoVersion, and a Refusal where there is no note.
    """
    note = note.strip()
    if not note or len(note) > 500:
        raise Refusal("review_note", _("审核需要写明核对的依据，最多 500 字。"), _("请写明依据后再保存。"), status=422)
    held = versions.rows(version, versions.table_of(table))
    digest = versions.section_digest(held) if not key else ""
    for row in held if key else ():
        if versions.key_of(row) == key:
            digest = versions.digest_of(row)
    if not digest:
        raise versions.NoVersion("row_unknown", _("这个版本没有这一行。"), _("请从列表中选择。"))
    about("version", version)
    _review, new = RowReview.objects.get_or_create(
        table=table,
        key=key,
        digest=digest,
        staff_id=by.staff,
        defaults={"version_id": version, "at": now(), "note": note},
    )
    evidence(table=table, key=key, digest=digest, new=new)
    if new:
        _show_in_force(versions.table_of(table))


def _show_in_force(table: type[Any]) -> None:
    """Rows in force that this review holds for say so, where the committee has not approved them."""
    current = RuleSet.objects.filter(effective_to=None).first()
    if current is None or current.status == Status.APPROVED:
        return
    rows = table._default_manager.filter(effective_to=None)
    rows = list(rows.filter(ruleset=current) if table is Rule else rows)
    if versions.mark_reviewed(table, rows):
        reviewed = [row.pk for row in rows if row.status == Status.REVIEWED]
        for first in range(0, len(reviewed), 500):
            chunk = table._default_manager.filter(pk__in=reviewed[first : first + 500])
            chunk.filter(status=Status.COMPILED).update(status=Status.REVIEWED)
        RuleSet.objects.filter(pk=current.pk).update(rev=F("rev") + 1)
