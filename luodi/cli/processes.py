"""The processes of a served hospital: started together, ended together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from django.conf import settings

from luodi.cli.say import Stop, say
from luodi.trust import spool
from luodi.web import assets, health

_PATIENCE = 15.0
_PR_SET_PDEATHSIG = 1


def ready_to_serve() -> None:
    """Static files in place; raises Stop where the database is not at this version."""
    waiting = health.pending_migrations()
    if waiting:
        raise Stop(
            f"数据库缺 {len(waiting)} 个迁移，先运行 luodi migrate", "the database is behind: run `luodi migrate`"
        )
    if wrong := health.durability():
        raise Stop(f"数据库不保证落盘：{wrong}", f"commits are not durable: {wrong}")
    spool.prepare()
    assets.collect()


def _granian(interface: str, target: str, port: int, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", interface, "--host", settings.LUODI.host, "--port", str(port),
        "--log-level", "warning", "--no-ws", *more, target,
    ]  # fmt: skip


def _end_with_parent() -> None:
    """Let the kernel end this process when the supervisor is gone, however it went: none is left to serve alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Crew:
    """Web, live and worker processes. `run` returns when told to stop, and raises Stop when one of them dies."""

    def __init__(self, *, web: bool = False, live: bool = False, worker: bool = False) -> None:
        config = settings.LUODI
        self.commands = {}
        if web:
            self.commands["web"] = _granian(
                "wsgi", "luodi.web.wsgi:application", config.port, "--workers", str(config.workers),
                "--blocking-threads", "4", "--backpressure", "64", "--respawn-failed-workers",
            )  # fmt: skip
        if live:
            self.commands["live"] = _granian("asgi", "luodi.web.live:application", config.live, "--workers", "1")
        if worker:
            self.commands["worker"] = [sys.executable, "-m", "luodi", "worker"]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.told = False

    def _tell(self, _number: int, _frame: FrameType | None) -> None:
        self.told = True

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._tell)
        for name, command in self.commands.items():
            # a group of its own, so that the workers of one that does not end can be ended with it
            self.processes[name] = subprocess.Popen(  # noqa: S603 (our own programs)
                command, env=os.environ.copy(), process_group=0, preexec_fn=_end_with_parent
            )
        try:
            self._watch()
        finally:
            self._end()

    def _watch(self) -> None:
        config = settings.LUODI
        if "web" in self.processes:
            say(f"http://{config.host}:{config.port}  （Ctrl-C 停止 / Ctrl-C stops）")
        while not self.told:
            for name, process in self.processes.items():
                if process.poll() is not None and not self.told:
                    raise Stop(f"{name} 进程已退出（{process.returncode}）", f"the {name} process ended")
            time.sleep(0.2)

    def _end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + _PATIENCE
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
