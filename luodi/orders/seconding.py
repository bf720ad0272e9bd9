"""双签: what a prescriber signs a second time, by showing once more who signs (`data/second_signature.csv`)."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from luodi.advice.types import Grade
from luodi.trust import canonical, people, vault
from luodi.trust.actor import Actor
from luodi.trust.tables import in_force
from luodi.trust.vault.sm import sm3

_RULES = Path(__file__).parent / "data" / "second_signature.csv"
FORM = "luodi.prescription.second.1"


class Second(NamedTuple):
    """The second signature of a version: over the first one's message and the findings that asked for it."""

    findings: tuple[str, ...]
    message: bytes
    key_id: int
    value: bytes


def needed(findings: Iterable[Any]) -> list[Any]:
    """Those of these findings that ask, and are signed a second time."""
    rules = {row["rule"] for row in in_force(_RULES)}
    return [each for each in findings if Grade(each.grade) is Grade.ASK and each.rule in rules]


def covers(message: bytes, findings: Iterable[str]) -> bool:
    """Whether the signed bytes say these findings."""
    return bool(json.loads(message)["findings"] == sorted(findings))


def signed(by: Actor, first: bytes, findings: Sequence[Any], password: str) -> Second:
    """Sign again. password: typed anew for this. Raises people.WrongCredentials, lockout.Locked."""
    people.confirm(by.staff, password, source=by.device)
    keys = tuple(sorted(each.key for each in findings))
    message = canonical.data({"form": FORM, "first": sm3(first).hex(), "findings": list(keys)})
    key_id, value = vault.sign(by, message)
    return Second(keys, message, key_id, value)
