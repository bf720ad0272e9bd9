"""The five rights as a table: what was scanned, and which right does not hold."""

from datetime import UTC, datetime, timedelta

import pytest

from luodi.ward import timing
from luodi.ward.rights import Ordered, Packed, State, first_wrong, judge

EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
ORDERED = Ordered(task=1, patient=7, line=3, medicine="M1", planned_at=EIGHT)
OWN = Packed(patient=7, medicine="M1", line=3, task=1)
STANDARD = timing.window("bid")

TABLE = [
    # scanned patient, package, minutes after planned, first wrong right
    (7, OWN, 0, ""),
    (7, OWN, -60, ""),
    (7, OWN, 60, ""),
    (7, OWN, -61, "time"),
    (7, OWN, 61, "time"),
    (8, OWN, 0, "patient"),
    (7, OWN._replace(patient=8), 0, "patient"),
    (7, OWN._replace(medicine="M2", line=4, task=9), 0, "drug"),
    (7, OWN._replace(line=4, task=9), 0, "dose"),
    (7, OWN._replace(task=2), 0, "time"),
    (7, OWN._replace(task=None), 0, ""),
    (None, OWN, 0, ""),
    (7, None, 0, ""),
    (None, None, 90, "time"),
]


@pytest.mark.parametrize(("patient", "packed", "minutes", "wrong"), TABLE)
def test_five_rights(patient: int | None, packed: Packed | None, minutes: int, wrong: str) -> None:
    rights = judge(ORDERED, patient=patient, packed=packed, now=EIGHT + timedelta(minutes=minutes), window=STANDARD)
    assert [right.code for right in rights] == ["patient", "drug", "dose", "route", "time"]
    assert first_wrong(rights) == wrong


def test_what_was_not_scanned_is_neither_right_nor_wrong() -> None:
    rights = judge(ORDERED, patient=None, packed=None, now=EIGHT, window=STANDARD)
    assert [right.state for right in rights] == [State.UNSCANNED] * 4 + [State.RIGHT]


@pytest.mark.parametrize(
    ("frequency", "atc", "minutes"),
    [("bid", "J01CA04", 60), ("q8h", "", 60), ("q4h", "J01CA04", 30), ("st", "", 30), ("tid", "A10AB01", 30)],
)
def test_windows_are_data(frequency: str, atc: str, minutes: int) -> None:
    window = timing.window(frequency, atc)
    assert window.early == window.late == timedelta(minutes=minutes)
    assert window.state(EIGHT, EIGHT + timedelta(minutes=minutes)) == "due"
    assert window.state(EIGHT, EIGHT + timedelta(minutes=minutes, seconds=1)) == "overdue"
    assert window.state(EIGHT, EIGHT - timedelta(minutes=minutes, seconds=1)) == "later"
