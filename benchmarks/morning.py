"""Eight o'clock: clerks register, doctors take in, screens listen, and everybody waits for answers.

Six clerks register 300 patients in ten minutes (each a search and a form), twenty doctors call, take in, read the visit
and finish, each at their own pace, and 500 public screens are told. Everything goes over HTTP to the served hospital;
the p95 of every action is from its request to the last byte of its answer.

The floor is the page of a login that nobody holds, asked for at the same time.
"""

import http.client
import itertools
import random
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from statistics import quantiles
from typing import Any

from benchmarks._listening import listeners
from benchmarks._served import served
from benchmarks.rush import FORM, Visitor, logged_in

CLERKS, SCREENS, VISITS, MINUTES = 6, 500, 300, 10
DOCTORS = [f"doctor{n}" for n in range(1, 15)] + [f"edoctor{n}" for n in range(1, 7)]
Spent = dict[str, list[float]]


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """300 registrations in ten minutes; quick: the same pace for one minute."""
    from luodi.simulator import seed

    seed.hospital()
    seed.relieve()
    minutes = 1 if quick else MINUTES
    return measured(VISITS * minutes // MINUTES, 60.0 * minutes, SCREENS, DOCTORS)


def measured(visits: int, seconds: float, screens: int, doctors: list[str]) -> dict[str, Any]:
    """`visits` registrations within `seconds`, with these doctors at work and so many screens listening."""
    rooms = _sessions(doctors)
    people = _people(visits)
    with served() as (url, _process):
        port = int(url.rpartition(":")[2])
        hall = f"/live/screen/?{urllib.parse.urlencode({'unit': 'GIM'})}"
        with listeners(port + 1, [hall] * screens) as heard:
            spent, wrong = _worked(port, rooms, people, seconds)
    floor = _p95(spent.pop("floor"))
    results = [
        {
            "metric": f"{action}_p95", "value": round(_p95(times), 2), "unit": "ms", "floor": round(floor, 2),
            "ratio": round(_p95(times) / floor, 1), "times": len(times),
        }
        for action, times in sorted(spent.items())
    ]  # fmt: skip
    results.append(_told(len(heard.at), heard.failed))
    return {"results": results, "errors": len(wrong) + heard.failed, "wrong": sorted(set(wrong))[:5], "visits": visits}


def _told(many: int, failed: int) -> dict[str, Any]:
    return {"metric": "listening", "value": many - failed, "unit": "screens", "floor": many, "ratio": 1 - failed / many}


def _p95(spent: list[float]) -> float:
    return quantiles(spent, n=20, method="inclusive")[-1] if len(spent) > 1 else spent[0]


# ── the hospital before the doors open ──


def _sessions(doctors: list[str]) -> dict[str, str]:
    """Where each doctor's patients are registered, as the form posts it."""
    from luodi.reception import actions
    from luodi.simulator.crew import Crew
    from luodi.simulator.tables import rows
    from luodi.trust.clock import today

    crew = Crew()
    by, clinics = crew("clerk1"), {row["login"]: row for row in (*rows("clinics.csv"), *rows("relief.csv"))}
    found = {}
    for doctor in doctors:
        if doctor.startswith("e"):
            found[doctor] = f"u{crew.unit('ED')}"
            continue
        unit, room = crew.unit("GIM"), clinics[doctor]["room"]
        session = actions.open_session(by, unit, crew.staff(doctor), today(), "day", 200, room)
        found[doctor] = f"s{session}"
    return found


def _people(many: int) -> "SimpleQueue[Any]":
    from luodi.simulator import people
    from luodi.trust.clock import today

    rng, waiting = random.Random(8), SimpleQueue[Any]()
    for number in range(many):
        waiting.put(people.patient(rng, 800_000 + number, today()))
    return waiting


# ── the morning ──


class Desk:
    """One person at a browser: a connection that stays open, and what each action took."""

    def __init__(self, port: int, visitor: Visitor | None, spent: Spent, wrong: list[str]) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.visitor, self.spent, self.wrong, self.port = visitor, spent, wrong, port

    def get(self, action: str, path: str, wanted: int = 200) -> bytes:
        cookie = {"Cookie": self.visitor.cookie} if self.visitor else {}
        return self._timed(action, lambda: self.link.request("GET", path, headers=cookie), wanted)[1]

    def post(self, action: str, path: str, form: dict[str, str], wanted: int) -> str:
        assert self.visitor is not None
        body = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": self.visitor.token})
        headers = {"Cookie": self.visitor.cookie, "Origin": f"http://127.0.0.1:{self.port}"} | FORM
        return self._timed(action, lambda: self.link.request("POST", path, body, headers), wanted)[0]

    def _timed(self, action: str, ask: Callable[[], None], wanted: int) -> tuple[str, bytes]:
        begin = time.monotonic()
        ask()
        answer = self.link.getresponse()
        body = answer.read()
        self.spent[action].append((time.monotonic() - begin) * 1000)
        if answer.status != wanted:
            self.wrong.append(f"{action} {answer.status}")
        return answer.headers.get("Location", ""), body


def _worked(port: int, rooms: dict[str, str], people: "SimpleQueue[Any]", seconds: float) -> tuple[Spent, list[str]]:
    spent: Spent = defaultdict(list)
    wrong: list[str] = []
    over = time.monotonic() + seconds
    waiting: dict[str, SimpleQueue[int]] = {doctor: SimpleQueue() for doctor in rooms}
    pace = seconds * CLERKS / max(1, people.qsize())
    rota = itertools.cycle(rooms)  # the first free doctor would get everybody, since most of them are free
    jobs: list[Callable[[], None]] = [lambda: _nobody(Desk(port, None, spent, wrong), over)]
    for number in range(CLERKS):
        desk = Desk(port, logged_in(port, f"clerk{number % 2 + 1}"), spent, wrong)
        begin = time.monotonic() + pace * number / CLERKS
        jobs.append(lambda desk=desk, begin=begin: _clerk(desk, rooms, people, rota, waiting, begin, pace))  # type: ignore[misc]
    for doctor in rooms:
        desk = Desk(port, logged_in(port, doctor), spent, wrong)
        jobs.append(lambda desk=desk, mine=waiting[doctor]: _doctor(desk, mine, over))  # type: ignore[misc]
    threads = [threading.Thread(target=_kept(job, wrong)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spent, wrong


def _kept(job: Callable[[], None], wrong: list[str]) -> Callable[[], None]:
    def run() -> None:
        try:
            job()
        except Exception as fault:  # noqa: BLE001 - one who stops is an error of the morning, told by name
            wrong.append(type(fault).__name__)

    return run


def _nobody(desk: Desk, over: float) -> None:
    while time.monotonic() < over or len(desk.spent["floor"]) < 2:
        desk.get("floor", "/trust/login/")
        time.sleep(0.5)


def _clerk(
    desk: Desk, rooms: dict[str, str], people: "SimpleQueue[Any]", rota: Iterator[str], waiting: dict[str, Any],
    begin: float, pace: float,
) -> None:  # fmt: skip
    turn = 0
    while True:
        time.sleep(max(0.0, begin + turn * pace - time.monotonic()))
        try:
            person = people.get_nowait()
        except Empty:
            return
        doctor = next(rota)
        desk.post("search", "/reception/", {"text": person.name}, 200)
        form = {
            "place": rooms[doctor], "priority": "ordinary", "idempotency": f"{id(desk)}-{turn}", "name": person.name,
            "sex": person.sex, "birth_date": person.birth_date.isoformat(), "id_kind": person.id_kind,
            "id_no": person.id_no, "phone": person.phone, "address": person.address, "another": "",
        }  # fmt: skip
        there = desk.post("register", "/reception/new/", form, 303)
        if there:
            waiting[doctor].put(int(there.rstrip("/").rpartition("/")[2]))
        turn += 1


def _doctor(desk: Desk, mine: "SimpleQueue[int]", over: float) -> None:
    from luodi.reception import queries

    while time.monotonic() < over:
        desk.get("desk", "/chart/desk/")
        try:
            registration = mine.get(timeout=min(5.0, max(0.1, over - time.monotonic())))
        except Empty:
            continue
        ticket = queries.registration(registration).ticket
        desk.post("call", f"/reception/tickets/{ticket}/call/", {"room": "1"}, 303)
        there = desk.post("start", f"/reception/tickets/{ticket}/start/", {}, 303)
        if there:
            desk.get("visit", there)
        time.sleep(1.0)
        desk.post("finish", f"/reception/tickets/{ticket}/finish/", {}, 303)
