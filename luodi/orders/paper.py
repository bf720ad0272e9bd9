"""The bytes that are signed: the whole prescription as canonical JSON.

Patients are named by key, free text by the SM3 digest of its sealed bytes, so the kept bytes identify nobody and the
signature still covers every word. A sealed blob carries a random nonce: its digest says nothing about short texts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from luodi.advice.types import Finding
from luodi.orders.models import Line, Prescription
from luodi.trust import canonical
from luodi.trust.vault.sm import sm3

FORM = "luodi.prescription/1"
_LINE = (
    "seq", "medicine", "generic", "brand", "strength", "form", "dose", "dose_unit",
    "route", "frequency", "per_day", "days", "quantity", "pack_unit", "prn", "skin_test",
)  # fmt: skip
_DRIP = ("bag", "rate", "rate_unit")
_PLACES = {"dose": 4, "per_day": 5, "days": 1, "quantity": 3, "rate": 1}


def lines_part(rows: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines as they are signed, in the order of the sheet; decimals with the digits of their columns."""
    return [_line(row) for row in rows]


def _line(row: Line) -> dict[str, Any]:
    part: dict[str, Any] = {name: getattr(row, name) for name in _LINE}
    # A line signed before these columns were there says the same as ever.
    part |= {name: getattr(row, name) for name in _DRIP if getattr(row, name)}
    for name, places in _PLACES.items():
        if part.get(name) is not None:
            part[name] = f"{part[name]:.{places}f}"
    if row.skin_test_at:
        part["skin_test_at"] = row.skin_test_at.isoformat()
    part["words"] = sm3(bytes(row.words)).hex() if row.words else ""
    return part


def answers_part(answers: Mapping[str, tuple[str, bytes]]) -> list[list[str]]:
    """Answers as they are signed: finding key, code, digest of the sealed words, by key."""
    return [[key, code, sm3(words).hex() if words else ""] for key, (code, words) in sorted(answers.items())]


def message(
    rx: Prescription,
    rows: Sequence[Line],
    *,
    version: int,
    staff: int,
    kind: str,
    diagnoses: Sequence[str],
    issued: datetime,
    valid_until: datetime,
    ruleset: str,
    findings: Sequence[Finding],
    answers: Mapping[str, tuple[str, bytes]],
) -> bytes:
    """Canonical JSON of one version. `answers`: finding key → (code, sealed words)."""
    return canonical.data(
        {
            "form": FORM,
            "prescription": rx.pk,
            "version": version,
            "patient": rx.patient_id,
            "encounter": rx.encounter_id,
            "visit_class": rx.visit_class,
            "unit": rx.unit_id,
            "prescriber": staff,
            "kind": kind,
            "diagnoses": list(diagnoses),
            "issued": issued,
            "valid_until": valid_until,
            "ruleset": ruleset,
            "lines": lines_part(rows),
            "findings": [[finding.key, str(finding.grade)] for finding in findings],
            "answers": answers_part(answers),
        }
    )
