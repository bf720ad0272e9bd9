"""The heartbeat of live screens: reads what the ledger gained and wakes the listeners whose worklists it touches."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from django.db import DatabaseError, close_old_connections

from luodi.trust import ledger
from luodi.web.topics import PUBLIC, touched
from luodi.web.walls import Full, Walls

T = TypeVar("T")
EVERY = 0.5
LIMIT = 2000
# A transaction that was open at the last look may show an earlier entry later, so each look reaches back this far.
_REACH_MS = 5_000
_SHIFT = 20


class Listener:
    """One open page: the topics it wants and those that have something new."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self.wanted = frozenset(wanted)
        self._new: set[str] = set()
        self._woken = asyncio.Event()

    def offer(self, topics: set[str]) -> None:
        if mine := self.wanted & topics:
            self._new |= mine
            self._woken.set()

    async def next(self, seconds: float) -> list[str]:
        """Topics with something new, or [] when nothing came in time. A slow page gets each topic once, not a queue."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return []
        self._woken.clear()
        new, self._new = sorted(self._new), set()
        return new


class Pulse:
    """One look at the ledger for all listeners; none where nobody listens."""

    def __init__(self, most: int = 1000) -> None:
        self.most = most
        self.walls = Walls(self.ask, most)
        self.listeners: set[Listener] = set()
        self._seen: dict[int, None] = {}
        # Django's connections belong to threads: one thread holds one connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pulse")

    @asynccontextmanager
    async def listening(self, topics: Iterable[str]) -> AsyncIterator[Listener]:
        """A listener for the length of the block. Raises Full."""
        if len(self.listeners) >= self.most:
            raise Full
        listener = Listener(topics)
        self.listeners.add(listener)
        try:
            yield listener
        finally:
            self.listeners.discard(listener)

    async def ask(self, question: Callable[[], T]) -> T:
        """Ask the database something in the pulse's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question)

    def _look(self) -> set[str]:
        close_old_connections()
        after = (time.time_ns() // 1_000_000 - _REACH_MS) << _SHIFT
        found = ledger.latest(after, LIMIT)
        topics: set[str] = set()
        for number, verb, _unit, _kind in found:
            if number not in self._seen:
                topics |= touched(verb)
        self._seen = dict.fromkeys(row[0] for row in found)
        return topics

    async def beat(self) -> None:
        """Look for ever."""
        fresh = True
        while True:
            await asyncio.sleep(EVERY)
            if not self.listeners and not self.walls.watchers:
                fresh = True
                continue
            try:
                topics = await self.ask(self._look)
            except DatabaseError:
                continue
            if not fresh:
                for listener in list(self.listeners):
                    listener.offer(topics)
            await self.walls.beat(fresh or not topics.isdisjoint(PUBLIC))
            fresh = False
