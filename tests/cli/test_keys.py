"""`luodi keys`: shown, turned over, put under another root key and ended, by the command alone."""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luodi.cli.postgres import free_port
from tests.cli.conftest import ROOT, Place, surroundings
from tests.cli.test_hospital import one_line
from tests.journeys.served import health, soon

pytestmark = pytest.mark.law
PURPOSES = ["blind", "ledger", "patient", "signer", "staff"]


@pytest.fixture
def later(standing: Place, tmp_path: Path) -> dict[str, str]:
    """Settings of a command that runs more than an hour from now."""
    file = tmp_path / "seconds"
    file.write_text("3700")
    return {"DJANGO_SETTINGS_MODULE": "tests.cli.wrong_clock", "CLOCK_FILE": str(file)}


def shown(place: Place, **settings: str) -> list[dict[str, Any]]:
    done = place("keys", "show", "--json", **settings)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def states(place: Place, purpose: str) -> list[str]:
    return [version["state"] for version in shown(place) if version["purpose"] == purpose]


def typing(place: Place, typed: str, settings: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "luodi", *words],
        cwd=ROOT, env=surroundings(*place) | settings, input=typed, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def new_root(path: Path) -> str:
    path.write_bytes(base64.b64encode(secrets.token_bytes(16)))
    path.chmod(0o600)
    return f"file:{path}"


def old_root(place: Place) -> str:
    return f"file:{place.data / 'keys' / 'root.key'}"


def test_what_is_shown_holds_no_key(standing: Place) -> None:
    found = shown(standing)
    assert [(one["purpose"], one["version"], one["state"], one["root"]) for one in found] == [
        (purpose, 1, "active", "first") for purpose in PURPOSES
    ]
    fields = {"purpose", "version", "state", "made", "destroyed", "root", "hung"}
    assert [one.keys() for one in found] == [fields] * 5
    lines = standing("keys", "show").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[purpose, "v1"] for purpose in PURPOSES]
    assert base64.b64decode((standing.data / "keys" / "root.key").read_bytes()).hex() not in str(found)


def test_a_folder_named_before_the_word_is_the_one_that_is_opened(standing: Place, tmp_path: Path) -> None:
    elsewhere = standing("keys", "--data", str(standing.data), "show", "--json", LUODI_DATA=str(tmp_path / "none"))
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("purpose", ["blind", "staff"])
def test_a_purpose_is_turned_over(standing: Place, purpose: str) -> None:
    done = standing("keys", "rotate", purpose, "--json")
    assert (done.returncode, json.loads(done.stdout)["version"]) == (0, 2), done.stderr
    assert states(standing, purpose) == ["retired", "active"]
    assert json.loads(standing("keys", "move", purpose, "--json").stdout)["moved"] == 0
    assert standing.opens()


@pytest.mark.parametrize("words", [("rotate", "letters"), ("move", "letters"), ("destroy", "letters", "1", "--yes")])
def test_what_is_no_purpose_is_refused_in_one_line(standing: Place, words: tuple[str, ...]) -> None:
    refused = standing("keys", *words)
    assert (refused.returncode, one_line(refused.stderr), "没有这个用途" in refused.stderr) == (1, True, True)
    assert {one["purpose"] for one in shown(standing)} == set(PURPOSES)


def test_a_version_is_ended_for_ever(standing: Place, later: dict[str, str]) -> None:
    first = standing("keys", "destroy", "patient", "1", "--yes")
    assert (first.returncode, "正在使用" in first.stderr) == (1, True)
    standing("keys", "rotate", "patient")
    early = standing("keys", "destroy", "patient", "1", "--yes")
    assert (early.returncode, "不足一小时" in early.stderr) == (1, True)
    for typed in ("", "staff\n", "yes\n"):
        asked = typing(standing, typed, later, "keys", "destroy", "patient", "1")
        assert (asked.returncode, "无法撤销" in asked.stdout) == (1, True), "what is lost is said before it is asked"
        assert states(standing, "patient") == ["retired", "active"]
    ended = typing(standing, "patient\n", later, "keys", "destroy", "patient", "1")
    assert (ended.returncode, "已销毁" in ended.stdout) == (0, True), ended.stderr
    assert states(standing, "patient") == ["destroyed", "active"]
    assert "已销毁" in standing("keys", "show").stdout
    again = standing("keys", "destroy", "patient", "1", "--yes", **later)
    assert (again.returncode, one_line(again.stderr)) == (1, True)
    assert standing("keys", "rotate", "staff", **later).returncode == 0
    Path(later["CLOCK_FILE"]).write_text("7400")
    program = standing("keys", "destroy", "staff", "1", "--yes", "--json", **later)
    assert json.loads(program.stdout) == {"purpose": "staff", "version": 1, "destroyed": True}, program.stderr


