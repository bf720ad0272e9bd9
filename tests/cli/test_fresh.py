"""The tables of an empty hospital are those that its whole history would make, on both engines."""

import json
import re
from pathlib import Path

import pytest

from luodi.cli.place import make_keys
from tests.cli.conftest import Place, new_place

# A name that Django or PostgreSQL makes up is made of what the table and the column were called on its day, or of a
# digest of that; a table keeps it when it is called otherwise later.
MADE_UP = re.compile(r"\b(\w+_([0-9a-f]{8}(_\w+)?|pkey|check)|(pharmacy|stock)_\w+_key)\b")
Laid = dict[str, set[str]]


def laid(place: Place, way: str) -> Laid:
    make_keys(place.data)
    done = place("-m", "tests.cli.laying", way)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return {what: {MADE_UP.sub("…", " | ".join(row)) for row in rows} for what, rows in told.items()}


@pytest.mark.law
def test_a_fresh_beginning_is_what_the_history_makes(tmp_path: Path) -> None:
    fresh = laid(new_place(tmp_path / "fresh"), "fresh")
    history = laid(new_place(tmp_path / "history"), "history")
    assert fresh.keys() == history.keys()
    assert {what: fresh[what] - history[what] for what in fresh} == {what: set() for what in fresh}
    assert {what: history[what] - fresh[what] for what in fresh} == {what: set() for what in fresh}
    assert len(fresh["columns"]) > 1000
    assert fresh["triggers"]
