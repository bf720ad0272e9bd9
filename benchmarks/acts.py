"""Durable, ledgered acts a second with eight client processes, beside two floors of the same run.

A: a transaction that writes as many rows of the same size, under the same lock and durability.
B: A and the same SM2, SM3 and SM4 calls over as many bytes. `ratio` is the act's rate over B's.
Rows, bytes and calls are counted from one real act of this run.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple
from unittest import mock

CLIENTS = 8
LINE = ("M0572", "10", "mg", "po", "qd", 3)
BEDSIDE = ("M0565", "30", "mg", "po", "tid", 7)
CODES = ("sm2_sign", "sm3", "hmac_sm3", "sm4_seal", "sm4_open")
_VITALS = {"pulse": 82, "systolic": 126, "respiration": 14, "spo2": 98, "temperature": "36.7"}


class Work(NamedTuple):
    """One act waiting to be done: its metric, who does it, what it is about, and the scans of a dose."""

    metric: str
    by: Any
    pk: int
    scans: tuple[str, str] = ("", "")
    at: datetime | None = None


class Cost(NamedTuple):
    """What one act did: bytes of every row written, and (algorithm, bytes) of every call."""

    rows: tuple[int, ...]
    calls: tuple[tuple[str, int], ...]


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """Rates of sign, dispense and administer; quick: fewer acts a client."""
    from luodi.simulator import seed

    each = 4 if quick else 20
    seed.hospital()
    _lay_table(engine)
    results, errors = [], 0
    for metric, works in _prepared(each + 1).items():
        cost = _cost_of(works.pop())
        shares = [works[client::CLIENTS] for client in range(CLIENTS)]
        longer = [share * 10 for share in shares]  # a floor is quick: more of it, so that it can be timed
        rate, failed = _rate(_act, shares)
        bare, bad = _rate(_rows(cost), longer)
        coded, worse = _rate(_rows_and_codes(cost), longer)
        errors += failed + bad + worse
        results.append(
            {
                "metric": metric, "value": round(rate, 1), "unit": "acts/s", "floor": round(coded, 1),
                "ratio": round(rate / coded, 3), "floor_a": round(bare, 1), "rows": len(cost.rows),
                "calls": {name: sum(call == name for call, _size in cost.calls) for name in CODES},
            }
        )  # fmt: skip
    return {"results": results, "errors": errors, "clients": CLIENTS, "acts": CLIENTS * each}


def _lay_table(engine: str) -> None:
    from django.db import connection

    key = "INTEGER PRIMARY KEY" if engine == "sqlite" else "BIGSERIAL PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_row (id {key}, body TEXT NOT NULL)")


# ── work that waits ──


def _prepared(share: int) -> dict[str, list[Work]]:
    """`share` acts for every client, and one more to count."""
    from luodi.simulator.crew import Crew

    crew, count = Crew(), CLIENTS * share + 1
    drafts = [_drafted(crew, serial, LINE)[2] for serial in range(2 * count)]
    return {
        "sign": [Work("sign", crew("edoctor1"), rx) for rx in drafts[:count]],
        "dispense": [Work("dispense", crew("check1"), _checked(crew, "edoctor1", rx)) for rx in drafts[count:]],
        "administer": _doses(crew, 2 * count, share),
    }


def _drafted(crew: Any, serial: int, line: Any, ward_unit: str = "") -> tuple[int, int, int]:
    """A patient seen in the emergency department, with a draft; admitted where a unit is named."""
    from luodi.chart import actions as chart
    from luodi.chart.types import Obs
    from luodi.orders import actions as orders
    from luodi.orders.cards import LineWish
    from luodi.reception import actions as reception
    from luodi.simulator import people
    from luodi.trust.clock import today
    from luodi.ward import actions as ward
    from luodi.ward import queries as beds

    person = people.patient(Random(serial), serial, today())
    made = reception.register_new(crew("clerk1"), person, unit=crew.unit("ED"))
    reception.triage(crew("triage1"), made.encounter, 4, _VITALS, "流涕3天", "护士评估")
    by = crew("edoctor1")
    reception.call(by, made.ticket)
    reception.start(by, made.ticket)
    chart.write_up(by, made.encounter, {"complaint": "流涕3天", "exam": "双肺呼吸音清", "plan": "对症处理"})
    chart.diagnose(by, made.encounter, "J30.4", True)
    chart.observe(by, made.patient, made.encounter, [Obs("WT", Decimal(60), "kg")])
    chart.state_allergies(by, made.patient, "denied")
    if ward_unit:
        ward.place(by, made.encounter, beds.free_beds(crew.unit(ward_unit))[0][0])
        by = crew("wdoctor1")
    rx = int(orders.draft(by, made.encounter))
    medicine, dose, unit, route, frequency, days = line
    orders.put_line(by, rx, LineWish(medicine, Decimal(dose), unit, route, frequency, Decimal(days)))
    return made.patient, made.encounter, rx


def _checked(crew: Any, doctor: str, rx: int, nurse: str = "") -> int:
    """Signed, passed, prepared and checked; verified by the ward's nurse where one is named."""
    from luodi.pharmacy import actions as pharmacy
    from luodi.simulator import desk, dispensary
    from luodi.ward import actions as ward

    _sign(crew(doctor), rx)
    pharmacy.review(crew("review1"), rx, "pass", rev=desk.rev(rx))
    if nurse:
        ward.verify(crew(nurse), rx, rev=desk.rev(rx))
    pharmacy.prepare(crew("dispense1"), rx, rev=desk.rev(rx))
    pharmacy.check(crew("check1"), rx, dispensary.codes(rx), rev=desk.rev(rx))
    return rx


