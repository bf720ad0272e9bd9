"""A real hospital in real processes, and a real browser in front of it."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from luodi.cli.postgres import free_port

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("LUODI_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
SIZES = {"": (1366, 768), "-phone": (390, 844)}


class Hospital(NamedTuple):
    """Where the demo hospital of this run is served, and the folder that holds it."""

    url: str
    data: Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """The demo as a person starts it: `luodi demo`, with its web, live and worker processes."""
    data, port = tmp_path_factory.mktemp("hospital"), free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LUODI_", "DJANGO_"))}
    command = [sys.executable, "-m", "luodi", "demo", "--port", str(port), "--data", str(data)]
    log = (data / "demo.log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, data / "demo.log")
        yield Hospital(url, data)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path, seconds: int = 300) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the demo did not start:\n{log.read_text(errors='replace')[-3000:]}", pytrace=False)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": FLAGS, "headless": True}


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1366, "height": 768}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


def _listen(page: Page, complaints: list[str]) -> Page:
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    return page


def _silent(complaints: list[str]) -> None:
    unexpected = [line for line in complaints if not line.startswith("Failed to load resource")]
    assert not unexpected, unexpected


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page on which nothing may go wrong behind the person's back: script faults and policy violations fail."""
    complaints: list[str] = []
    yield _listen(page, complaints)
    _silent(complaints)


@pytest.fixture
def colleague(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Callable[[], Page]]:
    """`colleague()` opens the browser of one more person, with cookies of its own, watched like `page`."""
    complaints: list[str] = []
    opened: list[BrowserContext] = []

    def arrive() -> Page:
        opened.append(browser.new_context(**browser_context_args))
        return _listen(opened[-1].new_page(), complaints)

    yield arrive
    for context in opened:
        context.close()
    _silent(complaints)


Shot = Callable[[Page, str], None]


@pytest.fixture
def shot(tmp_path: Path) -> Shot:
    """`shot(page, "review")` keeps the screen light and dark, on a desk and on a phone; LUODI_SHOTS=1 keeps the
    desk's pair in docs/screens."""
    docs = ROOT / "docs" / "screens"
    keep = os.environ.get("LUODI_SHOTS") == "1"

    def take(page: Page, name: str) -> None:
        before = page.viewport_size
        for suffix, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                file = tmp_path / f"{name}{suffix}-{scheme}.png"
                page.screenshot(path=file)
                assert file.stat().st_size > 5000, "the screen is blank"
                if keep:
                    docs.mkdir(parents=True, exist_ok=True)
                    shutil.copy(file, docs / file.name)
        page.emulate_media(color_scheme="light")
        if before:
            page.set_viewport_size(before)

    return take
