"""Every write is an act: one decorator gives it permission check, transaction and evidence.

The act's ledger entry has its number from the start, so that the rows it writes can carry it, and is written last, when
its facts are known, in the same transaction. A refused outermost act leaves one entry of verb `refused`, written after
it has unwound.
"""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from luodi.trust.actor import Actor, Ref
from luodi.trust.refusal import Refusal

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Running:
    """An act under way."""

    id: int
    verb: str
    by: Actor
    cause: int | None = None
    ref: Ref | None = None
    breakglass: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    sealed: bytes | None = None
    sealed_key: int | None = None


_running: ContextVar[Running | None] = ContextVar("running_act", default=None)


def _here() -> Running:
    running = _running.get()
    if running is None:
        raise RuntimeError("this is written inside an act only")
    return running


def current_entry() -> int:
    """Number of the running act's ledger entry. Raises RuntimeError outside an act."""
    return _here().id


def about(kind: str, pk: int, patient: int | None = None, *, care: bool = True) -> None:
    """Name what the running act is about, and check the care relationship to its patient.

    care=False is for acts on identity alone (registration, slots), which need none.
    Raises access.NoCare, RuntimeError outside an act.
    """
    from luodi.trust import access

    running = _here()
    running.ref = Ref(kind, pk, patient)
    if patient is not None and care:
        running.breakglass = access.require_care(running.by, patient)


def evidence(**facts: Any) -> None:
    """Add facts to the running act's entry: numbers, codes, times; never a patient's identifier or free text."""
    _here().facts.update(facts)


def evidence_sealed(key: Any, **facts: Any) -> None:
    """Add identifying facts to the entry, sealed under a patient's data key. At most once an act."""
    from luodi.trust import canonical, vault

    running = _here()
    running.sealed = vault.seal(canonical.text(facts), key, field="ledger")
    running.sealed_key = key.pk


@contextmanager
def _as_running(running: Running) -> Any:
    token = _running.set(running)
    try:
        yield running
    finally:
        _running.reset(token)


def act(verb: str, *, may: str | None, prepare: Callable[..., Any] | None = None) -> Callable[[F], F]:
    """Make a function `f(by: Actor, …)` a public writer.

    verb: the entry's verb. may: permission that the actor's post must hold; None where the act checks for itself.
    prepare: called with the same arguments before the transaction opens; its result arrives as keyword `prepared`.
    """

    def decorate(function: F) -> F:
        @wraps(function)
        def run(by: Actor, *args: Any, **kwargs: Any) -> Any:
            outer = _running.get()
            try:
                return _perform(function, verb, may, prepare, outer, by, args, kwargs)
            except Refusal as refusal:
                if outer is None:
                    _record_refusal(verb, by, refusal)
                raise

        run.__act__ = verb  # type: ignore[attr-defined]
        run.__may__ = may  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return decorate


def _perform(
    function: Callable[..., Any],
    verb: str,
    may: str | None,
    prepare: Callable[..., Any] | None,
    outer: Running | None,
    by: Actor,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    from luodi.trust import access, ledger
    from luodi.trust.write import write

    if prepare is not None:
        if may is not None:
            access.require(by, may)
        kwargs["prepared"] = prepare(by, *args, **kwargs)
    with write():
        running = Running(ledger.new_id(), verb, by, cause=outer.id if outer else None)
        with _as_running(running):
            if may is not None:
                access.require(by, may)
            result = function(by, *args, **kwargs)
            if running.ref is None:
                raise RuntimeError(f"act {verb} did not say what it is about")
        ledger.append(running)
    return result


def _record_refusal(verb: str, by: Actor, refusal: Refusal) -> None:
    from luodi.trust import ledger

    if getattr(refusal, "recorded", False):
        return
    refusal.recorded = True  # type: ignore[attr-defined]
    ledger.record_refused(verb, by=by, code=refusal.code, facts=refusal.facts)
