"""What a request carries once the middleware has seen it, for the type checker's sake and the reader's."""

from collections.abc import Callable

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from luodi.trust.actor import Actor
from luodi.trust.sessions import Resolved


class Request(HttpRequest):
    """A request of a screen. `saw(patient, …, care=True)` names the patients that the answer shows."""

    actor: Actor
    actor_permissions: frozenset[str]
    session_row: Resolved | None
    saw: Callable[..., None]
    htmx: HtmxDetails
