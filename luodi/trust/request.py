"""The request as screens know it: Django's, with what the trust room's middleware puts on it."""

from typing import Protocol

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from luodi.trust.actor import Actor
from luodi.trust.sessions import Resolved


class Saw(Protocol):
    """Names patients shown by this response: one read entry is written before it leaves.

    Raises access.NoCare where the actor has nothing to do with one of them (care=False asks nothing).
    """

    def __call__(self, *patients: int, care: bool = True) -> None: ...


class Request(HttpRequest):
    """A request behind `@screen`: somebody is logged in and at work in a post."""

    actor: Actor
    actor_permissions: frozenset[str]
    session_row: Resolved
    htmx: HtmxDetails
    saw: Saw
