"""A live process of its own, and screens that listen to it over real connections."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.db import connection

ROOT = Path(__file__).parents[2]
CALL = re.compile(r'data-call="([^"]+)"')


class Frame(NamedTuple):
    version: str
    html: str

    @property
    def calls(self) -> list[str]:
        return CALL.findall(self.html)


class Line:
    """An open connection of a screen. `last` is the Last-Event-ID that a browser sends when it comes back."""

    def __init__(self, port: int, *, room: str = "", last: str = "") -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        asked = urllib.parse.urlencode({"unit": "GIM", "room": room, "language": "zh-hans"})
        self.link.request("GET", f"/live/screen/?{asked}", headers={"Last-Event-ID": last} if last else {})
        self.answer = self.link.getresponse()
        assert self.answer.status == 200, self.answer.status

    def event(self) -> tuple[str, str, str]:
        """(name, id, data) of the next event."""
        held: dict[str, list[str]] = {}
        while True:
            line = self.answer.readline().decode().rstrip("\n")
            if not line and "event" in held:
                return held["event"][0], held.get("id", [""])[0], "\n".join(held.get("data", []))
            if line:
                field, _colon, value = line.partition(":")
                held.setdefault(field, []).append(value.removeprefix(" "))
            elif self.answer.isclosed():
                raise EOFError

    def frame(self) -> Frame:
        """The next frame, beats left out."""
        while True:
            name, version, html = self.event()
            if name == "frame":
                return Frame(version, html)

    def until(self, *calls: str) -> Frame:
        """Frames until one whose standing calls are these."""
        while True:
            frame = self.frame()
            if set(frame.calls) == set(calls):
                return frame

    def cut(self) -> None:
        self.answer.close()
        self.link.close()


@contextmanager
def live(port: int, *, web: int = 0) -> Iterator["subprocess.Popen[bytes]"]:
    """The live process on the tests' database, ready; killed with its worker afterwards.

    web: the port of the pages that may listen.
    """
    environment = os.environ | {
        "LUODI_TEST_DATABASE": str(connection.settings_dict["NAME"]), "LUODI_PORT": str(web or 8000),
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port),
               "--workers", "1", "--log-level", "warning", "tests.reception.live_at:application"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        end = time.monotonic() + 30
        while listening(port) is None and time.monotonic() < end and process.poll() is None:
            time.sleep(0.05)
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End it with its worker, as a power cut does: with lines open it would end by itself only when they do."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(15)


def listening(port: int) -> int | None:
    """How many screens and pages listen; None where no live process answers."""
    try:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        link.request("GET", "/live/healthz")
        return int(link.getresponse().read())
    except OSError:
        return None