def _doses(crew: Any, serial: int, share: int) -> list[Work]:
    """Planned doses, each client those of a patient of its own, in order and at their times; one of a ninth patient."""
    patients = [_doses_of(crew, serial + number)[:share] for number in range(CLIENTS + 1)]
    return [patients[client][number] for number in range(share) for client in range(CLIENTS)] + patients[CLIENTS][:1]


def _doses_of(crew: Any, serial: int) -> list[Work]:
    """All planned doses of a new patient on the ward, with the codes of wristband and package."""
    from luodi.orders import queries as prescriptions
    from luodi.patients import queries as patients
    from luodi.pharmacy import actions as pharmacy
    from luodi.pharmacy import queries as shelves
    from luodi.simulator import desk, dispensary
    from luodi.ward import actions as ward

    patient, encounter, rx = _drafted(crew, serial, BEDSIDE, "W1")
    _checked(crew, "wdoctor1", rx, "nurse1")
    pharmacy.hand_over(crew("check1"), rx, rev=desk.rev(rx))
    ward.receive(crew("nurse1"), rx, dispensary.codes(rx), rev=desk.rev(rx))
    band = patients.wristband(patient, encounter)
    packages = {package.task: package.barcode for package in shelves.packages(rx)}
    by = crew("nurse1")
    return [
        Work("administer", by, task.pk, (band, packages[task.pk]), task.planned_at) for task in prescriptions.tasks(rx)
    ]


# ── the acts ──


def _sign(by: Any, rx: int) -> None:
    from luodi.advice.types import Grade
    from luodi.orders import actions as orders
    from luodi.orders import queries as prescriptions

    asked = [found.key for found in prescriptions.findings(rx, by.staff) if found.grade is Grade.ASK]
    orders.sign(by, rx, answers=dict.fromkeys(asked, "benefit"))


def _act(work: Work) -> None:
    from luodi.pharmacy import actions as pharmacy
    from luodi.simulator import desk
    from luodi.trust import clock
    from luodi.ward import actions as ward

    if work.metric == "sign":
        _sign(work.by, work.pk)
    elif work.metric == "dispense":
        pharmacy.hand_over(work.by, work.pk, rev=desk.rev(work.pk), asked=("name", "birth_date"))
    else:
        band, package = work.scans
        with clock.at(work.at or clock.now()):
            ward.administer(work.by, work.pk, outcome="given", wristband=band, package=package)


