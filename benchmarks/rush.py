"""Many buyers for few slots over HTTP: who is booked, who is refused, whether anybody was told what is not so.

Buyers press the booking button of the served page at once, on 64 connections that stay open. Each answer is held
against the database afterwards. In the second part the server is killed with every process of it half-way and started
again; a buyer without an answer sends the same form again.

`booking` is beside a bare conditional UPDATE of one row by sixteen connections; `p99_ms` beside the redirect of a
request without a login, asked for in the same way.
"""

import http.client
import os
import re
import signal
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count
from queue import Empty, SimpleQueue
from statistics import quantiles
from typing import Any, NamedTuple

from benchmarks._served import family, served

CONNECTIONS = 64
BARE = 16  # connections of the floor: a database takes a hundred, and the server holds its own
FULL = "已经挂满"
PATIENCE = 120.0  # seconds that a buyer goes on asking a server that does not answer


class Buyer(NamedTuple):
    patient: int
    session: int


class Answer(NamedTuple):
    """When the form was first sent and its answer was there (seconds of one clock), and what it said."""

    buyer: Buyer
    sent: float
    received: float
    said: str  # booked | full | something else, which is an error
    turns: int = 1  # how often it was sent until it was answered


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """10,000 buyers for 1,000 slots, then as many with a kill half-way; quick: 400 for 40."""
    from luodi.simulator import seed

    seed.hospital()
    buyers, slots = (400, 40) if quick else (10_000, 1_000)
    calm, killed = _rounds(buyers, slots)
    with served() as (url, _process):
        port = int(url.rpartition(":")[2])
        visitor = logged_in(port)
        floor = _p99(_asked(port, [Buyer(0, 0)] * (buyers // 10), lambda link, _b: _redirected(link)))
        answers = _asked(port, calm, lambda link, buyer: _book(link, visitor, buyer))
    again = _with_a_kill(port, killed, visitor, slots // 2)
    bare = _bare(engine, buyers)
    found = [_judged(calm, answers, slots), _judged(killed, again, slots)]
    spent = max(a.received for a in answers) - min(a.sent for a in answers)
    rate, p99 = len(answers) / spent, _p99(answers)
    results = [
        _result("booked", sum(each["booked"] for each in found), "slots", 2 * slots),
        _result("oversold", sum(each["oversold"] for each in found), "slots", 0),
        _result("lost", sum(each["lost"] for each in found), "bookings", 0),
        _result("unfair", sum(each["unfair"] for each in found), "bookings", 0),
        _result("p99_ms", p99, "ms", floor),
        _result("booking", rate, "answers/s", bare),
    ]
    errors = sum(each["untrue"] for each in found)
    resent = sum(answer.turns > 1 for answer in again)
    return {"results": results, "errors": errors, "buyers": len(calm), "connections": CONNECTIONS, "resent": resent}


def _result(metric: str, value: float, unit: str, floor: float) -> dict[str, Any]:
    ratio = round(value / floor, 3) if floor else float(value == 0)
    return {"metric": metric, "value": round(value, 1), "unit": unit, "floor": round(floor, 1), "ratio": ratio}


# ── who buys what ──


def _rounds(buyers: int, slots: int) -> tuple[list[Buyer], list[Buyer]]:
    """Two rounds of buyers, each for two doctors of tomorrow: the mornings, then the afternoons."""
    from random import Random

    from luodi.patients import actions as patients
    from luodi.reception import actions, queries
    from luodi.simulator import people
    from luodi.simulator.crew import Crew
    from luodi.trust.clock import today

    by, rng = Crew()("clerk1"), Random(3)
    made = [patients.register(by, people.patient(rng, 800_000 + n, today())) for n in range(buyers)]
    rounds = []
    for part in ("am", "pm"):
        rows = [row.pk for row in queries.bookable() if row.part == part]
        first = min(queries.session(pk).date for pk in rows)
        sold = [pk for pk in rows if queries.session(pk).date == first][:2]
        for pk in sold:
            actions.resize_session(by, pk, slots // 2)
        rounds.append([Buyer(patient, sold[n % 2]) for n, patient in enumerate(made)])
    return rounds[0], rounds[1]


# ── over HTTP ──


class Visitor(NamedTuple):
    """What the browser of the logged-in clerk sends with every form."""

    cookie: str
    token: str


def logged_in(port: int, login: str = "clerk1") -> Visitor:
    from luodi.simulator.crew import PASSWORD

    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", "/trust/login/")
    page = link.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    cookies = _cookies(page)
    assert token
    form = {"login": login, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    headers = {"Cookie": _sent(cookies), "Origin": f"http://127.0.0.1:{port}"} | FORM
    link.request("POST", "/trust/login/", urllib.parse.urlencode(form), headers)
    answer = link.getresponse()
    answer.read()
    cookies |= _cookies(answer)
    return Visitor(_sent(cookies), next(value for name, value in cookies.items() if "csrf" in name))


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _cookies(answer: http.client.HTTPResponse) -> dict[str, str]:
    pairs = (line.partition(";")[0].partition("=") for line in answer.headers.get_all("Set-Cookie") or ())
    return {name: value for name, _equals, value in pairs}


def _sent(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _book(link: http.client.HTTPConnection, visitor: Visitor, buyer: Buyer) -> str:
    form = {
        "place": f"a{buyer.session}", "idempotency": f"rush-{buyer.patient}-{buyer.session}",
        "csrfmiddlewaretoken": visitor.token,
    }  # fmt: skip
    headers = {"Cookie": visitor.cookie, "Origin": f"http://127.0.0.1:{link.port}"} | FORM
    link.request("POST", f"/reception/book/{buyer.patient}/", urllib.parse.urlencode(form), headers)
    answer = link.getresponse()
    body = answer.read().decode()
    if answer.status == 303 and "/reception/appointments/" in answer.headers["Location"]:
        return "booked"
    return "full" if answer.status == 422 and FULL in body else f"{answer.status}"


def _redirected(link: http.client.HTTPConnection) -> str:
    link.request("GET", "/reception/")
    answer = link.getresponse()
    answer.read()
    return "full" if answer.status == 302 else f"{answer.status}"


def _asked(port: int, buyers: Iterable[Buyer], ask: Callable[[http.client.HTTPConnection, Buyer], str]) -> list[Answer]:
    """Every buyer's answer, by CONNECTIONS threads; one without an answer asks again."""
    waiting: SimpleQueue[Buyer] = SimpleQueue()
    for buyer in buyers:
        waiting.put(buyer)
    answers: list[Answer] = []

    def work() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with suppress(Empty):
            while True:
                answers.append(_answered(link, waiting.get_nowait(), ask))

    threads = [threading.Thread(target=work) for _number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _answered(
    link: http.client.HTTPConnection, buyer: Buyer, ask: Callable[[http.client.HTTPConnection, Buyer], str]
) -> Answer:
    begin = time.monotonic()
    for turn in count(1):
        try:
            return Answer(buyer, begin, time.monotonic(), ask(link, buyer), turn)._replace(received=time.monotonic())
        except (OSError, http.client.HTTPException):
            link.close()
            if time.monotonic() - begin > PATIENCE:
                return Answer(buyer, begin, time.monotonic(), "no answer", turn)
            time.sleep(0.1)
    raise AssertionError


def _with_a_kill(port: int, buyers: list[Buyer], visitor: Visitor, half: int) -> list[Answer]:
    """The same, while every process of the server is killed at once after `half` bookings, and started anew."""
    from luodi.reception.models import Appointment

    before = Appointment.objects.count()
    answers: list[Answer] = []
    rush = threading.Thread(
        target=lambda: answers.extend(_asked(port, buyers, lambda link, buyer: _book(link, visitor, buyer)))
    )
    with suppress(ProcessLookupError), served(port) as (_url, process):
        rush.start()
        while rush.is_alive() and Appointment.objects.count() < before + half:
            time.sleep(0.01)
        for one in family(process.pid):
            os.kill(one, signal.SIGKILL)
    with served(port):
        rush.join()
    return answers


# ── what was true ──


def _judged(buyers: list[Buyer], answers: list[Answer], slots: int) -> dict[str, int]:
    """Answers against the database: sold beyond the slots, acknowledged and not there, out of turn, untrue."""
    from luodi.reception.models import LIVE, Appointment

    sessions = {buyer.session for buyer in buyers}
    rows = Appointment.objects.filter(session__in=sessions, state__in=LIVE)
    there = set(rows.values_list("patient", "session"))
    told = {(a.buyer.patient, a.buyer.session) for a in answers if a.said == "booked"}
    refused = {(a.buyer.patient, a.buyer.session) for a in answers if a.said == "full"}
    return {
        "booked": len(there),
        "oversold": max(0, len(there) - slots) + rows.count() - rows.values("session", "seq").distinct().count(),
        "lost": len(told - there),
        "unfair": sum(_out_of_turn(answers, session) for session in sessions),
        "untrue": len(buyers) - len(told) - len(refused) + len(refused & there) + len(there - told),
    }


def _out_of_turn(answers: list[Answer], session: int) -> int:
    """Bookings whose form was first sent after another buyer of the session had been refused: no slot came back."""
    of = [answer for answer in answers if answer.buyer.session == session]
    first = min((answer.received for answer in of if answer.said == "full"), default=float("inf"))
    return sum(answer.said == "booked" and answer.sent > first for answer in of)


def _p99(answers: list[Answer]) -> float:
    return quantiles([(answer.received - answer.sent) * 1000 for answer in answers], n=100)[-1]


# ── the floor ──


def _bare(engine: str, buyers: int) -> float:
    """Conditional UPDATEs of one row a second, each in a durable transaction of its own."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE rush_row (id INTEGER PRIMARY KEY, taken INTEGER, most INTEGER)")
        cursor.execute(f"INSERT INTO rush_row VALUES (1, 0, {buyers // 10})")
    left = SimpleQueue[int]()
    for number in range(buyers):
        left.put(number)

    def work() -> None:
        from luodi.trust.write import write

        with suppress(Empty):
            while True:
                left.get_nowait()
                with write(), connection.cursor() as cursor:
                    cursor.execute("UPDATE rush_row SET taken = taken + 1 WHERE id = 1 AND taken < most")
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(BARE)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return buyers / (time.monotonic() - begin)
