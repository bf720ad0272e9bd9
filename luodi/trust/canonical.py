"""Canonical JSON: the same facts always give the same bytes, so that they can be signed and verified later."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def text(facts: Any) -> str:
    """`facts` as JSON with sorted keys, no spaces, decimals as digits. Raises TypeError for anything else."""
    return _ENCODER.encode(facts)


def data(facts: Any) -> bytes:
    """The UTF-8 bytes of `text(facts)`."""
    return text(facts).encode()
