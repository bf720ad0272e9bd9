"""The blind index after a rotation of its key: patients are found before, meanwhile and afterwards."""

from types import SimpleNamespace

import pytest

from luodi.cli import work
from luodi.patients import actions, finding
from luodi.patients.models import BlindIndex
from luodi.trust import vault
from luodi.trust.models import Entry
from tests.patients.test_identity import why


@pytest.mark.law
def test_a_rotated_index_finds_before_during_and_after(house: SimpleNamespace) -> None:
    patients = [house.patient(name="单雄信", phone=f"1380000{n:04d}") for n in range(5)]
    vault.rotate("blind")
    assert set(why("sxx")) == set(patients)
    late = house.patient(name="单雄信")
    assert actions.reindex(house.system, batch=3) == 3
    assert set(why("sxx")) == {*patients, late}
    while actions.reindex(house.system, batch=3):
        pass
    version = vault.purpose_key("blind").version
    assert not BlindIndex.objects.exclude(key_version=version).exists()
    assert set(why("单雄信")) == {*patients, late}


def test_the_worker_moves_what_a_rotation_left(house: SimpleNamespace) -> None:
    patients = [house.patient(name="单雄信", phone=f"1380000{n:04d}") for n in range(3)]
    vault.rotate("blind")
    work.keep_index()
    assert (finding.behind(9), set(why("sxx"))) == ([], set(patients))
    written = Entry.objects.count()
    work.keep_index()
    assert Entry.objects.count() == written, "where nothing is behind, nothing is done"
