"""The server that `serve` starts, for the benchmarks that ask it over HTTP."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Stay(urllib.request.HTTPRedirectHandler):
    """Takes a redirect as the answer."""

    def http_error_302(self, _req: Any, answer: Any, _code: int, _msg: str, _headers: Any) -> Any:
        return answer

    http_error_303 = http_error_302


@contextmanager
def served(port: int = 0) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """`luodi serve` on this process's hospital: its address and the supervisor; ended afterwards."""
    from luodi.cli.postgres import free_port

    port = port or free_port()
    command = [sys.executable, "-m", "luodi", "serve", "--port", str(port)]
    log = Path(os.environ["LUODI_DATA"]) / "bench-serve.log"
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, log)
        yield url, process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-800:]}")


def family(root: int) -> set[int]:
    """A process and its descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found
