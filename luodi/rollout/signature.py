"""What a gate signature signs."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from luodi.trust import canonical

from .models import FrozenReading, Weighing


def signed_bytes(weighing: Weighing, decision: str, reason: str, at: datetime) -> bytes:
    """The canonical bytes that are signed: the gate, every frozen reading, the head, the decision and its reason."""
    body = {
        "gate": weighing.gate.code,
        "version": weighing.gate.version,
        "weighing": weighing.pk,
        "head": weighing.head,
        "verdict": weighing.verdict,
        "readings": [_reading(row) for row in weighing.readings.select_related("criterion")],
        "decision": str(decision),
        "reason": reason.strip(),
        "at": at.isoformat(),
    }
    return canonical.data(body)


def _reading(row: FrozenReading) -> list[Any]:
    asked = row.criterion
    return [
        asked.measure, asked.part, asked.bound, _plain(asked.target), _plain(row.value), _plain(row.top), row.bottom,
        row.start.isoformat(), row.end.isoformat(), row.measure_version, row.verdict,
    ]  # fmt: skip


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number.normalize(), "f")
