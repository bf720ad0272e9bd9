"""The drug committee of the tests: its members, a set in force with its files kept, and candidates with one change."""

import shutil
from pathlib import Path
from typing import Any

from luodi.committee import actions, queries
from luodi.committee.models import ReplayResult
from luodi.terms import actions as terms
from luodi.terms import files, versions
from luodi.trust import clock
from luodi.trust.actor import Actor, system
from tests.masterdata import short
from tests.orders.place import Place
from tests.terms.test_versions import member

WORKER = system("worker")
FIVE = ("rules", "five,kinds,refuse", "five,kinds,ask")
SKIN = ("rules", "skin-test,skin_test,ask", "skin-test,skin_test,tell")


class Board:
    def __init__(self, place: Place, folder: Path) -> None:
        self.place, self.folder = place, folder
        self.chair = member("committee_chair")
        self.pharmacist = member("committee_pharmacist")
        self.second = member("committee_pharmacist", "second")
        self.secretary = member("committee_secretary")
        live = versions.live()
        assert live is not None
        base = files.HERE if files.digest_of(files.digests(files.HERE)) == live.digest else short()
        self.base = base
        self.live = terms.load(place.information, base).version

    def candidate(self, *changes: tuple[str, str, str], name: str = "candidate") -> int:
        """A version like the one in force, with these replacements made in its files."""
        folder = Path(shutil.copytree(self.base, self.folder / name))
        for file, old, new in changes or (FIVE,):
            path = folder / f"{file}.csv"
            text = path.read_text(encoding="utf-8")
            assert old in text, old
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return terms.load(self.place.information, folder).version

    def replayed(self, version: int, **how: Any) -> ReplayResult:
        """A finished replay of that version."""
        pk = actions.replay(self.secretary, version, **how)
        while not actions.go_on(WORKER, pk):
            pass
        result = queries.replay(pk).result
        assert result is not None
        return result

    def approved(self, version: int) -> int:
        self.replayed(version)
        for by in (self.chair, self.pharmacist):
            actions.decide(by, version, "approve")
        return version

    def sign_off(self, by: Actor, version: int, **how: Any) -> int:
        return actions.decide(by, version, "approve", **how)


def later(**delta: float) -> Any:
    from datetime import timedelta

    return clock.at(clock.now() + timedelta(**delta))
