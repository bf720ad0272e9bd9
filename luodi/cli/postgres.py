"""A PostgreSQL of one's own, in a folder that is thrown away: for tests and benchmarks, never for a hospital."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

# Server programs refuse to run as root, so they are given to the first of these that exists.
_USERS = ("postgres", "nobody")


class Missing(Exception):
    """No PostgreSQL server programs on this machine."""


def programs() -> Path:
    """The folder with initdb and postgres. Raises Missing."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Missing("没有 PostgreSQL / no PostgreSQL server: apt-get install -y postgresql")


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`with Server() as server: server.address` is a postgresql:// address; leaving the block ends and removes it."""

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="luodi-pg-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"postgresql://luodi@127.0.0.1:{self.port}/luodi"

    def _as_user(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        names = {entry.pw_name: entry for entry in pwd.getpwall()}
        user = next(names[name] for name in _USERS if name in names)
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _run(self, *command: str, **as_user: object) -> None:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, **as_user)  # type: ignore[call-overload]  # noqa: S603
        if done.returncode:
            raise Missing(f"{Path(command[0]).name}: {done.stderr.strip()[-400:]}")

    def __enter__(self) -> "Server":
        bin_, user = programs(), self._as_user()
        data = self.folder / "data"
        self._run(
            str(bin_ / "initdb"), "-D", str(data), "-U", "luodi", "-A", "trust", "-E", "UTF8", "--no-locale", **user
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "max_connections": 60,
            "shared_buffers": "128MB",
            "fsync": "on" if self.durable else "off",
            # a test is one transaction: whatever commits beside it would hold back what it seals
            "autovacuum": "on" if self.durable else "off",
        }
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        log = (self.folder / "log").open("wb")
        self._process = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603
            [str(bin_ / "postgres"), "-D", str(data), *flags], cwd=self.folder, stdout=log, stderr=log, **user
        )
        self._wait()
        return self

    def _wait(self) -> None:
        import psycopg

        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with psycopg.connect(self.address.rsplit("/", 1)[0] + "/postgres", autocommit=True) as link:
                    link.execute("CREATE DATABASE luodi")
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        self.__exit__(None, None, None)
        raise Missing("PostgreSQL 没有启动 / the throwaway PostgreSQL did not start")

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.send_signal(2)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
