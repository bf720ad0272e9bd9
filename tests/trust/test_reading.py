"""Readings are evidence; when the ledger cannot be written they are kept and folded in afterwards."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from luodi.trust import ledger, reading, spool
from luodi.trust.ledger import recording
from luodi.trust.refusal import StorageFull
from tests.trust.conftest import People

pytestmark = pytest.mark.law


@pytest.fixture(autouse=True)
def _own_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LUODI_DATA", tmp_path)
    spool.prepare()


def _disk_is_full(*args: object, **kwargs: object) -> None:
    raise StorageFull


def test_one_entry_names_all_patients_shown(people: People) -> None:
    assert reading.record(people.doctor, {5, 3}, "ward:board")
    entry = list(ledger.entries(verb="read"))[-1]
    assert entry.facts == {"screen": "ward:board", "patients": [3, 5]}
    assert entry.staff == people.doctor.staff


def test_reading_goes_on_when_the_disk_is_full_and_is_folded_in_afterwards(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(recording, "_write", _disk_is_full)
        assert not reading.record(people.doctor, {7}, "chart:record")
        assert not reading.record(people.nurse, {8}, "ward:board")
    assert spool.waiting()
    assert not list(ledger.entries(verb="read"))
    assert spool.fold() == 2
    assert not spool.waiting()
    entries = list(ledger.entries(verb="read"))
    assert [(e.staff, e.facts["patients"], e.facts["spooled"]) for e in entries] == [
        (people.doctor.staff, [7], True),
        (people.nurse.staff, [8], True),
    ]
    assert spool.fold() == 0


def test_a_line_changed_in_the_spool_is_told_and_not_believed(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(recording, "_write", _disk_is_full)
        reading.record(people.doctor, {7}, "chart:record")
    file = spool.path()
    file.write_bytes(file.read_bytes().replace(b'"patients":[7]', b'"patients":[6]'))
    spool.fold()
    facts = list(ledger.entries(verb="read"))[-1].facts
    assert facts["damaged"] is True
    assert "patients" not in facts


def test_a_full_spool_stops_reading(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_write", _disk_is_full)
    assert not reading.record(people.doctor, {7}, "chart:record")
    line = len(spool.path().read_bytes().rstrip(b"\0"))
    monkeypatch.setattr(spool, "SIZE", line + line // 2)
    with pytest.raises(spool.SpoolFull):
        reading.record(people.doctor, {7}, "chart:record")


def test_the_spool_takes_its_space_beforehand() -> None:
    assert spool.path().stat().st_size == spool.SIZE
    assert spool.path().stat().st_mode & 0o077 == 0


def test_entries_hold_no_more_than_numbers_and_codes(people: People) -> None:
    reading.record(people.doctor, {5}, "chart:record")
    assert json.loads(json.dumps(list(ledger.entries(verb="read"))[-1].facts)) == {"screen": "chart:record"}
