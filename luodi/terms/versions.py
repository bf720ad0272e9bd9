"""Reading versions that are kept: their rows parsed into unsaved models, their pure Ruleset, who has reviewed them.

A parsed version is held in memory by its digest; nothing of it touches the tables that a check reads.
"""

import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import DecimalField, Model
from django.utils.translation import gettext_lazy as _

from luodi.terms import files, knowledge, rulebook
from luodi.terms.kept import RowReview, Version
from luodi.terms.models import Rule, RuleSet, Status
from luodi.trust import canonical
from luodi.trust.refusal import Refusal

# Tables of a version in the order in which they are shown, with the fields that name a row and the reader of the file.
TABLES: tuple[tuple[type[Model], tuple[str, ...], files.Reader], ...] = (
    (Rule, ("code",), files.rules),
    *files.TABLES,
)
NAMES = {table._meta.model_name or "": names for table, names, _reader in TABLES}
_UNTOLD = {"id", "status", "ruleset", "ruleset_id"}


class NoVersion(Refusal):
    code = "version_unknown"
    message = _("没有这个资料版本。")
    next = _("请从版本列表中选择。")
    status = 404


class Broken(Refusal):
    """The kept bytes are not those that were loaded."""

    code = "version_broken"
    message = _("保存的资料文件与载入时不符，不能使用这个版本。")
    next = _("请通知信息科核查数据库，并重新载入原来的文件。")


class VersionCard(NamedTuple):
    """A version that is kept. `since`: the day from which it is in force, None where it is not; `live` says which."""

    pk: int
    code: str
    label: str
    digest: str
    note: str
    staff: int  # 0: the program itself
    at: datetime
    live: bool
    was_live: bool

    @property
    def name(self) -> str:
        return f"{self.code} {self.label}"


class LiveCard(NamedTuple):
    """The set in force, which a hospital of before may have without its files being kept (version None)."""

    ruleset: int
    version: int | None
    code: str
    label: str
    digest: str
    status: str
    since: date


class ReviewCard(NamedTuple):
    table: str
    key: str
    staff: int
    at: datetime
    note: str


def live() -> LiveCard | None:
    """The set in force now; None where none is."""
    row = RuleSet.objects.filter(effective_to=None).order_by("-pk").first()
    if row is None:
        return None
    return LiveCard(row.pk, row.version_of_id, row.code, row.version, row.digest, row.status, row.effective_from)


def versions() -> list[VersionCard]:
    """Every version that is kept, the newest first."""
    now, before = live(), _once_live()
    return [_card(row, now, before) for row in Version.objects.order_by("-pk")]


def version(pk: int) -> VersionCard:
    """One version. Raises NoVersion."""
    return _card(_row(pk), live(), _once_live())


def of_digest(digest: str) -> int | None:
    """The version of that digest; None where its files are not kept."""
    return Version.objects.filter(digest=digest).values_list("pk", flat=True).first()


def _once_live() -> set[int]:
    return set(RuleSet.objects.exclude(version_of=None).values_list("version_of", flat=True))


def _card(row: Version, now: LiveCard | None, before: set[int]) -> VersionCard:
    is_live = now is not None and now.version == row.pk
    return VersionCard(
        row.pk, row.code, row.label, row.digest, row.note, row.staff_id or 0, row.at, is_live, row.pk in before
    )


