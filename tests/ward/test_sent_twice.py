"""Every form of the ward, sent twice."""

from luodi.pharmacy import actions as pharmacy
from luodi.trust import clock
from luodi.ward import actions
from luodi.ward.models import Administration, Placement
from tests.orders.place import PARACETAMOL_PRN
from tests.sending import token_of, twice
from tests.ward.browsing import at, shown
from tests.ward.scene import Scene
from tests.ward.test_screens import url


def test_into_a_bed_and_out_of_it(scene: Scene) -> None:
    nurse, encounter = at(scene.nurse), scene.encounter("inpatient")
    second = twice(nurse, url("bed", scene.beds[0]), {"encounter": encounter})
    assert second.status_code == 303, "the person sees what the first did"
    placement = Placement.objects.get().pk
    assert "已经离床" in shown(twice(nurse, url("release", placement), {}), 409)
    garbage = nurse.post(url("bed", scene.beds[0]), {"encounter": "١٢٣" * 50})
    assert "有效" in shown(garbage, 422)


def test_verified_sent_back_and_received(scene: Scene) -> None:
    nurse = at(scene.nurse)
    rx, other = scene.signed("inpatient"), scene.signed("inpatient")
    for one in (rx, other):
        pharmacy.review(scene.pharmacist, one, "pass", rev=scene.rev(one))
    twice(nurse, url("verification", rx), {"rev": scene.rev(rx)})
    twice(nurse, url("sending_back", other), {"rev": scene.rev(other), "reason": "unclear"})
    handed = scene.handed()
    posted = {"rev": scene.rev(handed), "scanned": " ".join(scene.codes(handed)), "code": "", "done": "1"}
    assert "已有变化" in shown(twice(nurse, url("receipt", handed), posted), 422)


def test_given_or_left_once(scene: Scene) -> None:
    rx = scene.inpatient()
    one, other, held = scene.doses(rx)[:3]
    for dose, name, more in (
        (one, "giving", {"package": scene.code(one)}),
        (other, "leaving", {"why": "refused:patient_declines"}),
        (held, "leaving", {"why": "held:fasting"}),
    ):
        with clock.at(dose.planned_at):
            second = twice(at(scene.nurse), url(name, dose.pk), {"wristband": scene.band(rx)} | more)
            assert "请不要重复给药" in shown(second, 422)


def test_a_dose_as_needed_is_asked_for_once(scene: Scene) -> None:
    """Even where the first was given meanwhile and the page is sent again from the browser's history."""
    scene.lot(PARACETAMOL_PRN.medicine)
    rx = scene.inpatient(PARACETAMOL_PRN)
    nurse, patient = at(scene.nurse), Placement.objects.get().patient_id
    page = shown(nurse.get(url("patient", patient)))
    posted = {"idempotency": token_of(page[page.index(url("as_needed", rx, 1)) :])}
    there = url("as_needed", rx, 1)
    second = twice(nurse, there, posted)
    (dose,) = scene.doses(rx)
    assert second.url == url("task", dose.pk)
    package = scene.codes(rx)[0]
    actions.administer(scene.nurse, dose.pk, outcome="given", wristband=scene.band(rx), package=package)
    assert nurse.post(there, posted).url == url("task", dose.pk)
    assert len(scene.doses(rx)) == Administration.objects.count() == 1


def test_signs_are_kept_once(scene: Scene) -> None:
    scene.inpatient()
    nurse, patient = at(scene.nurse), Placement.objects.get().patient_id
    token = token_of(shown(nurse.get(url("signs", patient))))
    second = twice(nurse, url("signs", patient), {"BT": "37.2", "HR": "88", "idempotency": token})
    assert second.status_code == 303
