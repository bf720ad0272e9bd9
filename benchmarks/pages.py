"""Time, weight and memory of the served screens on the demo hospital, beside the barest answer of the same server.

The server is the one that `serve` starts: web and live processes, hashed files. Time is what one client on loopback
waits for the whole answer, one request after another. The barest answer is the redirect of a request without a login.
"""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

SCREENS = {
    "desk": ("edoctor1", "/chart/desk/"),
    "review": ("review1", "/pharmacy/review/"),
    "rounds": ("nurse1", "/ward/rounds/"),
}
_FILES = re.compile(r'(?:href|src)="([^"]+\.(?:css|js)[^"]*)"')


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """p95 in ms and bytes of three screens; proportional set size of web and live in MB."""
    from luodi.cli.demo import DAYS, SEED, VISITS
    from luodi.simulator import seed, simulate

    seed.hospital()
    visits = 40 if quick else VISITS
    simulate(visits=visits, days=1 if quick else DAYS, seed=SEED)
    results, errors = [], 0
    with _served() as (url, process):
        times = 30 if quick else 200
        floor, _body = _p95(urllib.request.build_opener(_Stay), f"{url}/chart/desk/", times)
        for name, (login, path) in SCREENS.items():
            opener = _logged_in(url, login)
            value, body = _p95(opener, url + path, times)
            errors += b"<main" not in body
            results.append(_result(f"{name}_p95", value, "ms", floor))
            results.append(_result(f"{name}_weight", _weight(opener, url + path) / 1000, "KB", 150))
        whole = _shared(_family(process.pid)) / 1024
        served = _shared(_family(process.pid) - {process.pid}) / 1024
        results.append(_result("memory", served, "MB", 250) | {"with_supervisor": round(whole, 1)})
    return {"results": results, "errors": errors, "visits": visits, "requests": times}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Takes a redirect as the answer."""

    def http_error_302(self, _req: Any, answer: Any, _code: int, _msg: str, _headers: Any) -> Any:
        return answer

    http_error_303 = http_error_302


def _result(metric: str, value: float, unit: str, floor: float) -> dict[str, Any]:
    return {
        "metric": metric, "value": round(value, 1), "unit": unit, "floor": round(floor, 1),
        "ratio": round(value / floor, 2),
    }  # fmt: skip


@contextmanager
def _served() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    from luodi.cli.postgres import free_port

    port = free_port()
    command = [sys.executable, "-m", "luodi", "serve", "--port", str(port)]
    log = Path(os.environ["LUODI_DATA"]) / "bench-serve.log"
    with log.open("wb") as out:
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


def _logged_in(url: str, login: str) -> urllib.request.OpenerDirector:
    from luodi.simulator.crew import PASSWORD

    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{url}/trust/login/", timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = {"login": login, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
    headers = {"Origin": url, "Referer": f"{url}/trust/login/"}
    asked = urllib.request.Request(f"{url}/trust/login/", urllib.parse.urlencode(form).encode(), headers)
    opener.open(asked, timeout=10).read()
    return opener


def _p95(opener: urllib.request.OpenerDirector, url: str, times: int) -> tuple[float, bytes]:
    spent, body = [], b""
    for number in range(times + 5):
        begin = time.perf_counter()
        with opener.open(url, timeout=30) as answer:
            body = answer.read()
        if number >= 5:  # each worker process has seen the page once
            spent.append((time.perf_counter() - begin) * 1000)
    return quantiles(spent, n=20)[-1], body


def _weight(opener: urllib.request.OpenerDirector, url: str) -> int:
    """Bytes on the wire of the page, its styles and its scripts; fonts and pictures are not counted."""
    body, size = _transferred(opener, url)
    for path in sorted(set(_FILES.findall(body.decode()))):
        size += _transferred(opener, urllib.parse.urljoin(url, path))[1]
    return size


def _transferred(opener: urllib.request.OpenerDirector, url: str) -> tuple[bytes, int]:
    import gzip

    with opener.open(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"}), timeout=30) as answer:
        raw = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(raw) if packed else raw), len(raw)


def _family(root: int) -> set[int]:
    """A process and its descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _shared(family: set[int]) -> int:
    """Proportional set size of processes together, in kB."""
    rolls = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in family]
    return sum(int(re.search(r"^Pss:\s+(\d+)", roll, re.MULTILINE)[1]) for roll in rolls)  # type: ignore[index]
