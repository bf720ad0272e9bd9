"""Backup and restore by their commands, on both databases: refused whole, killed midway, made while others work."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from luodi.cli.backup import DUMPS, PARTIAL, digest
from luodi.cli.place import RESTORING
from tests.cli.conftest import Place, copied, new_place
from tests.cli.test_hospital import one_line
from tests.conftest import ENGINE

pytestmark = pytest.mark.law
DUMP = DUMPS[ENGINE]


def _backed_up(place: Place, into: Path, *words: str) -> Path:
    done = place("backup", str(into), *words)
    assert done.returncode == 0, done.stderr
    (folder,) = into.iterdir()
    return folder


@pytest.fixture
def backup(standing: Place, tmp_path: Path) -> Path:
    """A whole backup with its keys."""
    return _backed_up(standing, tmp_path / "backups", "--with-keys")


def _nothing_there(place: Place) -> bool:
    return not place.data.exists() and (ENGINE == "sqlite" or not place.tables())


def _forge(backup: Path) -> None:
    """Let the manifest agree with what is there now."""
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["files"] = {name: digest(backup / name) for name in manifest["files"]}
    (backup / "manifest.json").write_text(json.dumps(manifest))


def _no_manifest(backup: Path) -> None:
    (backup / "manifest.json").unlink()


def _half_a_manifest(backup: Path) -> None:
    file = backup / "manifest.json"
    file.write_bytes(file.read_bytes()[:100])


def _truncated(backup: Path) -> None:
    os.truncate(backup / DUMP, (backup / DUMP).stat().st_size // 2)


def _truncated_and_forged(backup: Path) -> None:
    _truncated(backup)
    _forge(backup)


def _no_dump(backup: Path) -> None:
    (backup / DUMP).unlink()


def _no_root_key(backup: Path) -> None:
    (backup / "keys" / "root.key").unlink()


def _no_keys(backup: Path) -> None:
    shutil.rmtree(backup / "keys")


def _another_hospitals_key(backup: Path) -> None:
    (backup / "keys" / "root.key").write_text("AAAAAAAAAAAAAAAAAAAAAA==")
    _forge(backup)


def _not_a_key(backup: Path) -> None:
    (backup / "keys" / "root.key").write_text("hello")
    _forge(backup)


@pytest.mark.parametrize(("spoil", "named"), [
    (_no_manifest, "不是备份"),
    (_half_a_manifest, "不是备份"),
    (_no_dump, DUMP),
    (_truncated, DUMP),
    (_truncated_and_forged, ""),
    (_no_root_key, "root.key"),
    (_no_keys, "keys/"),
    (_another_hospitals_key, "密钥不是这家医院的"),
    (_not_a_key, "密钥"),
])  # fmt: skip
def test_what_is_no_whole_backup_is_refused_and_nothing_is_written(backup: Path, tmp_path: Path, spoil, named) -> None:
    spoil(backup)
    target = new_place(tmp_path / "again")
    refused = target("restore", str(backup))
    assert refused.returncode in (1, 2)
    assert one_line(refused.stderr), refused.stderr
    assert named in refused.stderr
    assert not refused.stdout
    assert not target.data.exists()
    assert _nothing_there(target)


def test_a_folder_that_is_no_backup_is_refused(standing: Place, tmp_path: Path) -> None:
    for wrong in (tmp_path / "nowhere", standing.data, tmp_path):
        target = new_place(tmp_path / "again")
        refused = target("restore", str(wrong))
        assert refused.returncode == 2
        assert one_line(refused.stderr)
        assert _nothing_there(target)


def test_a_hospital_that_stands_is_left_as_it_is(backup: Path, standing: Place, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in standing.data.rglob("*.key")}
    head = standing("ledger", "head", "--json").stdout
    for place in (standing, Place(tmp_path / "new", standing.database)):
        if place.data == standing.data or ENGINE == "postgresql":
            refused = place("restore", str(backup))
            assert refused.returncode == 2
            assert one_line(refused.stderr)
    assert not (tmp_path / "new").exists()
    assert not (standing.data / RESTORING).exists()
    assert {path: path.read_bytes() for path in before} == before
    assert standing("ledger", "head", "--json").stdout == head
    assert standing.opens()


def test_a_backup_of_the_other_engine_is_refused(backup: Path, tmp_path: Path) -> None:
    address = "" if ENGINE == "postgresql" else "postgresql://luodi@127.0.0.1:9/luodi"
    refused = Place(tmp_path / "again", address)("restore", str(backup))
    assert refused.returncode == 2
    assert one_line(refused.stderr)
    assert "LUODI_DATABASE" in refused.stderr
    assert not (tmp_path / "again").exists()


def test_an_empty_folder_that_was_there_stays_an_empty_folder(backup: Path, tmp_path: Path) -> None:
    _truncated_and_forged(backup)
    (tmp_path / "again").mkdir()
    assert new_place(tmp_path / "again")("restore", str(backup)).returncode == 1
    assert list((tmp_path / "again").iterdir()) == []


def test_where_nothing_can_be_written_no_backup_is_begun(standing: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    refused = standing("backup", str(tmp_path / "file"))
    assert refused.returncode == 1
    assert one_line(refused.stderr)
    assert standing.opens()


def test_keys_that_are_elsewhere_are_not_backed_up_by_half(standing: Place, tmp_path: Path) -> None:
    aside = tmp_path / "aside.key"
    (standing.data / "keys" / "root.key").rename(aside)
    refused = standing("backup", str(tmp_path / "b"), "--with-keys", LUODI_ROOT_KEY=f"file:{aside}")
    assert refused.returncode == 1
    assert one_line(refused.stderr)
    assert list((tmp_path / "b").iterdir()) == []


@pytest.mark.parametrize("pause", [0.0, 0.03, 0.1])
def test_a_backup_killed_in_the_middle_is_no_backup(standing: Place, tmp_path: Path, pause: float) -> None:
    killed = standing.start("backup", str(tmp_path / "b"), "--with-keys")
    _wait_for(killed, lambda: any((tmp_path / "b").glob("*")))
    time.sleep(pause)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    (left,) = (tmp_path / "b").iterdir()
    target = new_place(tmp_path / "again")
    restored = target("restore", str(left))
    if left.name.endswith(PARTIAL):
        assert restored.returncode == 2
        assert _nothing_there(target)
    else:
        assert restored.returncode == 0, restored.stderr
    assert standing.opens(), "the hospital itself is as it was"


@pytest.mark.parametrize("pause", [0.0, 0.25, 0.5, 0.75])
def test_a_restore_killed_in_the_middle_opens_as_no_hospital(backup: Path, tmp_path: Path, pause: float) -> None:
    target = new_place(tmp_path / "again")
    killed = target.start("restore", str(backup))
    _wait_for(killed, lambda: (target.data / RESTORING).exists())
    time.sleep(pause)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    if (target.data / RESTORING).exists():
        for words in (("ledger", "verify"), ("serve",), ("migrate",), ("worker",)):
            refused = target(*words)
            assert refused.returncode == 2, words
            assert one_line(refused.stderr)
            assert "luodi restore" in refused.stderr
        if ENGINE == "postgresql" and target.tables():
            # the database came whole, in its one transaction, before the folder did: it is emptied by its owner
            assert target("restore", str(backup)).returncode == 2
            target = new_place(target.data)
        again = target("restore", str(backup))
        assert again.returncode == 0, again.stderr
    assert target.opens()
    assert not (target.data / RESTORING).exists()


def _wait_for(process, seen) -> None:
    deadline = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)


def test_what_others_left_in_the_folder_is_never_cleared(backup: Path, tmp_path: Path) -> None:
    """An interrupted restore is cleared by the next one; a file that is not its own stops it."""
    target = new_place(tmp_path / "again")
    (target.data / RESTORING).mkdir(parents=True)
    (target.data / "notes.txt").write_text("mine")
    assert target("restore", str(backup)).returncode == 2
    assert (target.data / "notes.txt").read_text() == "mine"


def test_a_hospital_at_work_is_backed_up(standing: Place, tmp_path: Path) -> None:
    """Two processes write and one seals while the copy is made; the copy verifies to the head that it names."""
    writers = [standing.start("-m", "tests.cli.busy", str(tmp_path / f"written-{n}")) for n in range(2)]
    sealing = standing.start("worker", "--every", "0.05")
    try:
        for number, writer in enumerate(writers):
            _wait_for(writer, (tmp_path / f"written-{number}").exists)
        source = _backed_up(standing, tmp_path / "b", "--with-keys")
        assert all(writer.poll() is None for writer in writers), "they were still at work"
    finally:
        for process in (*writers, sealing):
            process.kill()
            process.communicate()
    target = new_place(tmp_path / "again")
    restored = target("restore", str(source))
    assert restored.returncode == 0, restored.stderr
    manifest = json.loads((source / "manifest.json").read_text())
    anchor = f"{manifest['block']}:{manifest['head_digest']}"
    assert target("ledger", "verify", "--anchor", anchor).returncode == 0
    assert manifest["head"] > 1
    assert standing.opens()


def test_a_restored_hospital_is_the_same_and_works_on(backup: Path, standing: Place, tmp_path: Path) -> None:
    target = new_place(tmp_path / "again")
    assert target("restore", str(backup)).returncode == 0
    assert target("ledger", "head", "--json").stdout == standing("ledger", "head", "--json").stdout
    made = target("administrator", "root1", "系统管理员", "--password", "First-1-word!")
    assert made.returncode == 0, made.stderr
    assert target("ledger", "seal").returncode == 0
    assert target.opens()
    assert copied(target, tmp_path / "third").opens()
