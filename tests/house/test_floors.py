"""Imports only run down, every writer is an act, and only trust opens transactions."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import FLOORS, ROOT, code, name
from tests.house.writers import graph

ROOMS_WITH_ACTIONS = [room for room in FLOORS if any((ROOT / "luodi" / room).glob("actions*"))]


def test_imports_only_run_down() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_package_stands_on_a_floor() -> None:
    packages = {path.parent.name for path in (ROOT / "luodi").glob("*/__init__.py")}
    assert packages == set(FLOORS)


def _doors(room: str) -> dict[str, object]:
    """What others may call: the functions that the package shows, and those imported past it from elsewhere."""
    package = importlib.import_module(f"luodi.{room}.actions")
    shown = {
        f"{package.__name__}.{key}": value
        for key, value in vars(package).items()
        if inspect.isfunction(value) and not key.startswith("_") and value.__module__.startswith(package.__name__)
    }
    return shown | _imported_past(package.__name__)


def _imported_past(package: str) -> dict[str, object]:
    inside = ROOT.joinpath(*package.split("."))
    found = {}
    for path in code():
        if inside in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
                module = importlib.import_module(node.module or "")
                members = {alias.name: getattr(module, alias.name) for alias in node.names}
                found |= {f"{node.module}.{key}": v for key, v in members.items() if inspect.isfunction(v)}
    return found


@pytest.mark.parametrize("room", ROOMS_WITH_ACTIONS)
def test_every_public_writer_is_an_act(room: str) -> None:
    doors = _doors(room)
    assert doors
    assert [key for key, function in doors.items() if not hasattr(function, "__act__")] == []


# Function → why its rows are written without an act around them.
NO_ACT = {
    "luodi.controlled.book._account": "the shelf calls it, inside acts alone, by the door that `stock.keeping` opens",
    "luodi.controlled.book._line": "as `_account`",
    "luodi.controlled.book._post": "as `_account`",
    "luodi.portal.logins._touch": "when a login was seen: of every request, and no evidence of work",
    "luodi.trust.access.watching.note": "which watched records a reading showed, with the entry of that reading",
    "luodi.trust.fresh.lay": "the tables of an empty database, with the note of what was laid, before anybody is there",
    "luodi.trust.founding._permissions": "a hospital's first rows, before anybody is there to act",
    "luodi.trust.founding._posts": "a hospital's first rows, before anybody is there to act",
    "luodi.trust.founding.first_administrator": "the first person; it writes an entry of its own",
    "luodi.trust.ledger.recording._write": "the evidence itself",
    "luodi.trust.ledger.sealing._block": "the evidence itself",
    "luodi.trust.sessions._touch": "when a session was seen: of every request, and no evidence of work",
    "luodi.trust.sessions.begin": "the act `login` calls it; the simulated staff begin theirs by it",
    "luodi.trust.sessions.end": "the act `logout` calls it; a session past its limits is ended by whoever shows it",
    "luodi.trust.vault.keys._make": "the key of a purpose is made on its first use, before the first act",
    "luodi.trust.vault.keys.destroy_key": "one patient's erasure; no act, as records are kept by law",
    "luodi.trust.vault.signer._key_of": "the ledger's own signing key is made by the sealer, which acts for nobody",
}


def test_whatever_writes_rows_runs_inside_an_act() -> None:
    """Every function that writes is an act or is called by such alone, however many rooms and helpers lie between."""
    house = graph()
    outside = house.writers - house.inside()
    assert outside == NO_ACT.keys()
    rooms = {name.split(".")[1] for name in house.writers}
    assert rooms >= set(ROOMS_WITH_ACTIONS), "writers of every room are found"
    assert "luodi.stock.shelf.set_state" in house.writers & house.inside(), "and helpers between rooms are followed"


def test_only_trust_opens_transactions() -> None:
    opened = []
    for path in code():
        if "trust" in path.relative_to(ROOT).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute | ast.Name) and "atomic" in (
                getattr(node, "attr", ""),
                getattr(node, "id", ""),
            ):
                opened.append(f"{name(path)}:{node.lineno}")
    assert opened == []


def test_no_signals_on_any_path() -> None:
    receivers = [name(path) for path in code() if "django.dispatch" in path.read_text(encoding="utf-8")]
    assert receivers == []
