"""退药 by the ward: what was not given goes back, and is not given any more."""

import pytest
from django.urls import reverse

from luodi.orders import actions as orders
from luodi.pharmacy import actions as pharmacy
from luodi.pharmacy import queries as packages
from luodi.pharmacy.models import Return
from luodi.pharmacy.refusals import BadReturn
from luodi.stock.models import Lot
from luodi.trust import clock
from luodi.trust.refusal import Refusal
from luodi.ward import actions, leftover
from luodi.ward.models import Administration
from tests.orders.place import refused
from tests.pharmacy.store import AMBROXOL, balanced
from tests.sending import token_of, twice
from tests.ward.browsing import at, shown
from tests.ward.scene import Scene
from tests.ward.test_laws import together


@pytest.fixture
def rx(scene: Scene) -> int:
    return scene.inpatient()


def package_of(scene: Scene, dose: object) -> int:
    found = packages.package(scene.code(dose))  # type: ignore[arg-type]
    assert found is not None
    return found.pk


def give_back(scene: Scene, package: int, reason: str = "refused", **more: object) -> int:
    return actions.give_back(scene.nurse, package, reason, **({"intact": True} | more))  # type: ignore[arg-type]


def refuse(scene: Scene, dose: object) -> None:
    with clock.at(dose.planned_at):  # type: ignore[attr-defined]
        actions.administer(scene.nurse, dose.pk, outcome="refused", reason="patient_declines")  # type: ignore[attr-defined]


def test_a_refused_dose_restores_stock_once(scene: Scene, rx: int) -> None:
    lot = Lot.objects.get(medicine=AMBROXOL)
    dose = scene.doses(rx)[0]
    refuse(scene, dose)
    (found,) = leftover.leftovers(scene.nurse, scene.nurse.unit, {})
    assert (found.reason, found.package.task, str(found.stands)) == ("refused", dose.pk, "患者已拒绝")
    ret = give_back(scene, found.package.pk)
    assert leftover.leftovers(scene.nurse, scene.nurse.unit, {}) == []
    with pytest.raises(BadReturn, match="全部退药"):
        give_back(scene, found.package.pk)
    pharmacy.judge(scene.also("check_pharmacist"), ret, "restock")
    with pytest.raises(BadReturn):
        pharmacy.judge(scene.also("check_pharmacist"), ret, "restock")
    assert Lot.objects.get(pk=lot.pk).on_hand == lot.on_hand + 1
    assert balanced()


def test_the_doses_of_a_stopped_order_offer_themselves(scene: Scene, rx: int) -> None:
    first, *rest = scene.doses(rx)
    with clock.at(first.planned_at):
        scene.give(first)
    orders.stop(scene.ward_doctor, rx, "wrong_entry")
    with clock.at(first.planned_at):
        found = leftover.leftovers(scene.nurse, scene.nurse.unit, {})
    assert [each.package.task for each in found] == [dose.pk for dose in rest]
    assert {each.reason for each in found} == {"stopped"}


def test_what_was_given_does_not_come_back(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    with clock.at(dose.planned_at):
        scene.give(dose)
        with refused("package_given"):
            give_back(scene, package_of(scene, dose))
    assert not Return.objects.exists()


def test_what_came_back_is_not_given(scene: Scene, rx: int) -> None:
    dose = scene.doses(rx)[0]
    ret = give_back(scene, package_of(scene, dose), "unused")
    with clock.at(dose.planned_at):
        with refused("package_blocked"):
            scene.give(dose)
        with refused("package_blocked"):
            scene.give(dose, package="", unscanned_reason="label_damaged")
        pharmacy.judge(scene.also("check_pharmacist"), ret, "refused", "退回病区")
        scene.give(dose)


@pytest.mark.law
def test_a_dose_and_a_return_never_pass_each_other(open_scene: Scene) -> None:
    scene = open_scene
    rx = scene.inpatient()
    for dose in scene.doses(rx)[:3]:
        package = package_of(scene, dose)
        answers = together(
            dose.planned_at,
            [
                lambda dose=dose: scene.give(dose),
                lambda package=package: give_back(scene, package, "unused"),
                lambda package=package: give_back(scene, package, "stopped"),
            ],
        )
        assert sum(not isinstance(each, Refusal) for each in answers) == 1
        given = Administration.objects.filter(package=package, outcome="given").count()
        assert given + Return.objects.filter(package=package).count() == 1


def test_the_screens(scene: Scene, rx: int) -> None:
    nurse, dose = at(scene.nurse), scene.doses(rx)[0]
    assert "没有要退回的药包" in shown(nurse.get(reverse("ward:returns")))
    refuse(scene, dose)
    text = shown(nurse.get(reverse("ward:returns")))
    assert "患者已拒绝" in text
    scanned = nurse.post(reverse("ward:return_scan"), {"code": scene.code(dose)})
    there = reverse("ward:give_back", args=[package_of(scene, dose)])
    assert scanned["Location"] == there
    assert "不认识" in shown(nurse.post(reverse("ward:return_scan"), {"code": "Y00000000000"}), 422)
    form = shown(nurse.get(there))
    assert "请" in shown(nurse.post(there, {"reason": ""}), 422)
    twice(nurse, there, {"reason": "refused", "intact": "on", "idempotency": token_of(form)})
    assert "已退药" in shown(nurse.get(there))
    assert "已退回药房" in shown(nurse.get(reverse("ward:returns") + "?sent=1"))
