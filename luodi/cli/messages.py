"""The one English catalogue: gathered from code and templates, kept, checked and compiled without outside programs."""

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from luodi.cli.place import ROOT

PO = ROOT / "luodi" / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# name of the marker → (context's place, singular's, plural's) among its arguments
_MARKERS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_LITERAL = r"""u?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)")
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sdn]|\{\w*\}")


class Message(NamedTuple):
    """One text to translate: id (a pair where it has a plural), context, file."""

    id: str | tuple[str, str]
    context: str | None
    file: str


def _message(name: str, arguments: list[str], file: str) -> Message | None:
    context, singular, plural = _MARKERS[name]
    if max(context or 0, singular, plural or 0) >= len(arguments):
        return None
    text = arguments[singular]
    return Message((text, arguments[plural]) if plural else text, None if context is None else arguments[context], file)


def _called(node: ast.Call) -> str:
    function = node.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name if name in _MARKERS else ""


def in_python(source: str, file: str) -> Iterator[Message]:
    """Texts marked in Python code; implicit concatenation counts as one text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := _called(node)):
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if message := _message(name, texts, file):
                yield message


def in_template(source: str, file: str) -> Iterator[Message]:
    """Texts marked in a Django template."""
    from django.utils.translation.template import templatize

    for name, arguments in _IN_TEMPLATE.findall(templatize(source, origin=file)):
        texts = [ast.literal_eval(text) for text in re.findall(_LITERAL, arguments)]
        if message := _message(name, texts, file):
            yield message


def gather() -> Iterator[Message]:
    """Every text of the product."""
    for path in sorted((ROOT / "luodi").rglob("*")):
        file = str(path.relative_to(ROOT))
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield from in_python(path.read_text(encoding="utf-8"), file)
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            yield from in_template(path.read_text(encoding="utf-8"), file)


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def build(*fragments: Path) -> Catalog:
    """The catalogue of the present texts, with the translations that the old one and `fragments` hold."""
    known = [_read(path) for path in (PO, *fragments)]
    fresh = Catalog(
        locale="en", project="luodi", header_comment="# English texts of Luodi. The Chinese source text is the key.",
        creation_date=_EPOCH, revision_date=_EPOCH, last_translator="", language_team="",
    )  # fmt: skip
    for text, context, file in gather():
        fresh.add(text, context=context, locations=[(file, None)])  # type: ignore[list-item]
    for message in fresh:
        for old in known:
            found = old.get(message.id, message.context) if message.id else None
            if found and _filled(found.string):
                message.string = found.string
    return fresh


def _filled(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def missing(catalog: Catalog) -> list[str]:
    """Texts without English."""
    return [_first(m.id) for m in catalog if m.id and not _filled(m.string)]


def unlike(catalog: Catalog) -> list[str]:
    """Texts whose English has other placeholders than the Chinese."""
    found = []
    for message in catalog:
        if message.id and _filled(message.string):
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            texts = message.string if isinstance(message.string, tuple | list) else (message.string or "",)
            wanted = set(_PLACE.findall(ids[-1]))
            if any(set(_PLACE.findall(text)) - wanted for text in texts) or wanted - set(_PLACE.findall(texts[-1])):
                found.append(_first(message.id))
    return found


def _first(text: object) -> str:
    return str(text[0]) if isinstance(text, tuple | list) else str(text)


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as text, the same bytes for the same texts."""
    out = io.BytesIO()
    write_po(out, catalog, sort_by_file=True, include_lineno=False, width=110)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The compiled catalogue; a text without English is left out, so that the Chinese shows."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def faults() -> list[str]:
    """What keeps the catalogue from being whole and current."""
    catalog = build()
    found = [f"没有英文 / no English: {text}" for text in missing(catalog)]
    found += [f"占位符不一致 / placeholders differ: {text}" for text in unlike(catalog)]
    mo = PO.with_suffix(".mo")
    if not found and (not mo.exists() or mo.read_bytes() != mo_bytes(catalog)):
        found.append("目录过期 / stale catalogue: run luodi messages")
    return found


def renew(*fragments: Path) -> Catalog:
    """Write the catalogue and its compiled form; returns it."""
    catalog = build(*fragments)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalog))
    # read back, so that the compiled form is that of the file
    PO.with_suffix(".mo").write_bytes(mo_bytes(_read(PO)))
    return catalog
