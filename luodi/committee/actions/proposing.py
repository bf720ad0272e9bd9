"""A candidate from changed files: those of a version with some of them replaced."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from luodi.terms import actions as terms
from luodi.terms import files, versions
from luodi.terms.actions import Loaded
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.refusal import Refusal

MOST_BYTES = 4_000_000


class _Kept:
    """The candidate, loaded by an act of its own before this one takes the lock."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded


def _assembled(by: Actor, contents: Mapping[str, bytes], note: str, base: int | None = None) -> _Kept:
    names = {*files.SHIPPED, *files.OPTIONAL}
    unknown = sorted(set(contents) - names)
    if unknown or not contents:
        raise Refusal(
            "file_unknown",
            _("没有选择文件，或文件名不是资料表的名字：%(names)s") % {"names": "、".join(unknown)[:200]},
            _("文件名应与随附资料相同，如 rules.csv、interactions.csv。"),
            status=422,
        )
    if sum(map(len, contents.values())) > MOST_BYTES:
        raise Refusal("file_large", _("文件太大。"), _("每次上传不超过 4 MB。"), status=422)
    with tempfile.TemporaryDirectory(prefix="luodi-candidate-") as name:
        folder = Path(name)
        for each, body in {**_base(base), **contents}.items():
            (folder / f"{each}.csv").write_bytes(body)
        return _Kept(terms.load(by, folder, note))


def _base(version: int | None) -> dict[str, bytes]:
    """The files of a version, of the one in force, or those that came with the program."""
    now = versions.live()
    pk = version or (now.version if now else None)
    if pk is None:
        return files.contents(files.HERE)
    with versions.folder(pk) as folder:
        return files.contents(folder)


@act("knowledge.propose", may="terms.load", prepare=_assembled)
def propose(
    by: Actor, contents: Mapping[str, bytes], note: str, base: int | None = None, *, prepared: _Kept | None = None
) -> int:
    """Make a candidate of changed files and return its version. What is not given is as in `base`, or as in force.

    contents: name of a table without ending → bytes of its CSV. Raises Refusal for a name that no table has, BadTerms.
    """
    assert prepared is not None
    about("version", prepared.loaded.version)
    evidence(files=sorted(contents), base=base, digest=prepared.loaded.digest)
    return prepared.loaded.version
