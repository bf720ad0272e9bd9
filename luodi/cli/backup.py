"""Backup of one hospital while it works, with proof: a digest over every file and the ledger head at that moment."""

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
from urllib.parse import unquote, urlsplit, urlunsplit

from luodi import __version__
from luodi.cli.say import Stop

MANIFEST = "manifest.json"
PARTIAL = ".partial"
DUMPS = {"sqlite": "hospital.sqlite3", "postgresql": "hospital.pgdump"}


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settled() -> Any:
    """Spool folded in and ledger sealed, so that the copy's head covers what was acknowledged."""
    from django.db import DatabaseError

    from luodi.trust import ledger, spool
    from luodi.trust.refusal import Refusal

    try:
        spool.fold()
        ledger.seal()
        return ledger.anchor()
    except (Refusal, DatabaseError, OSError) as fault:
        reason = str(fault).strip() or type(fault).__name__
        raise Stop(f"账本现在不能封存，没有备份：{reason}", "the ledger cannot be sealed now") from None


def _copy_sqlite(source: Path, target: Path) -> None:
    # in one step, as of one moment: in steps, a hospital at work would make it begin again each time it writes
    with closing(sqlite3.connect(source, timeout=30)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def pg(program: str, *words: str) -> None:
    """Run a PostgreSQL client program on the hospital's database; a password stays out of the list of processes."""
    from django.conf import settings

    from luodi.cli.postgres import Missing, programs

    address = urlsplit(settings.LUODI.database)
    environment = dict(os.environ)
    if address.password:
        environment["PGPASSWORD"] = unquote(address.password)
        host = address.netloc.rpartition("@")[2]
        address = address._replace(netloc=f"{address.username or ''}@{host}")
    try:
        path = shutil.which(program) or str(programs() / program)
    except Missing as missing:
        raise Stop(str(missing)) from None
    done = subprocess.run(  # noqa: S603
        [path, f"--dbname={urlunsplit(address)}", *words], capture_output=True, text=True, env=environment
    )
    if done.returncode:
        raise Stop(f"{program} 失败：{done.stderr.strip()[-300:]}", f"{program} failed")


def _dump(data: Path, dump: Path, engine: str) -> None:
    if engine == "sqlite":
        _copy_sqlite(data / DUMPS["sqlite"], dump)
    else:
        pg("pg_dump", "--format=custom", "--no-owner", f"--file={dump}")


def _copy_keys(keys: Path, folder: Path) -> None:
    if not (keys / "root.key").is_file():
        raise Stop(f"{keys} 里没有密钥文件可备份", f"no key files in {keys} to back up")
    shutil.copytree(keys, folder / "keys")


def backup(data: Path, into: Path, *, with_keys: bool) -> Path:
    """Write a new folder inside `into`; returns it. The keys stay behind unless asked for: keep them apart.

    Until all of it is written the folder's name ends in `.partial`, and `restore` takes it for no backup.
    """
    anchor = _settled()
    moment = datetime.now(UTC)
    folder = into.absolute() / f"luodi-{moment:%Y%m%dT%H%M%SZ}"
    partial = folder.with_name(folder.name + PARTIAL)
    try:
        if folder.exists():
            raise FileExistsError(17, os.strerror(17))
        partial.mkdir(parents=True, mode=0o700)
    except OSError as fault:
        raise Stop(f"写不了 {folder}：{fault.strerror}", "cannot write there") from None
    try:
        _fill(partial, data, anchor, moment, with_keys=with_keys)
        partial.rename(folder)
    except (OSError, sqlite3.Error) as fault:
        shutil.rmtree(partial, ignore_errors=True)
        reason = getattr(fault, "strerror", "") or str(fault)
        raise Stop(f"备份没有写完，已清除：{reason}", "the backup could not be written and was removed") from None
    except Stop:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder


def _fill(folder: Path, data: Path, anchor: Any, moment: datetime, *, with_keys: bool) -> None:
    from django.conf import settings

    from luodi.trust.vault.root import root

    engine = settings.LUODI.engine
    _dump(data, folder / DUMPS[engine], engine)
    if with_keys:
        _copy_keys(data / "keys", folder)
    files = {str(path.relative_to(folder)): digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {
        "luodi": __version__,
        "at": moment.isoformat(),
        "mode": settings.LUODI.mode,
        "engine": engine,
        "head": anchor.head,
        "block": anchor.block,
        "head_digest": anchor.digest,
        # sixteen zeros under the root key: a restore tells by it whether it was given this hospital's
        "key": root().wrap(bytes(16)).hex(),
        "files": files,
    }
    write_new(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())


def write_new(path: Path, content: bytes) -> None:
    """A new file for its owner alone, on disk when this returns. Raises FileExistsError."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
