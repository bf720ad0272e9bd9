"""A hospital of a folder, copied and served apart from the run's own: to be killed, filled up, or put out of time."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from luodi.simulator.crew import PASSWORD

ROOT = Path(__file__).parents[2]


def copy(data: Path, to: Path) -> None:
    """The hospital of a folder, as of now, in another folder."""
    shutil.copytree(data, to, ignore=shutil.ignore_patterns("hospital.sqlite3*", "*.log"))
    with (
        contextlib.closing(sqlite3.connect(data / "hospital.sqlite3")) as here,
        contextlib.closing(sqlite3.connect(to / "hospital.sqlite3")) as there,
    ):
        here.backup(there)


def environment(**more: str) -> dict[str, str]:
    """This process's surroundings without its own hospital."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LUODI_", "DJANGO_"))}
    return clean | {"PYTHONPATH": str(ROOT)} | more  # a place of its own may begin in another folder


def demo(data: Path, port: int, log: Path, *, inside: tuple[str, ...] = (), **more: str) -> "subprocess.Popen[bytes]":
    """`luodi demo` on a prepared folder, waited for until /healthz says that it is ready.

    inside: words before the command that put it in a place of its own.
    """
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*inside, sys.executable, "-m", "luodi", "demo", "--port", str(port), "--data", str(data)],
            cwd=ROOT, env=environment(**more), stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            if health(f"http://127.0.0.1:{port}")[0] == 200:
                return process
        time.sleep(0.2)
    pytest.fail(log.read_text(errors="replace")[-2000:], pytrace=False)


def health(url: str) -> tuple[int, str]:
    """Status and body of /healthz. Raises OSError where nobody listens."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as ill:
        return ill.code, ill.read().decode()


def session(url: str, login: str) -> httpx.Client:
    """A logged-in person without a browser, sending what the forms send."""
    client = httpx.Client(base_url=url, timeout=20, headers={"Origin": url})
    client.get("/trust/login/")
    answer = client.post("/trust/login/", data={"login": login, "password": PASSWORD, **token(client)})
    assert answer.status_code == 303, answer.text[:500]
    return client


def token(client: httpx.Client) -> dict[str, str]:
    """What every form carries."""
    return {"csrfmiddlewaretoken": next(c.value for c in client.cookies.jar if "csrf" in c.name)}


def soon(true: Callable[[], bool], seconds: float = 20) -> bool:
    """True as soon as it is; False where it has not become so in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


def verified(data: Path, *inside: str, **more: str) -> bool:
    """`luodi ledger verify` on that folder."""
    done = subprocess.run(
        [*inside, sys.executable, "-m", "luodi", "ledger", "verify", "--data", str(data)],
        cwd=ROOT, env=environment(**more), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode == 0
