"""How a text message reaches a telephone: a provider named by the setting `sms`.

file:/path    each message is a line of JSON in a file of mode 0600: for the demo and for trying it out
module:a.b:c  a factory of the hospital's own, which returns an object with `send(phone, text)`
"" or none    nobody can be sent anything, and nobody logs in by telephone: the setting fails closed
"""

import json
import os
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from luodi.trust.clock import now
from luodi.trust.refusal import Refusal


class NoSender(Refusal):
    """No provider is set, or it could not take the message."""

    code = "no_sender"
    message = _("短信现在发不出去。")
    next = _("请稍后再试，或到窗口、自助机办理。")
    status = 503


class Sender(Protocol):
    """A provider of text messages. `send` returns when the message is taken and raises OSError where it is not."""

    def send(self, phone: str, text: str) -> None: ...


class FileSender:
    """Messages as lines of a file that nobody else may read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, phone: str, text: str) -> None:
        """Append one message. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"at": now().isoformat(), "to": phone, "text": text}, ensure_ascii=False) + "\n"
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)

    def last(self, phone: str) -> str:
        """The newest message for a telephone, "" where there is none: the demo shows it on the page."""
        if not self.path.exists():
            return ""
        lines = [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()[-200:]]
        return next((line["text"] for line in reversed(lines) if line["to"] == phone), "")


@lru_cache(maxsize=4)
def _provider(spec: str) -> Sender:
    kind, _colon, rest = spec.partition(":")
    if kind == "file" and rest:
        return FileSender(Path(rest))
    if kind == "module":
        module, _dot, name = rest.partition(":")
        made: Sender = getattr(import_module(module), name)()
        return made
    raise NoSender


def provider() -> Sender:
    """The provider of the setting. Raises NoSender."""
    return _provider(settings.LUODI.sms)


def send(phone: str, text: str) -> None:
    """Hand a message over. Raises NoSender; nothing of the message reaches a log."""
    try:
        provider().send(phone, text)
    except OSError:
        raise NoSender from None


def shown_in_demo(phone: str) -> str:
    """What the demo's file holds for a telephone; "" in any other mode."""
    held = provider() if settings.DEMO else None
    return held.last(phone) if isinstance(held, FileSender) else ""