def test_the_ledgers_key_is_kept_for_the_ledger(standing: Place, later: dict[str, str]) -> None:
    standing("keys", "rotate", "ledger")
    refused = standing("keys", "destroy", "ledger", "1", "--yes", **later)
    assert (refused.returncode, "账本" in refused.stderr) == (1, True)
    assert standing.opens()


def test_a_root_key_that_will_not_do_is_refused(standing: Place, tmp_path: Path) -> None:
    typed, open_to_all, short = tmp_path / "typed", tmp_path / "open", tmp_path / "short"
    new_root(open_to_all)
    open_to_all.chmod(0o644)
    for path, content in ((typed, b"another root key"), (short, b"short")):
        path.write_bytes(base64.b64encode(content))
        path.chmod(0o600)
    said = {
        f"file:{tmp_path / 'none'}": "No such file",
        f"file:{open_to_all}": "chmod 600",
        f"file:{short}": "16 bytes",
        f"file:{typed}": "weak",
        "env:LUODI_NO_SUCH_KEY": "not set",
        str(typed): "file:, env:, module:",
        old_root(standing): "every key is under the new root",
    }
    for spec, words in said.items():
        done = standing("keys", "change-root", "--new", spec)
        assert words in done.stdout + done.stderr, spec
        assert done.returncode == (0 if spec == old_root(standing) else 1)
    twin = tmp_path / "twin"
    twin.write_bytes((standing.data / "keys" / "root.key").read_bytes())
    twin.chmod(0o600)
    same = standing("keys", "change-root", "--new", f"file:{twin}")
    assert (same.returncode, "same" in same.stderr) == (1, True)
    assert {one["root"] for one in shown(standing)} == {"first"}


def test_a_root_key_is_changed_step_by_step_and_the_old_one_goes(standing: Place, tmp_path: Path) -> None:
    new, old = new_root(tmp_path / "new.key"), old_root(standing)
    both = f"{new}; {old}"
    step = standing("keys", "change-root", "--new", new)
    assert (step.returncode, one_line(step.stderr), f'root_key = "{both}"' in step.stderr) == (1, True, True)
    shut = standing("keys", "change-root", "--new", new, LUODI_ROOT_KEY=new)
    assert (shut.returncode, one_line(shut.stderr), "打不开" in shut.stderr) == (1, True, True)
    assert {one["root"] for one in shown(standing, LUODI_ROOT_KEY=both)} == {"behind"}
    told = [
        json.loads(standing("keys", "change-root", "--new", new, "--json", LUODI_ROOT_KEY=both).stdout)
        for _turn in range(2)
    ]
    assert told == [{"moved": 5, "behind": [old]}, {"moved": 0, "behind": [old]}], "every purpose, once"
    ill = json.loads(standing("doctor", "--json").stdout)
    (finding,) = [one for one in ill if one["what"].startswith("root_key")]
    assert (finding["good"], finding["mend"]) == (False, 'root_key = "新 new; 旧 old"')
    (standing.data / "keys" / "root.key").unlink()
    assert standing("ledger", "verify", LUODI_ROOT_KEY=new).returncode == 0


@pytest.fixture
def changing(standing: Place, tmp_path: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A served hospital that was restarted with both root keys: its address, the new root, its setting."""
    new = new_root(tmp_path / "new.key")
    setting = {"LUODI_ROOT_KEY": f"{new}; {old_root(standing)}"}
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    serving = standing.start("serve", "--port", str(port), **setting)

    def ready() -> bool:
        try:
            return health(url)[0] == 200
        except OSError:
            return False

    try:
        assert soon(ready, 60)
        yield url, new, setting
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.communicate(timeout=30)


def test_a_served_hospital_stays_ready_through_it_all(
    standing: Place, changing: tuple[str, str, dict[str, str]]
) -> None:
    url, new, setting = changing
    for words in (("rotate", "ledger"), ("rotate", "patient"), ("change-root", "--new", new), ("rotate", "staff")):
        done = standing("keys", *words, **setting)
        assert done.returncode == 0, done.stderr
        assert health(url)[0] == 200, words
    assert standing("ledger", "seal", **setting).returncode == 0
    assert standing("ledger", "verify", **setting).returncode == 0
