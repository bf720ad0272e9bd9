"""The live process: Server-Sent Events that say which worklist has something new, to pages of a live session.

A process of its own, because a listener would hold one of the web process's threads for as long as its page is open.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import django
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.web.settings")
django.setup()

from django.conf import settings  # noqa: E402 (Django is set up first)

from luodi.reception.wall import LONGEST, Screen, unit_of  # noqa: E402
from luodi.trust import sessions  # noqa: E402
from luodi.web.pulse import Pulse  # noqa: E402
from luodi.web.topics import PUBLIC  # noqa: E402
from luodi.web.walls import Full  # noqa: E402

HEARTBEAT = 15.0
BEAT = 5.0  # of a public screen, which takes a line that is silent for twice as long for cut
TOPICS = 20
pulse = Pulse()


def allowed_origin(request: Request) -> str:
    """The origin of this hospital's own pages, the only one that may listen from elsewhere."""
    host = request.url.hostname or ""
    name = f"[{host}]" if ":" in host else host
    return f"{request.url.scheme}://{name}:{settings.LUODI.port}"


def _headers(request: Request) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Origin"}
    if request.headers.get("origin") == allowed_origin(request):
        headers["Access-Control-Allow-Origin"] = allowed_origin(request)
        headers["Access-Control-Allow-Credentials"] = "true"
    return headers


async def _alive(token: str) -> bool:
    return await pulse.ask(lambda: sessions.resolve(token, touch=False)) is not None


async def _events(token: str | None, topics: list[str]) -> AsyncIterator[str]:
    with suppress(Full):
        async with pulse.listening(topics) as listener:
            yield "retry: 3000\n\n"
            while True:
                new = await listener.next(HEARTBEAT)
                if not new:
                    if token is not None and not await _alive(token):
                        return
                    yield ": still here\n\n"
                for topic in new:
                    yield f"event: {topic}\ndata: changed\n\n"


async def stream(request: Request) -> Response:
    """`GET /live/?topics=review,queue`: 401 without a session (not for PUBLIC), 400 without topics, 503 when full."""
    headers = _headers(request)
    topics = [topic for topic in request.query_params.get("topics", "").split(",") if topic.replace("-", "").isalnum()]
    token = None if topics and set(topics) <= PUBLIC else request.cookies.get(sessions.COOKIE, "")
    if token is not None and not await _alive(token):
        return PlainTextResponse("no session", 401, headers)
    if not topics or len(topics) > TOPICS:
        return PlainTextResponse("topics?", 400, headers)
    if len(pulse.listeners) >= pulse.most:
        return PlainTextResponse("full", 503, headers | {"Retry-After": "30"})
    return StreamingResponse(_events(token, topics), media_type="text/event-stream", headers=headers)


async def _frames(screen: Screen, has: str) -> AsyncIterator[bytes]:
    walls = pulse.walls
    with suppress(Full):
        async with walls.watching(screen, has) as watcher:
            yield b"retry: 1000\n\n"
            while True:
                # an event, not a comment: the screen hears that the line stands and which version it should have
                yield await walls.next(watcher, BEAT) or f"event: beat\ndata: {watcher.has}\n\n".encode()


async def screen(request: Request) -> Response:
    """`GET /live/screen/?unit=GIM&room=…&language=…`: frames of a public screen, each the whole of it.

    No login. `Last-Event-ID`, or `has`, is the version that the screen shows: the same one is not sent again.
    404 for a unit without public screens, 503 when full.
    """
    headers, asked = _headers(request), request.query_params
    code, room, language = asked.get("unit", ""), asked.get("room", ""), asked.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    if len(room) > LONGEST or await pulse.ask(lambda: unit_of(code)) is None:
        return PlainTextResponse("unit?", 404, headers)
    if len(pulse.walls.watchers) >= pulse.walls.most:
        return PlainTextResponse("full", 503, headers | {"Retry-After": "30"})
    has = request.headers.get("last-event-id") or asked.get("has", "")
    return StreamingResponse(
        _frames(Screen(code, room, language), has), media_type="text/event-stream", headers=headers
    )


async def healthz(_request: Request) -> Response:
    """200 while the process answers, with the number of listeners."""
    return PlainTextResponse(f"{len(pulse.listeners) + len(pulse.walls.watchers)}\n")


@asynccontextmanager
async def _beating(_app: Starlette) -> AsyncIterator[None]:
    task = asyncio.create_task(pulse.beat())
    yield
    task.cancel()


application = Starlette(
    routes=[Route("/live/", stream), Route("/live/screen/", screen), Route("/live/healthz", healthz)],
    lifespan=_beating,
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=settings.ALLOWED_HOSTS)],
)
