"""Every request: who is it, and which patients did the answer show."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from luodi.trust import access, reading, sessions
from luodi.trust.actor import NOBODY
from luodi.trust.refusal import Refusal

Respond = Callable[[HttpRequest], HttpResponse]


def source(request: HttpRequest) -> str:
    """Where a request comes from: the terminal's address, as the ledger's `device`.

    Behind the proxy on this machine it is the address that the proxy saw: the last of X-Forwarded-For, those before it
    being what a client claims. Anybody who comes another way is taken at the address of the connection.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))[:80]
    if settings.LUODI.tls != "proxy" or not _loopback(direct):
        return direct
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(seen))
    except ValueError:
        return direct


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class SessionMiddleware:
    """Sets request.session_row (Resolved or None), request.actor and request.actor_permissions."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: Any) -> HttpResponse:
        resolved = sessions.resolve(request.COOKIES.get(sessions.COOKIE, ""))
        request.session_row = resolved
        request.actor = resolved.actor if resolved else None
        request.actor_permissions = (
            access.permissions(resolved.actor) if resolved and resolved.actor.post else frozenset()
        )
        return self.respond(request)


class ReadEvidenceMiddleware:
    """Gives views `request.saw(patient, …)` and writes the reading before the response leaves: one entry, and one
    for each break-glass that it took."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: Any) -> HttpResponse:
        # patient → number of the break-glass that let them be seen, "" where care did
        seen: dict[int, str] = {}

        def saw(*patients: int, care: bool = True) -> None:
            by = request.actor or NOBODY
            for patient in patients:
                broken = access.require_care(by, patient) if care else ""
                seen[patient] = broken or seen.get(patient, "")

        request.saw = saw
        response = self.respond(request)
        if not seen or response.status_code >= 500:
            return response
        return self._evidenced(request, response, seen)

    def _evidenced(self, request: Any, response: HttpResponse, seen: dict[int, str]) -> HttpResponse:
        # whoever reads a person reads all records of theirs
        for record, whole in access.persons(seen).items():
            if record in seen:
                seen |= {other: seen[record] for other in whole.records if other not in seen}
        match = request.resolver_match
        by, shown = request.actor or NOBODY, match.view_name if match else ""
        try:
            # every one is tried, also after one that went to the spool
            kept = [
                reading.record(
                    by._replace(breakglass=glass), {patient for patient in seen if seen[patient] == glass}, shown
                )
                for glass in sorted(set(seen.values()))
            ]
        except Refusal as refusal:
            return render(request, "web/refused.html", {"refusal": refusal}, status=refusal.status)
        if not all(kept):
            response["X-Luodi-Spool"] = "1"
            notice = _("账本暂时无法写入：可以继续查看病历，新的操作暂停。请通知信息科。")
            response.content = response.content.replace(
                b"<!--spool-->", f'<p class="banner-alert" role="alert">{notice}</p>'.encode()
            )
        return response