# ── the floors ──


@contextmanager
def _counted(rows: list[int], calls: list[tuple[str, int]]) -> Iterator[None]:
    from django.db import connection

    from luodi.trust.vault import sm

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            rows.append(sum(len(value) if isinstance(value, (bytes, str)) else 8 for value in params or ()))
        return execute(sql, params, many, context)

    def counting(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            calls.append((name, len(args[2 if name == "sm2_sign" else 0 if name == "sm3" else 1])))
            return call(*args)

        return counted

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(statement))
        for name in CODES:
            stack.enter_context(mock.patch.object(sm, name, counting(name, getattr(sm, name))))
        yield


def _cost_of(work: Work) -> Cost:
    rows: list[int] = []
    calls: list[tuple[str, int]] = []
    with _counted(rows, calls):
        _act(work)
    return Cost(tuple(rows), tuple(calls))


def _rows(cost: Cost) -> Callable[[Work], None]:
    def run(_work: Work) -> None:
        from django.db import connection

        from luodi.trust.write import write

        with write(), connection.cursor() as cursor:
            for size in cost.rows:
                cursor.execute("INSERT INTO bench_row (body) VALUES (%s)", ["x" * size])

    return run


def _rows_and_codes(cost: Cost) -> Callable[[Work], None]:
    from luodi.trust.vault import sm

    key, (public, private) = b"k" * sm.KEY, sm.sm2_keys()
    sealed = {size: sm.sm4_seal(key, b"x" * max(0, size - sm.NONCE - sm.TAG), b"") for _name, size in cost.calls}
    write_rows = _rows(cost)
    do: dict[str, Callable[[int], object]] = {
        "sm2_sign": lambda size: sm.sm2_sign(private, public, b"x" * size),
        "sm3": lambda size: sm.sm3(b"x" * size),
        "hmac_sm3": lambda size: sm.hmac_sm3(key, b"x" * size),
        "sm4_seal": lambda size: sm.sm4_seal(key, b"x" * size, b""),
        "sm4_open": lambda size: sm.sm4_open(key, sealed[size], b""),
    }

    def run(work: Work) -> None:
        for name, size in cost.calls:
            do[name](size)
        write_rows(work)

    return run


# ── the clients ──


def _rate(run: Callable[[Work], None], shares: list[list[Work]]) -> tuple[float, int]:
    """(runs a second over all clients, failures). Each client's first run warms it and is not counted."""
    from django.db import connections

    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, told = fork.Barrier(len(shares)), fork.SimpleQueue()
    clients = [fork.Process(target=_client, args=(run, share, barrier, told)) for share in shares]
    for client in clients:
        client.start()
    found = [told.get() for _client in clients]
    for client in clients:
        client.join()
    spent = max(end for _begin, end, _done, _failed in found) - min(begin for begin, _end, _done, _failed in found)
    failures = [text for one in found for text in one[3]]
    for text in failures[:3]:
        print(text)
    return sum(done for _begin, _end, done, _failed in found) / spent, len(failures)


def _client(run: Callable[[Work], None], share: list[Work], barrier: Any, told: Any) -> None:
    failed: list[str] = []
    _tried(run, share[0], failed)
    barrier.wait(120)
    begin = time.monotonic()
    done = sum(_tried(run, work, failed) for work in share[1:])
    told.put((begin, time.monotonic(), done, failed))


def _tried(run: Callable[[Work], None], work: Work, failed: list[str]) -> bool:
    try:
        run(work)
    except Exception as fault:  # noqa: BLE001 - counted and told as an error of the benchmark
        failed.append(f"{work.metric}: {type(fault).__name__} {getattr(fault, 'code', '')}")
        return False
    return True
