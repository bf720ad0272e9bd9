"""Screens that listen: many connections of one process of their own, and what each of them was told when."""

import asyncio
import multiprocessing
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_CALL = re.compile(rb'data-call="([^"]+)"')
PATIENCE = 30.0


class Heard:
    """What came of it: for each call the moment (seconds of the monotonic clock) it reached each listener."""

    def __init__(self) -> None:
        self.at: list[dict[str, float]] = []
        self.failed = 0


@contextmanager
def listeners(port: int, paths: list[str]) -> Iterator[Heard]:
    """One listener for each path, all of them connected; what they heard is there after the block."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    process = fork.Process(target=_work, args=(port, paths, there))
    process.start()
    heard = Heard()
    try:
        assert here.poll(60), "the listeners did not connect"
        here.recv()
        yield heard
        here.send("enough")
        assert here.poll(60), "the listeners did not answer"
        heard.at, heard.failed = here.recv()
    finally:
        process.join(5)
        if process.is_alive():
            process.kill()
            process.join()


def _work(port: int, paths: list[str], pipe: Any) -> None:
    asyncio.run(_all(port, paths, pipe))


async def _all(port: int, paths: list[str], pipe: Any) -> None:
    at: list[dict[str, float]] = [{} for _path in paths]
    ready = [asyncio.Event() for _path in paths]
    tasks = [asyncio.create_task(_one(port, *each)) for each in zip(paths, at, ready, strict=True)]
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*(each.wait() for each in ready)), PATIENCE)
    pipe.send("ready")
    await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
    failed = sum(task.done() for task in tasks) + sum(not each.is_set() for each in ready)
    for task in tasks:
        task.cancel()
    pipe.send((at, failed))


async def _one(port: int, path: str, at: dict[str, float], ready: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            return
        while size := int(await reader.readline(), 16):
            body = await reader.readexactly(size + 2)
            moment = time.monotonic()
            if b"event: " in body:
                ready.set()
            for call in _CALL.findall(body):
                at.setdefault(call.decode(), moment)
    finally:
        writer.close()
