"""Time, weight and memory of the served screens on the demo hospital, beside the barest answer of the same server.

The server is the one that `serve` starts: web and live processes, hashed files. Time is what one client on loopback
waits for the whole answer, one request after another. A screen is its page and every fragment that it loads by itself:
the desk is an encounter with the queue beside it and the prescription being written. The barest answer is the redirect
of a request without a login.
"""

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks._served import Stay, family, served

_FILES = re.compile(r'(?:href|src)="([^"]+\.(?:css|js)[^"]*)"')


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """p95 in ms and bytes of the screens; proportional set size of web and live in MB."""
    from luodi.cli.demo import DAYS, SEED, VISITS
    from luodi.simulator import seed, simulate

    seed.hospital()
    visits = 40 if quick else VISITS
    simulate(visits=visits, days=1 if quick else DAYS, seed=SEED)
    screens = _screens()
    results, errors = [], 0
    with served() as (url, process):
        times = 30 if quick else 200
        floor, _body = _p95(urllib.request.build_opener(Stay), [f"{url}/chart/desk/"], times)
        for name, (login, paths) in screens.items():
            opener = _logged_in(url, login)
            addresses = [url + path for path in paths]
            value, body = _p95(opener, addresses, times)
            errors += b"<main" not in body
            results.append(_result(f"{name}_p95", value, "ms", floor) | {"requests": len(paths)})
            results.append(_result(f"{name}_weight", _weight(opener, addresses) / 1000, "KB", 150))
        whole = _shared(family(process.pid)) / 1024
        pair = _shared(family(process.pid) - {process.pid}) / 1024
        results.append(_result("memory", pair, "MB", 250) | {"with_supervisor": round(whole, 1)})
    return {"results": results, "errors": errors, "visits": visits, "requests": times}


def _result(metric: str, value: float, unit: str, floor: float) -> dict[str, Any]:
    return {
        "metric": metric, "value": round(value, 1), "unit": unit, "floor": round(floor, 1),
        "ratio": round(value / floor, 2),
    }  # fmt: skip


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


def _screens() -> dict[str, tuple[str, list[str]]]:
    """Login and addresses of each screen, the page first; the desk and the review sheet with work that is left open."""
    from random import Random

    from luodi.simulator import desk
    from luodi.simulator.crew import Crew
    from luodi.simulator.place import Hospital
    from luodi.trust.clock import now

    hospital = Hospital(Random(1), Crew(), now())
    open_visit, signed_visit = (_visit(hospital, serial) for serial in (1, 2))
    desk.sign(hospital, "edoctor1", signed_visit[2])
    patient, encounter, _draft = open_visit
    queue, pad = "/reception/queue/desk/", f"/orders/encounter/{encounter}/"
    return {
        "desk": ("edoctor1", [f"/chart/{patient}/encounter/{encounter}/", queue, pad]),
        "review": ("review1", ["/pharmacy/review/"]),
        "review_sheet": ("review1", [f"/pharmacy/review/{signed_visit[2]}/"]),
        "rounds": ("nurse1", ["/ward/rounds/"]),
    }


def _visit(hospital: Any, serial: int) -> tuple[int, int, int]:
    """An emergency patient examined, with a draft of two lines: patient, encounter, prescription."""
    from luodi.reception import actions as reception
    from luodi.simulator import desk, people
    from luodi.simulator.tables import cases
    from luodi.trust.clock import today

    case = next(case for case in cases("outpatient")[0] if len(case.lines) == 2)
    person = people.patient(hospital.rng, 499_000 + serial, today())
    made = reception.register_new(hospital.crew("clerk1"), person, unit=hospital.crew.unit("ED"))
    reception.start(hospital.crew("edoctor1"), made.ticket)
    desk.examine(hospital, "edoctor1", made.patient, made.encounter, case, False)
    return made.patient, made.encounter, desk.prescribe(hospital, "edoctor1", made.encounter, case, False)


def _asked(number: int, url: str, **headers: str) -> urllib.request.Request:
    """The page as a browser asks for it; what comes after it, as htmx does."""
    return urllib.request.Request(url, headers=headers | ({"HX-Request": "true"} if number else {}))


def _p95(opener: urllib.request.OpenerDirector, urls: list[str], times: int) -> tuple[float, bytes]:
    spent, page = [], b""
    for turn in range(times + 5):
        begin = time.perf_counter()
        for number, url in enumerate(urls):
            with opener.open(_asked(number, url), timeout=30) as answer:
                body = answer.read()
            page = page if number else body
        if turn >= 5:  # each worker process has seen the page once
            spent.append((time.perf_counter() - begin) * 1000)
    return quantiles(spent, n=20)[-1], page


def _weight(opener: urllib.request.OpenerDirector, urls: list[str]) -> int:
    """Bytes on the wire of page, fragments, styles and scripts; fonts and pictures are not counted."""
    files, size = set(), 0
    for number, url in enumerate(urls):
        body, sent = _transferred(opener, _asked(number, url, **{"Accept-Encoding": "gzip"}))
        files |= {urllib.parse.urljoin(url, path) for path in _FILES.findall(body.decode())}
        size += sent
    return size + sum(_transferred(opener, _asked(0, file, **{"Accept-Encoding": "gzip"}))[1] for file in files)


def _transferred(opener: urllib.request.OpenerDirector, asked: urllib.request.Request) -> tuple[bytes, int]:
    import gzip

    with opener.open(asked, timeout=30) as answer:
        raw = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(raw) if packed else raw), len(raw)


def _shared(family: set[int]) -> int:
    """Proportional set size of processes together, in kB."""
    rolls = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in family]
    return sum(int(re.search(r"^Pss:\s+(\d+)", roll, re.MULTILINE)[1]) for roll in rolls)  # type: ignore[index]