def hold() -> None:
    """Until the transaction ends, nobody else decides about versions, or puts one in force."""
    list(Version.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _row(pk: int) -> Version:
    row = Version.objects.filter(pk=pk).first()
    if row is None:
        raise NoVersion
    return row


# Rows


@contextmanager
def folder(pk: int) -> Iterator[Path]:
    """The files of a version laid out as they were loaded, for as long as the block. Raises NoVersion, Broken."""
    held = _row(pk)
    with tempfile.TemporaryDirectory(prefix="luodi-version-") as name:
        for file in held.files.select_related("content"):
            body = zlib.decompress(bytes(file.content.packed))
            if files.sm3(body) != file.content.digest:
                raise Broken(facts={"file": file.name})
            (Path(name) / f"{file.name}.csv").write_bytes(body)
        if files.digest_of(files.digests(Path(name))) != held.digest:
            raise Broken
        yield Path(name)


def rows(pk: int, table: type[Model]) -> list[Any]:
    """Rows of one table of a version, unsaved."""
    return _parsed(pk, _row(pk).digest, table)


@lru_cache(maxsize=64)
def _parsed(pk: int, digest: str, table: type[Model]) -> list[Any]:
    reader = next(each for held, _names, each in TABLES if held is table)
    with folder(pk) as place:
        return [_as_stored(row) for row in reader(place, Status.COMPILED)]


def _as_stored(row: Any) -> Any:
    """Numbers with the digits of their columns: what is compared and replayed is what would be in force."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, DecimalField) and value is not None:
            setattr(row, field.attname, Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places)))
    return row


def ruleset(pk: int, on: date) -> rulebook.Ruleset:
    """The pure value of a version, live or not, as it holds on that day."""
    return _ruleset(pk, _row(pk).digest, on)


@lru_cache(maxsize=3)
def _ruleset(pk: int, digest: str, on: date) -> rulebook.Ruleset:
    held = _row(pk)
    head = knowledge.Head(0, held.code, held.label, Status.COMPILED, digest)
    with folder(pk) as place:
        readers = {table: partial(reader, place, Status.COMPILED) for table, _names, reader in TABLES}
        return knowledge.assemble(head, on, partial(_holding, readers, on))


def _holding(readers: Mapping[type[Model], Callable[[], Iterable[Any]]], on: date, table: type[Model]) -> list[Any]:
    return [
        _as_stored(row)
        for row in readers[table]()
        if row.effective_from <= on and (row.effective_to is None or row.effective_to > on)
    ]


# What a row says, and who has looked at it


def told(row: Model) -> dict[str, str]:
    """What a row says, as text by field; who has looked at it is no part of that."""
    return {
        field.name: _text(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in _UNTOLD
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "normalize"):
        return format(value.normalize(), "f")
    return str(value)


def key_of(row: Model) -> str:
    """What names a row in its table."""
    return " ".join(str(getattr(row, name)) for name in NAMES[row._meta.model_name or ""])


def digest_of(row: Model) -> str:
    """SM3 of what a row says."""
    return files.sm3(canonical.data(told(row)))


def section_digest(held: Iterable[Model]) -> str:
    """SM3 of what the rows of a table say, in any order."""
    return files.sm3("\n".join(sorted(f"{key_of(row)} {digest_of(row)}" for row in held)).encode())


def table_of(name: str) -> type[Model]:
    """The table of a name. Raises NoVersion for one that versions do not have."""
    for table, _names, _reader in TABLES:
        if table._meta.model_name == name:
            return table
    raise NoVersion("table_unknown", _("没有这个资料表。"), _("请从页面上的链接打开。"))


def reviews_of(pk: int, name: str) -> list[ReviewCard]:
    """Reviews that hold for rows of this table in this version, or for the whole of it, the newest first."""
    held = rows(pk, table_of(name))
    digests = {key_of(row): digest_of(row) for row in held} | {"": section_digest(held)}
    found = RowReview.objects.filter(table=name).order_by("-pk")
    return [ReviewCard(r.table, r.key, r.staff_id, r.at, r.note) for r in found if digests.get(r.key) == r.digest]


def mark_reviewed(table: type[Model], held: Iterable[Any]) -> int:
    """Set the status of those rows that a review holds for; returns how many."""
    found = RowReview.objects.filter(table=table._meta.model_name or "").values_list("key", "digest")
    by_key: dict[str, set[str]] = {}
    for key, digest in found:
        by_key.setdefault(key, set()).add(digest)
    if not by_key:
        return 0
    held = list(held)
    whole = "" in by_key and section_digest(held) in by_key[""]
    marked = [row for row in held if whole or digest_of(row) in by_key.get(key_of(row), ())]
    for row in marked:
        row.status = Status.REVIEWED
    return len(marked)
