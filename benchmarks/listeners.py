"""Five hundred public screens at once: whether each is told every call, how late, and what that costs the others.

A doctor calls over HTTP, as from the page; the screens are connections to the live process that `serve` started, most
of them halls, one in five a door. A call is late by the time from the answer to the doctor until the frame is in the
listener's hands. The queue page and the call are timed without listeners and with them.

The floor is a bare asyncio server that writes the same bytes to as many connections when it is told to. The live
process looks at the ledger twice a second, which the floor does not.
"""

import asyncio
import http.client
import multiprocessing
import re
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks._listening import listeners
from benchmarks._served import family, served
from benchmarks.rush import FORM, Visitor, logged_in

ROOM = "抢救室"
PACE = 0.4  # seconds between two calls
SETTLE = 2.0


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """500 listeners and 100 calls, as many calls before without listeners; quick: 15 calls."""
    from luodi.simulator import seed

    seed.hospital()
    return measured(500, 15 if quick else 100)


def measured(many: int, calls: int) -> dict[str, Any]:
    """The results of `calls` calls with `many` listeners."""
    tickets = _tickets(2 * calls)
    hall = f"/live/screen/?{urllib.parse.urlencode({'unit': 'ED'})}"
    door = f"{hall}&{urllib.parse.urlencode({'room': ROOM})}"
    with served() as (url, process):
        port = int(url.rpartition(":")[2])
        visitor = logged_in(port, "edoctor1")
        alone = _called(port, visitor, tickets[:calls])
        before = _live_memory(process.pid)
        with listeners(port + 1, [door if number % 5 == 0 else hall for number in range(many)]) as heard:
            beside = _called(port, visitor, tickets[calls:])
            time.sleep(SETTLE)
            memory = _live_memory(process.pid)
    made = {_key(ticket): answered for ticket, (answered, _took, _page) in zip(tickets[calls:], beside, strict=True)}
    delays = [(at[key] - answered) * 1000 for key, answered in made.items() for at in heard.at if key in at]
    delivered = sum(all(key in at for at in heard.at) for key in made) / calls
    frame = _frame()
    floor = _bare(many, frame, calls)
    errors = heard.failed + sum(took < 0 for _at, took, _page in alone + beside)
    results = [
        _result("listeners", many - heard.failed, "screens", many),
        _result("delivered", delivered, "of all calls", 1),
        _result("delay_p95", _p95(delays), "ms", floor),
        _result("call_p95_listened", _p95([took for _at, took, _page in beside]), "ms",
                _p95([took for _at, took, _page in alone])),
        _result("queue_p95_listened", _p95([page for _at, _took, page in beside]), "ms",
                _p95([page for _at, _took, page in alone])),
        _result("live_memory", memory, "MB", before),
    ]  # fmt: skip
    return {"results": results, "errors": errors, "calls": calls, "frame_bytes": len(frame)}


def _result(metric: str, value: float, unit: str, floor: float) -> dict[str, Any]:
    return {
        "metric": metric, "value": round(value, 2), "unit": unit, "floor": round(floor, 2),
        "ratio": round(value / floor, 2),
    }  # fmt: skip


def _p95(spent: list[float]) -> float:
    return quantiles(spent, n=20, method="inclusive")[-1]


# ── the calls ──


def _tickets(many: int) -> list[int]:
    from random import Random

    from luodi.reception import actions
    from luodi.simulator import people
    from luodi.simulator.crew import Crew
    from luodi.trust.clock import today

    crew, rng = Crew(), Random(5)
    by, unit = crew("clerk1"), crew.unit("ED")
    return [
        actions.register_new(by, people.patient(rng, 700_000 + number, today()), unit=unit).ticket
        for number in range(many)
    ]


