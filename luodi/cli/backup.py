"""Backup and restore of one hospital, with proof: a digest over every file and the ledger head at that moment."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from luodi import __version__
from luodi.cli.place import make_keys, open_hospital, point
from luodi.cli.say import Stop

MANIFEST = "manifest.json"
_DUMPS = {"sqlite": "hospital.sqlite3", "postgresql": "hospital.pgdump"}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settled() -> Any:
    """Spool folded in and ledger sealed, so that the copy's head covers what was acknowledged."""
    from luodi.trust import ledger, spool

    spool.fold()
    ledger.seal()
    return ledger.anchor()


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=30)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=2000)
        copy.execute("PRAGMA journal_mode=DELETE")


def _pg(program: str, *words: str) -> None:
    from luodi.cli.postgres import Missing, programs

    try:
        path = shutil.which(program) or str(programs() / program)
    except Missing as missing:
        raise Stop(str(missing)) from None
    done = subprocess.run([path, *words], capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise Stop(f"{program} 失败：{done.stderr.strip()[-300:]}", f"{program} failed")


def backup(data: Path, into: Path, *, with_keys: bool) -> Path:
    """Write a new folder inside `into`; returns it. The keys stay behind unless asked for: keep them apart."""
    from django.conf import settings

    anchor = _settled()
    moment = datetime.now(UTC)
    folder = into.absolute() / f"luodi-{moment:%Y%m%dT%H%M%SZ}"
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as fault:
        raise Stop(f"写不了 {folder}：{fault.strerror}", "cannot write there") from None
    engine = settings.LUODI.engine
    dump = folder / _DUMPS[engine]
    if engine == "sqlite":
        _copy_sqlite(data / "hospital.sqlite3", dump)
    else:
        _pg("pg_dump", "--format=custom", "--no-owner", f"--file={dump}", f"--dbname={settings.LUODI.database}")
    if with_keys:
        shutil.copytree(data / "keys", folder / "keys")
    files = {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {
        "luodi": __version__,
        "at": moment.isoformat(),
        "mode": settings.LUODI.mode,
        "engine": engine,
        "head": anchor.head,
        "head_digest": anchor.digest,
        "files": files,
    }
    _write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    return folder


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read_manifest(source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"]
    except (OSError, ValueError, KeyError):
        raise Stop(f"{source} 不是备份", f"{source} is no backup", status=2) from None
    for name, digest in files.items():
        path = source / name
        if not path.is_file() or _digest(path) != digest:
            raise Stop(f"备份里的 {name} 缺失或已改变，未恢复", f"{name} is missing or changed; nothing was restored")
    return manifest


def _copy_keys(keys: Path, folder: Path) -> None:
    for name in ("root.key", "secret.key"):
        if not (keys / name).is_file():
            raise Stop(
                f"{keys} 里没有 {name}：用 --keys 指明密钥目录", f"no {name} in {keys}: point --keys at it", status=2
            )
    (folder / "keys").mkdir(parents=True, mode=0o700)
    for name in ("root.key", "secret.key"):
        _write(folder / "keys" / name, (keys / name).read_bytes())


def restore(source: Path, data: Path | None, keys: Path | None) -> tuple[str, str]:
    """Restore into an empty folder (and, for PostgreSQL, an empty database), then verify the ledger."""
    manifest = _read_manifest(source)
    folder = point(data)
    if folder.exists() and any(folder.iterdir()):
        raise Stop(f"{folder} 不是空目录，未恢复", f"{folder} is not empty; nothing was restored", status=2)
    if keys is None and not (source / "keys").exists() and "LUODI_ROOT_KEY" not in os.environ:
        raise Stop("备份不含密钥：用 --keys 指明密钥目录", "the backup holds no keys: point --keys at them", status=2)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if keys is not None or (source / "keys").exists():
        _copy_keys(keys or source / "keys", folder)
    make_keys(folder)
    if manifest["engine"] == "sqlite":
        shutil.copy(source / _DUMPS["sqlite"], folder / "hospital.sqlite3")
        (folder / "hospital.sqlite3").chmod(0o600)
    os.environ.setdefault("LUODI_MODE", manifest["mode"])
    if manifest["mode"] in ("demo", "trial"):
        (folder / "luodi.toml").write_text(f'mode = "{manifest["mode"]}"\n', encoding="utf-8")
    open_hospital(folder)
    return _proved(source, manifest)


def _proved(source: Path, manifest: dict[str, Any]) -> tuple[str, str]:
    from django.conf import settings

    if manifest["engine"] != settings.LUODI.engine:
        raise Stop(
            "备份与当前数据库种类不同：设置 LUODI_DATABASE", "the backup is of another engine: set LUODI_DATABASE"
        )
    if manifest["engine"] == "postgresql":
        dump = source / _DUMPS["postgresql"]
        _pg("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={settings.LUODI.database}", str(dump))
    from luodi.trust import ledger, spool

    spool.prepare()
    verdict, anchor = ledger.verify(), ledger.anchor()
    if not verdict.ok or anchor.digest != manifest["head_digest"]:
        raise Stop(
            "已恢复，但账本与备份时不符，不要使用", "restored, but the ledger is not what was backed up: do not use it"
        )
    return f"已恢复，账本核对到第 {verdict.head} 条", f"restored; the ledger verifies to head {verdict.head}"
