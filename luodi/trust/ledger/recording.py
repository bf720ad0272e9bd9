"""Writing entries."""

import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any

from luodi.trust import canonical
from luodi.trust.act import Running
from luodi.trust.actor import Actor, Ref
from luodi.trust.clock import now
from luodi.trust.ledger import codes
from luodi.trust.models import Entry, Pending
from luodi.trust.question import Question
from luodi.trust.refusal import ClockBackwards
from luodi.trust.vault.keys import purpose_key
from luodi.trust.write import write

_NEWEST = Question(lambda: Entry.objects.order_by("-pk").values_list("pk", flat=True)[:1])
_SHIFT = 20
# Clocks of a well-kept server slew by milliseconds; this is far above that and far below a wrong hand.
_BACKWARDS_MS = 2_000
_turn = threading.Lock()
_last = 0


def new_id() -> int:
    """A number for a new entry: milliseconds ‖ 20 random bits, rising within a process."""
    global _last
    with _turn:
        _last = max(_last + 1, (time.time_ns() // 1_000_000 << _SHIFT) | secrets.randbits(_SHIFT))
        return _last


def _refuse_backwards() -> None:
    # the clock itself is asked: a number from `new_id` rises within its process whatever the clock does
    newest = (_NEWEST.first() or 0) >> _SHIFT
    if time.time_ns() // 1_000_000 < newest - _BACKWARDS_MS:
        raise ClockBackwards


def _write(entry: Entry) -> Entry:
    key = purpose_key("ledger")
    entry.key_version = key.version
    entry.mac = codes.of_entry(entry, key.secret)
    entry.save(force_insert=True)
    Pending(entry_id=entry.pk).save(force_insert=True)
    return entry


def _entry(number: int, verb: str, by: Actor, ref: Ref, facts: Mapping[str, Any]) -> Entry:
    return Entry(
        id=number,
        at=now(),
        verb=verb,
        staff=by.staff,
        post=by.post,
        unit=by.unit,
        device=by.device,
        session=by.session,
        breakglass=by.breakglass,
        account=by.account or None,
        kind=ref.kind,
        pk_about=ref.pk,
        patient=ref.patient,
        facts=canonical.text(facts),
    )


def append(running: Running) -> Entry:
    """Write the entry of an act, inside its transaction. Raises ClockBackwards."""
    _refuse_backwards()
    assert running.ref is not None
    entry = _entry(running.id, running.verb, running.by, running.ref, running.facts)
    entry.cause = running.cause
    entry.breakglass = running.breakglass or running.by.breakglass
    entry.sealed, entry.sealed_key = running.sealed, running.sealed_key
    return _write(entry)


def record(verb: str, *, by: Actor, about: Ref, facts: Mapping[str, Any]) -> Entry:
    """Write one entry of its own: logins, readings, commands. Facts hold no patient identifier."""
    number = new_id()
    with write():
        _refuse_backwards()
        return _write(_entry(number, verb, by, about, facts))


def record_refused(verb: str, *, by: Actor, code: str, facts: Mapping[str, Any]) -> Entry:
    """Write the one entry of a refused act, after it has unwound. A clock set back does not silence a refusal."""
    with write():
        return _write(_entry(new_id(), "refused", by, Ref("act", 0), {"act": verb, "code": code, **facts}))