def _called(port: int, visitor: Visitor, tickets: list[int]) -> list[tuple[float, float, float]]:
    """For each call: when its answer was there, and the milliseconds of it and of the queue page; -1 for an error.

    Whoever was called is taken in some calls later, so that a hall never has more calls than it shows.
    """
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times, begin = [], time.monotonic()
    for number, ticket in enumerate(tickets):
        time.sleep(max(0.0, begin + number * PACE - time.monotonic()))
        took, answered = _posted(link, visitor, f"/reception/tickets/{ticket}/call/", {"room": ROOM})
        page = _timed(link, lambda: link.request("GET", "/reception/queue/", headers={"Cookie": visitor.cookie}), 200)[
            0
        ]
        if number >= 8:
            _posted(link, visitor, f"/reception/tickets/{tickets[number - 8]}/pass/", {})
        times.append((answered, took if page >= 0 else -1.0, page))
    return times


def _posted(link: http.client.HTTPConnection, visitor: Visitor, path: str, form: dict[str, str]) -> tuple[float, float]:
    body = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": visitor.token})
    headers = {"Cookie": visitor.cookie, "Origin": f"http://127.0.0.1:{link.port}"} | FORM
    return _timed(link, lambda: link.request("POST", path, body, headers), 303)


def _timed(link: http.client.HTTPConnection, ask: Callable[[], None], wanted: int) -> tuple[float, float]:
    """Milliseconds until the whole answer was there (-1 for another status than the wanted), and that moment."""
    begin = time.monotonic()
    ask()
    answer = link.getresponse()
    answer.read()
    end = time.monotonic()
    return ((end - begin) * 1000 if answer.status == wanted else -1.0), end


def _key(ticket: int) -> str:
    """The key that the screens have for a ticket's call."""
    from luodi.reception import queries
    from luodi.reception.queries.hall import call_key

    row = queries.ticket(ticket)
    assert row.called_at is not None
    return call_key(row.called_at, row.number)


def _frame() -> bytes:
    from luodi.reception import wall

    screen = wall.Screen("ED", "", "zh-hans")
    return wall.frames("ED", {screen})[screen].html.encode()


def _live_memory(root: int) -> float:
    """Proportional set size of the live process with its worker, in MB."""
    total = 0
    for pid in family(root):
        place = Path(f"/proc/{pid}")
        parents = [pid, int(place.joinpath("stat").read_text().rpartition(")")[2].split()[1])]
        if any(b"luodi.web.live" in Path(f"/proc/{each}/cmdline").read_bytes() for each in parents):
            found = re.search(r"^Pss:\s+(\d+)", place.joinpath("smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
    return total / 1024


# ── the floor ──


def _bare(many: int, frame: bytes, calls: int) -> float:
    """p95 in ms from the answer to whoever told the bare server until the frame is in a listener's hands."""
    with _bare_server(frame) as port:
        made = {}
        with listeners(port, ["/live/"] * many) as heard:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            for number in range(calls):
                link.request("POST", f"/{number}")
                link.getresponse().read()
                made[f"bare-{number}"] = time.monotonic()
                time.sleep(PACE / 2)
            time.sleep(SETTLE / 2)
    return _p95([(at[key] - answered) * 1000 for key, answered in made.items() for at in heard.at if key in at])


@contextmanager
def _bare_server(frame: bytes) -> Iterator[int]:
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    process = fork.Process(target=lambda: asyncio.run(_fan_out(frame, there)))
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


async def _fan_out(frame: bytes, pipe: Any) -> None:
    screens: list[asyncio.StreamWriter] = []

    def chunk(body: bytes) -> bytes:
        return b"%x\r\n%s\r\n" % (len(body), body)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if head.startswith(b"GET"):
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(b"event: beat\n\n"))
                screens.append(writer)
                return
            number = head.split(b" ")[1].strip(b"/")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            sent = chunk(
                b'event: frame\ndata: <i data-call="bare-%s"></i>%s\n\n' % (number, frame.replace(b"data-call", b""))
            )
            for screen in screens:
                screen.write(sent)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    pipe.send(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()
