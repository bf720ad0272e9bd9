"""Movements of stock a second under eight writers of mixed acts, and what kill -9 of one of them leaves behind.

Writers deliver, ask, send, receive, cancel and count in one store at once; the floor is bare conditional updates of one
row beside one row inserted, durable, by as many. Then a writer is killed at work and the books are added up.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

CLIENTS = 8
MEDICINES = ("M0565", "M0572", "M0001", "M0010")


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """Eight writers for some seconds each; quick: three."""
    from luodi.simulator import seed

    seed.hospital()
    _lay_table(engine)
    seconds = 3.0 if quick else 15.0
    before = _movements()
    acts = _together(_work, seconds)
    moved = _movements() - before
    bare = _together(_bare, seconds)
    wrong = _imbalance()
    _killed(seconds / 2)
    after_kill = _imbalance()
    return {
        "results": [
            {
                "metric": "movements_per_s", "value": round(moved / seconds, 1), "unit": "movements/s",
                "floor": round(bare / seconds, 1), "ratio": round(moved / bare, 3), "acts": acts,
            },
            {"metric": "imbalance", "value": wrong, "unit": "accounts", "floor": 0, "ratio": None},
            {"metric": "imbalance_after_kill", "value": after_kill, "unit": "accounts", "floor": 0, "ratio": None},
        ],
        "errors": wrong + after_kill,
        "clients": CLIENTS,
    }  # fmt: skip


def _lay_table(engine: str) -> None:
    from django.db import connection

    key = "INTEGER PRIMARY KEY" if engine == "sqlite" else "BIGSERIAL PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_lot (id INTEGER PRIMARY KEY, on_hand NUMERIC(12, 3) NOT NULL)")
        cursor.execute(f"CREATE TABLE bench_move (id {key}, lot INTEGER NOT NULL, qty NUMERIC(12, 3) NOT NULL)")
        cursor.execute("INSERT INTO bench_lot VALUES (1, 1000000)")


def _movements() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stock_movement")
        return int(cursor.fetchone()[0])


def _imbalance() -> int:
    """Accounts that are not the sum of their movements, and one more where goods were lost on the way."""
    from django.db import connection

    sums = (
        "SELECT l.unit_id, l.medicine, ROUND(SUM(m.qty), 3) AS q, ROUND(SUM(m.value), 4) AS v FROM stock_movement m"
        " JOIN stock_lot l ON l.id = m.lot_id GROUP BY l.unit_id, l.medicine"
    )
    way = "SELECT COALESCE(ROUND(SUM(on_way), 3), 0) FROM stock_cargo"
    sent = "SELECT COALESCE(ROUND(SUM(-qty), 3), 0) FROM stock_movement WHERE kind IN ('send', 'arrive', 'back')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM stock_account a JOIN ({sums}) s ON s.unit_id = a.unit_id"
            " AND s.medicine = a.medicine WHERE ROUND(a.qty, 3) <> s.q OR ROUND(a.value, 4) <> s.v"
        )
        wrong = int(cursor.fetchone()[0])
        cursor.execute(way)
        on_way = cursor.fetchone()[0]
        cursor.execute(sent)
        return wrong + (Decimal(str(on_way)) != Decimal(str(cursor.fetchone()[0])))


def _work(seed: int, until: float) -> int:
    from luodi.simulator.crew import Crew
    from luodi.trust.refusal import Refusal

    crew, rng, done = Crew(), Random(seed), 0
    while time.monotonic() < until:
        with suppress(Refusal):
            rng.choice((_deliver, _carry, _carry, _turned_back))(crew, rng)
            done += 1
    return done


def _deliver(crew: Any, rng: Random) -> None:
    from luodi.stock import actions as stock
    from luodi.stock import queries as store
    from luodi.trust.clock import today

    expiry, qty = today() + timedelta(days=700), Decimal(rng.randrange(50, 200))
    price = Decimal(rng.randrange(1, 900)) / 1000
    goods = [stock.Arrived(each, "BENCH", expiry, qty, qty, price, certificate="1") for each in MEDICINES]
    stock.inspect(crew("store2"), store.suppliers()[0][0], goods)


def _sent(crew: Any, rng: Random) -> int:
    from luodi.stock import actions as stock

    wants = {medicine: Decimal(rng.randrange(1, 30)) for medicine in rng.sample(MEDICINES, 2)}
    pk = int(stock.ask(crew("store1"), crew.unit("STO"), list(wants.items())))
    stock.send(crew("store2"), pk, wants, rev=0)
    return pk


def _carry(crew: Any, rng: Random) -> None:
    from luodi.stock import actions as stock
    from luodi.stock import queries as store

    pk = _sent(crew, rng)
    stock.receive_transfer(crew("store1"), pk, {row.pk: row.on_way for row, _drug in store.cargo(pk)}, rev=1)


def _turned_back(crew: Any, rng: Random) -> None:
    from luodi.stock import actions as stock

    stock.cancel_transfer(crew("store2"), _sent(crew, rng), "bench", rev=1)


def _bare(_seed: int, until: float) -> int:
    from django.db import connection

    from luodi.trust.write import write

    done = 0
    while time.monotonic() < until:
        with write(), connection.cursor() as cursor:
            cursor.execute("UPDATE bench_lot SET on_hand = on_hand - 1 WHERE id = 1 AND on_hand >= 1")
            cursor.execute("INSERT INTO bench_move (lot, qty) VALUES (1, -1)")
        done += 1
    return done


def _client(work: Callable[[int, float], int], seed: int, seconds: float, told: Any) -> None:
    told.put(work(seed, time.monotonic() + seconds))


def _begun(work: Callable[[int, float], int], seconds: float, count: int) -> tuple[list[Any], Any]:
    from django.db import connections

    connections.close_all()
    fork = multiprocessing.get_context("fork")
    told = fork.SimpleQueue()
    clients = [fork.Process(target=_client, args=(work, seed, seconds, told)) for seed in range(count)]
    for client in clients:
        client.start()
    return clients, told


def _together(work: Callable[[int, float], int], seconds: float) -> int:
    clients, told = _begun(work, seconds, CLIENTS)
    for client in clients:
        client.join()
    return sum(told.get() for client in clients if client.exitcode == 0)


def _killed(seconds: float) -> None:
    """Two writers, one of them killed at work."""
    clients, _told = _begun(_work, seconds * 2, 2)
    time.sleep(seconds)
    os.kill(clients[0].pid, signal.SIGKILL)
    for client in clients:
        client.join()
