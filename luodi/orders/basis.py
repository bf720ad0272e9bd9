"""What a check was asked, kept with the signature: wish and snapshot as text, and read again as the same values.

A field that a later program added is absent in what was kept before, and has its default then: unknown.
"""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from luodi.advice.types import Snapshot, Wish
from luodi.trust import canonical

FIELD = "orders.basis"


def text(wish: Wish, patient: Snapshot) -> str:
    """Both as canonical JSON."""
    return canonical.text({"wish": _plain(wish), "patient": _plain(patient)})


def read(kept: str) -> tuple[Wish, Snapshot]:
    """What `text` was given. Raises ValueError where it is something else."""
    held = json.loads(kept)
    try:
        return _value(Wish, held["wish"]), _value(Snapshot, held["patient"])
    except (KeyError, TypeError, ArithmeticError) as fault:
        raise ValueError(f"no basis of a check: {type(fault).__name__}") from fault


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, kept: Any) -> Any:
    if get_origin(kind) in (UnionType, Union):
        inner = next(each for each in get_args(kind) if each is not type(None))
        return None if kept is None else _value(inner, kept)
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], each) for each in kept)
    if hasattr(kind, "_fields"):
        return kind(**{name: _value(hint, kept[name]) for name, hint in _hints(kind).items() if name in kept})
    if kind is Decimal:
        return Decimal(kept)
    if kind is date:
        return date.fromisoformat(kept)
    return kept
