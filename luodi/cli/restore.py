"""Restore of a backup: built and proved apart, then moved into place. What is left half-way opens as no hospital."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from luodi.cli.backup import DUMPS, MANIFEST, digest, pg, write_new
from luodi.cli.place import CONFIG, RESTORING, make_keys, open_hospital, point
from luodi.cli.say import Stop

_KEYS = ("root.key", "secret.key")
_OURS: tuple[str, ...] = ("keys", "spool", CONFIG, "hospital.sqlite3", "hospital.sqlite3-wal", "hospital.sqlite3-shm")
_OURS += ("hospital.sqlite3.turn", RESTORING)


def restore(source: Path, data: Path | None, keys: Path | None) -> tuple[str, str]:
    """Restore into an empty folder (and, for PostgreSQL, an empty database), then verify the ledger.

    Returns what to tell. Raises Stop, and leaves the folder as empty as it was, where anything is not as it must be.
    """
    manifest = _manifest(source)
    folder = point(data)
    given = _keys(source, keys)
    with _stage(folder) as stage:
        _lay(source, manifest, given, stage)
        open_hospital(stage)
        _try_key(manifest)
        _fill_database(source, manifest)
        head = _proved(manifest)
        _move(stage, folder)
    return f"已恢复，账本核对到第 {head} 条", f"restored; the ledger verifies to head {head}"


def _manifest(source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        files = dict(manifest["files"])
        _needed = manifest["mode"], manifest["block"], manifest["head_digest"], manifest["key"]
        dump = DUMPS[manifest["engine"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise Stop(f"{source} 不是备份", f"{source} is no backup", status=2) from None
    for name in {dump, *files}:
        path = source / name
        if not path.is_file() or digest(path) != files.get(name):
            raise Stop(f"备份里的 {name} 缺失或已改变，未恢复", f"{name} is missing or changed; nothing was restored")
    return manifest


def _keys(source: Path, keys: Path | None) -> Path | None:
    """The folder that holds the keys; None where the environment names a root key kept elsewhere."""
    folder = keys or (source / "keys" if (source / "keys").exists() else None)
    if folder is None:
        if "LUODI_ROOT_KEY" in os.environ:
            return None
        raise Stop("备份不含密钥：用 --keys 指明密钥目录", "the backup holds no keys: point --keys at them", status=2)
    for name in _KEYS:
        if not (folder / name).is_file():
            raise Stop(
                f"{folder} 里没有 {name}：用 --keys 指明密钥目录",
                f"no {name} in {folder}: point --keys at it",
                status=2,
            )
    return folder


@contextmanager
def _stage(folder: Path) -> Iterator[Path]:
    """A folder inside the data folder, which is empty but for it; removed however the block ends.

    It stands inside, because a data folder may be a disk of its own. While it exists nothing opens the data folder.
    """
    fresh, stage = not folder.exists(), folder / RESTORING
    try:
        _require_empty(folder, stage)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stage.mkdir(exist_ok=True, mode=0o700)
        descriptor = os.open(stage, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as fault:
        raise Stop(f"写不了 {folder}：{fault.strerror}", "cannot write there", status=2) from None
    try:
        _hold(descriptor, stage)
        try:
            _clear(folder, but=stage)
            yield stage
        finally:
            if stage.exists():
                _clear(folder)
                if fresh:
                    folder.rmdir()
    except OSError as fault:
        raise Stop(f"恢复没有写完，已清除：{fault.strerror}", "the restore could not be written") from None
    finally:
        os.close(descriptor)


def _require_empty(folder: Path, stage: Path) -> None:
    """Nothing there, or only what an interrupted restore left. Raises Stop."""
    ours = _OURS if stage.is_dir() else ()
    if folder.exists() and any(path.name not in ours for path in folder.iterdir()):
        raise Stop(f"{folder} 不是空目录，未恢复", f"{folder} is not empty; nothing was restored", status=2)


def _hold(descriptor: int, stage: Path) -> None:
    """One restore at a time; the kernel lets go of the hold of one that was killed. Raises Stop."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        mine = os.fstat(descriptor).st_ino == stage.stat().st_ino
    except OSError:
        mine = False
    if not mine:
        raise Stop(f"{stage.parent} 正在由另一个命令恢复", "another restore is at work there", status=2)


def _clear(folder: Path, but: Path | None = None) -> None:
    """Remove what an interrupted restore left, its stage last (and emptied, where it is to stay)."""
    for name in _OURS:
        path = folder / name
        if path == but:
            for child in path.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _lay(source: Path, manifest: dict[str, Any], keys: Path | None, stage: Path) -> None:
    (stage / "keys").mkdir(mode=0o700)
    for name in _KEYS if keys is not None else ():
        assert keys is not None
        write_new(stage / "keys" / name, (keys / name).read_bytes())
    make_keys(stage)
    if manifest["engine"] == "sqlite":
        file = stage / "hospital.sqlite3"
        shutil.copy(source / DUMPS["sqlite"], file)
        file.chmod(0o600)
        _sync(file)
    os.environ.setdefault("LUODI_MODE", manifest["mode"])
    if manifest["mode"] in ("demo", "trial"):
        write_new(stage / CONFIG, f'mode = "{manifest["mode"]}"\n'.encode())


def _try_key(manifest: dict[str, Any]) -> None:
    from luodi.trust.vault.root import RootKeyUnavailable, root
    from luodi.trust.vault.sm import Forged

    try:
        root().unwrap(bytes.fromhex(manifest["key"]))
    except (Forged, RootKeyUnavailable):
        raise Stop("密钥不是这家医院的，未恢复", "the keys are not this hospital's; nothing was restored") from None


def _fill_database(source: Path, manifest: dict[str, Any]) -> None:
    from django.conf import settings
    from django.db import DatabaseError, connection

    if manifest["engine"] != settings.LUODI.engine:
        raise Stop(
            "备份与当前数据库种类不同：设置 LUODI_DATABASE", "the backup is of another engine: set LUODI_DATABASE",
            status=2,
        )  # fmt: skip
    if manifest["engine"] == "sqlite":
        return
    try:
        tables = connection.introspection.table_names()
    except DatabaseError as fault:
        raise Stop(f"连不上数据库：{str(fault).strip()[:300]}", "the database cannot be reached") from None
    if tables:
        raise Stop("数据库不是空的，未恢复", "the database is not empty; nothing was restored", status=2)
    dump = str(source / DUMPS["postgresql"])
    pg("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", dump)


def _proved(manifest: dict[str, Any]) -> int:
    """The head to which the restored ledger verifies, the backup's own head included. Raises Stop."""
    from django.db import DatabaseError

    from luodi.trust import ledger, spool

    noted = (manifest["block"], bytes.fromhex(manifest["head_digest"])) if manifest["block"] else None
    try:
        spool.prepare()
        verdict = ledger.verify(anchor=noted)
    except DatabaseError as fault:
        raise Stop(f"备份的数据库读不了：{str(fault).strip()[:200]}", "the backup's database cannot be read") from None
    if not verdict.ok:
        raise Stop("账本与备份时不符，不要使用", "the ledger is not what was backed up: do not use it")
    return verdict.head


def _move(stage: Path, folder: Path) -> None:
    """From here on it is a hospital: the stage's end is what makes it one."""
    from django.db import connections

    connections.close_all()
    for path in sorted(stage.iterdir()):
        path.rename(folder / path.name)
    _sync(folder)
    stage.rmdir()
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
