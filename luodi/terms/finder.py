"""Search over names held in memory: prefix first, then anywhere; pinyin initials, Chinese, English and codes alike."""

import unicodedata
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
MARK = "\x1f"


def plain(text: str) -> str:
    """Full-width letters and digits made narrow (NFKC), lower case, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip().lower()


class Finder(Generic[T]):
    def __init__(self, entries: Iterable[tuple[tuple[str, ...], T]]) -> None:
        """entries: the names under which an item is found, best first, and the item."""
        self._held = [
            (MARK + MARK.join(plain(name).replace(MARK, "") for name in names if name), item) for names, item in entries
        ]

    def find(self, text: str, limit: int) -> list[T]:
        """Items whose names hold the text: names that begin with it first, shorter ones before longer ones."""
        wanted = plain(text[:80]).replace(MARK, "")
        if not wanted or limit <= 0:
            return []
        start = MARK + wanted
        hits = [(start not in held, len(held), held, n) for n, (held, _item) in enumerate(self._held) if wanted in held]
        return [self._held[hit[3]][1] for hit in sorted(hits)[:limit]]
