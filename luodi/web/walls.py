"""Public screens on walls: one reading of a unit for all its screens, and every screen always told the whole state.

A frame is the content of a screen, not a change of it. So a screen that was away, was slow or begins misses nothing and
hears nothing twice: it has the newest frame or it does not, which its version says.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from django.db import DatabaseError

from luodi.reception.wall import Frame, Screen, frames

# Without a touch too: a session begins by the clock, and an entry may come later than the pulse looks back.
READ_AGAIN = 15.0
Ask = Callable[[Callable[[], dict[Screen, Frame]]], Awaitable[dict[Screen, Frame]]]


class Full(Exception):
    """As many listeners as this process takes."""


class Watcher:
    """One open screen, and the version that it has."""

    def __init__(self, screen: Screen, has: str) -> None:
        self.screen, self.has = screen, has
        self.woken = asyncio.Event()


class Walls:
    """The open public screens, and the newest frame of each kind of them."""

    def __init__(self, ask: Ask, most: int) -> None:
        self._ask, self.most = ask, most
        self.watchers: set[Watcher] = set()
        self.newest: dict[Screen, tuple[str, bytes]] = {}
        self.readings = 0  # of the database, one for a unit
        self._turn = asyncio.Lock()
        self._read_at = 0.0
        self._behind = False

    @asynccontextmanager
    async def watching(self, screen: Screen, has: str) -> AsyncIterator[Watcher]:
        """A watcher for the length of the block. Raises Full."""
        if len(self.watchers) >= self.most:
            raise Full
        watcher = Watcher(screen, has)
        self.watchers.add(watcher)
        try:
            yield watcher
        finally:
            self.watchers.discard(watcher)
            if screen not in self._watched():
                self.newest.pop(screen, None)  # it would be old when somebody comes

    async def next(self, watcher: Watcher, seconds: float) -> bytes | None:
        """The newest frame once it is another than the watcher has; None where none came in time."""
        if watcher.screen not in self.newest:
            async with self._turn:
                if watcher.screen not in self.newest:
                    await self._read({watcher.screen})
        version, sent = self.newest.get(watcher.screen, (watcher.has, b""))
        if version == watcher.has:
            watcher.woken.clear()
            try:
                await asyncio.wait_for(watcher.woken.wait(), seconds)
            except TimeoutError:
                return None
            version, sent = self.newest[watcher.screen]
        if version == watcher.has:
            return None
        watcher.has = version
        return sent

    async def beat(self, touched: bool) -> None:
        """After each look at the ledger: read what is watched again where something was touched or it is time."""
        self._behind |= touched or time.monotonic() - self._read_at > READ_AGAIN
        if not self._behind:
            return
        async with self._turn:
            self._behind = not await self._read(self._watched())
            self._read_at = time.monotonic()

    def _watched(self) -> set[Screen]:
        return {watcher.screen for watcher in self.watchers}

    async def _read(self, screens: set[Screen]) -> bool:
        """Whether the database answered; what is new wakes those who watch it."""
        by_unit: dict[str, set[Screen]] = {}
        for screen in screens:
            by_unit.setdefault(screen.code, set()).add(screen)
        moved = set()
        for code, of in by_unit.items():
            try:
                drawn = await self._ask(lambda code=code, of=of: frames(code, of))  # type: ignore[misc]
            except DatabaseError:
                return False
            self.readings += 1
            watched = self._watched()
            for screen, frame in drawn.items():
                if screen in watched and self.newest.get(screen, ("",))[0] != frame.version:
                    self.newest[screen] = frame.version, _event(frame)
                    moved.add(screen)
        for watcher in self.watchers:
            if watcher.screen in moved:
                watcher.woken.set()
        return True


def _event(frame: Frame) -> bytes:
    lines = "".join(f"data: {line}\n" for line in frame.html.splitlines())
    return f"id: {frame.version}\nevent: frame\n{lines}\n".encode()
