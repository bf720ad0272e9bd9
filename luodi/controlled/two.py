"""Two persons at one screen: who works, and who has just shown a password of their own beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from luodi.controlled import refusals
from luodi.trust import actions as trust
from luodi.trust import canonical, vault
from luodi.trust.actor import Actor
from luodi.trust.clock import now

WITNESS = "controlled.witness"


@dataclass
class Pair:
    """The two persons of the act under way, the document it is done on, and from whom or to whom."""

    first: int
    second: int
    document: str = ""
    other: str = ""
    resolving: bool = False


_pair: ContextVar[Pair | None] = ContextVar("controlled_pair", default=None)


@contextmanager
def countersigned(
    by: Actor, login: str, password: str, code: str = "", *, document: str = "", other: str = ""
) -> Iterator[None]:
    """What the block does with controlled drugs is done by two: the actor, and the person of these credentials.

    Around a call of an act, never inside one: a password is checked before any lock is taken. An empty login changes
    nothing, so that a screen need not ask which drugs are controlled.
    Raises Refusal (second_credentials, second_same, second_post, second_code).
    """
    if not login.strip():
        yield
        return
    second = trust.show_second(by, login, password, permission=WITNESS, code=code)
    token = _pair.set(Pair(by.staff, second, document[:64], other[:64]))
    try:
        yield
    finally:
        _pair.reset(token)


def pair(by: Actor) -> Pair:
    """The two persons of what is going on. Raises SecondMissing."""
    found = _pair.get()
    if found is None or found.first != by.staff or found.second == by.staff:
        raise refusals.SecondMissing()
    return found


def name(document: str, other: str = "") -> None:
    """Name the document (a prescription number), and from or to whom, for the lines that follow in this act."""
    found = _pair.get()
    if found is not None:
        found.document, found.other = document[:64], other[:64]


def signed(by: Actor, **facts: Any) -> dict[str, Any]:
    """The columns of a `Signed` row: both persons, the moment, the bytes and both signatures.

    Raises SecondMissing, vault's Reauthenticate where the actor's own signing window is closed.
    """
    both, at = pair(by), now()
    message = canonical.data(facts | {"first": both.first, "second": both.second, "at": at})
    mine, theirs = vault.sign(by, message), vault.sign_for(both.second, message)
    return {
        "first_id": both.first, "second_id": both.second, "at": at, "message": message,
        "first_key": mine.key_id, "first_value": mine.value, "second_key": theirs.key_id, "second_value": theirs.value,
    }  # fmt: skip
