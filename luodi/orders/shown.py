"""Which findings stop the hand, and which of them were not noted as shown yet."""

from collections.abc import Sequence
from typing import Any

from luodi.advice.types import Grade
from luodi.orders.models import Shown


def stopping(findings: Sequence[Any]) -> list[Any]:
    """Those that stop the hand: questions and refusals, not what is merely told."""
    return [finding for finding in findings if finding.grade in (Grade.ASK, Grade.REFUSE)]


def unseen(prescription: int, version: int, findings: Sequence[Any]) -> list[Any]:
    """Of these findings the stopping ones that nobody has noted for this version yet."""
    asked = stopping(findings)
    if not asked:
        return []
    rows = Shown.objects.filter(prescription=prescription, version=version)
    known = set(rows.values_list("key", flat=True))
    return [finding for finding in asked if finding.key not in known]
