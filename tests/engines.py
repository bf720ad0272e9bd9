"""Chooses the database of this pytest process before Django reads its settings.

Loaded by `-p tests.engines`. LUODI_TEST_ENGINE=postgresql starts a server of its own for each worker of a run: what one
leaves open would hold back what another seals. The default is a SQLite file, not memory, so that concurrency and the
write-ahead log are the real ones.
"""

import atexit
import base64
import os
import secrets
import shutil
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _folder() -> Path:
    if WORKER:
        folder = Path(os.environ["LUODI_DATA"]) / WORKER
        folder.mkdir(exist_ok=True)
        return folder
    # in memory where the machine offers a folder there: each test's commits wait for no disk
    quick = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="luodi-test-", dir=quick))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _prepare() -> None:
    folder = _folder()
    for name in [
        name for name in os.environ if name.startswith("LUODI_") and "TEST" not in name and "SHOTS" not in name
    ]:
        del os.environ[name]
    os.environ |= {
        "LUODI_MODE": "test",
        "LUODI_DATA": str(folder),
        "LUODI_SECRET": secrets.token_urlsafe(48),
        "DJANGO_SETTINGS_MODULE": "luodi.web.settings",
    }
    # written by hand: the vault's own maker cannot be imported before Django is set up
    root = folder / "keys" / "root.key"
    root.parent.mkdir(exist_ok=True)
    root.write_bytes(base64.b64encode(secrets.token_bytes(16)))
    root.chmod(0o600)
    if os.environ.get("LUODI_TEST_ENGINE") == "postgresql":
        from luodi.cli.postgres import Server

        server = Server()
        server.__enter__()
        atexit.register(server.__exit__, None, None, None)
        os.environ["LUODI_DATABASE"] = server.address


_prepare()
