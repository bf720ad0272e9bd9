"""A high-alert drug is given by two people: the second shows an own login and password before anything is written."""

from typing import Any

import pytest

from luodi.trust import clock, ledger
from luodi.ward.models import Administration
from tests.orders.place import refused, wish
from tests.ward.scene import PASSWORD, Scene

DIGOXIN = wish("M0136", "0.25", "mg", "qd")


@pytest.fixture
def dose(scene: Scene) -> Any:
    scene.lot("M0136", "100")
    return scene.doses(scene.inpatient(DIGOXIN))[0]


def test_without_a_witness_it_is_refused(scene: Scene, dose: Any) -> None:
    with clock.at(dose.planned_at), refused("witness_missing"):
        scene.give(dose)


def test_a_second_nurse_witnesses(scene: Scene, dose: Any) -> None:
    with clock.at(dose.planned_at):
        pk = scene.give(dose, witness_login="second", witness_password=PASSWORD)
    assert Administration.objects.get(pk=pk).witness_id == scene.second.staff
    facts = [line.facts for line in ledger.entries(verb="medication.administer")]
    assert facts[-1]["witness"] == scene.second.staff
    assert PASSWORD not in str(list(ledger.entries()))


def test_a_wrong_password_is_refused(scene: Scene, dose: Any) -> None:
    with clock.at(dose.planned_at), refused("witness_credentials"):
        scene.give(dose, witness_login="second", witness_password="wrong")
    assert not Administration.objects.exists()


def test_the_giver_cannot_witness(scene: Scene, dose: Any) -> None:
    with clock.at(dose.planned_at), refused("witness_same"):
        scene.give(dose, by=scene.second, witness_login="second", witness_password=PASSWORD)


def test_a_person_without_the_permission_cannot_witness(scene: Scene, dose: Any) -> None:
    from django.contrib.auth.hashers import make_password

    from tests.ward.scene import hire

    hire("clerk", "registrar", scene.units["W1"], make_password(PASSWORD))
    with clock.at(dose.planned_at), refused("witness_post"):
        scene.give(dose, witness_login="clerk", witness_password=PASSWORD)
