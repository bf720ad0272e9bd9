"""Beds: one patient a bed, one bed a patient, and what placing does to the visit."""

import pytest
from django.db import IntegrityError

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.patients import queries as patients
from luodi.trust import access
from luodi.trust.write import write
from luodi.ward import actions, queries
from luodi.ward.models import Bed, Placement
from tests.orders.place import refused, relate
from tests.ward.scene import Scene, observation_unit


def test_a_taken_bed_is_refused_in_words(scene: Scene) -> None:
    one, other = scene.encounter("inpatient"), scene.encounter("inpatient")
    actions.place(scene.nurse, one, scene.beds[0])
    with refused("bed_taken"):
        actions.place(scene.nurse, other, scene.beds[0])
    assert [b.lying.encounter for b in queries.board(scene.nurse, scene.units["W1"]) if b.lying] == [one]


def test_a_patient_lies_in_one_bed(scene: Scene) -> None:
    encounter = scene.encounter("inpatient")
    actions.place(scene.nurse, encounter, scene.beds[0])
    with refused("already_placed"):
        actions.place(scene.nurse, encounter, scene.beds[1])


def test_a_released_bed_is_free_and_the_history_stays(scene: Scene) -> None:
    one, other = scene.encounter("inpatient"), scene.encounter("inpatient")
    placement = actions.place(scene.nurse, one, scene.beds[0])
    actions.release(scene.nurse, placement)
    actions.place(scene.nurse, other, scene.beds[0])
    assert Placement.objects.filter(bed=scene.beds[0]).count() == 2
    with refused("already_released"):
        actions.release(scene.nurse, placement)


def test_the_database_itself_refuses_two_in_a_bed(scene: Scene) -> None:
    one, other = scene.encounter("inpatient"), scene.encounter("inpatient")
    actions.place(scene.nurse, one, scene.beds[0])
    first = Placement.objects.get(encounter=one)
    with pytest.raises(IntegrityError), write():
        Placement.objects.create(
            encounter_id=other, patient_id=first.patient_id, bed_id=first.bed_id, at=first.at, entry_id=first.entry_id
        )


def test_an_emergency_patient_on_an_observation_bed_is_under_observation(scene: Scene) -> None:
    unit = observation_unit()
    (bed,) = actions.furnish(scene.admin, unit, ["G1"])
    patient = scene.patient()
    relate(scene.registrar, patient, scene.units["ED"])
    encounter = chart.arrive(scene.registrar, patient, visit_class="emergency", unit=scene.units["ED"])
    chart.open_encounter(scene.stranger, encounter)
    actions.place(scene.stranger, encounter, bed)
    card = charts.encounter(encounter)
    assert (card.visit_class, card.unit) == ("observation", unit)
    assert patients.by_wristband(patients.wristband(patient, encounter)) == patient


def test_placing_lets_the_ward_care_and_a_closed_visit_gets_no_bed(scene: Scene) -> None:
    encounter = scene.encounter("inpatient")
    chart.close_encounter(scene.ward_doctor, encounter, "home")
    with refused("encounter_closed"):
        actions.place(scene.nurse, encounter, scene.beds[0])
    other = scene.encounter("inpatient")
    actions.place(scene.nurse, other, scene.beds[0])
    assert access.cares(scene.second, charts.encounter(other).patient)


def emergency(scene: Scene, *, opened: bool = True) -> int:
    """A visit of the emergency department, which the ward does not care for."""
    patient = scene.patient()
    relate(scene.registrar, patient, scene.units["ED"])
    encounter = chart.arrive(scene.registrar, patient, visit_class="emergency", unit=scene.units["ED"])
    if opened:
        chart.open_encounter(scene.stranger, encounter)
    return encounter


def test_a_ward_nurse_takes_an_emergency_patient_over(scene: Scene) -> None:
    """Sought by name or band alone, never listed; the care begins with the bed, in her own unit only."""
    ward = scene.units["W1"]
    encounter = emergency(scene)
    card = charts.encounter(encounter)
    band = patients.wristband(card.patient, encounter)
    assert queries.candidates(scene.nurse, ward) == []
    for text in (band, band.lower(), "测试患者", "cshz"):
        assert [one.encounter for one in queries.sought(scene.nurse, ward, text)] == [encounter], text
    assert queries.sought(scene.nurse, ward, "") == []
    assert queries.sought(scene.nurse, observation_unit(), band) == []
    assert not access.cares(scene.nurse, card.patient)
    actions.place(scene.nurse, encounter, scene.beds[0])
    assert access.cares(scene.nurse, card.patient)
    assert charts.encounter(encounter).visit_class == "inpatient"
    assert queries.sought(scene.nurse, ward, band) == []


def test_nobody_else_and_nowhere_else_is_taken_over(scene: Scene) -> None:
    (bed,) = actions.furnish(scene.admin, observation_unit(), ["G1"])
    with refused("no_care"):
        actions.place(scene.nurse, emergency(scene), bed)
    outpatient = scene.encounter("outpatient")
    assert queries.sought(scene.nurse, scene.units["W1"], "测试患者") != []
    assert outpatient not in [one.encounter for one in queries.sought(scene.nurse, scene.units["W1"], "测试患者")]
    with refused("no_care"):
        actions.place(scene.nurse, outpatient, scene.beds[0])
    with refused("encounter_not_opened"):
        actions.place(scene.nurse, emergency(scene, opened=False), scene.beds[0])


def test_a_doctor_who_moves_a_visit_to_the_ward_has_asked_for_the_bed(scene: Scene) -> None:
    encounter = emergency(scene)
    chart.reclass(scene.stranger, encounter, "inpatient", scene.units["W1"])
    assert [one.encounter for one in queries.candidates(scene.nurse, scene.units["W1"])] == [encounter]


def test_an_encounter_does_not_end_in_bed(scene: Scene) -> None:
    """The doctor is told which bed and what to do; after the release it ends; a closed one keeps no bed."""
    encounter = scene.encounter("inpatient")
    placement = actions.place(scene.nurse, encounter, scene.beds[0])
    with refused("encounter_in_bed") as caught:
        chart.close_encounter(scene.ward_doctor, encounter, "home")
    assert "W1 01 床" in str(caught.value)
    assert "离床" in str(caught.value)
    actions.release(scene.nurse, placement)
    chart.close_encounter(scene.ward_doctor, encounter, "home")
    assert charts.encounter(encounter).closed_at
    assert not Placement.objects.filter(open=True).exists()


def test_a_moved_encounter_still_waits_for_its_bed(scene: Scene) -> None:
    encounter = scene.encounter("inpatient")
    actions.place(scene.nurse, encounter, scene.beds[0])
    chart.reclass(scene.ward_doctor, encounter, "observation", observation_unit())
    with refused("encounter_in_bed"):
        chart.close_encounter(scene.ward_doctor, encounter, "home")


def test_furnishing_twice_adds_nothing(scene: Scene) -> None:
    again = actions.furnish(scene.admin, scene.units["W1"], ["01", "02", "03"])
    assert again == scene.beds
    assert Bed.objects.count() == 3


def test_a_stranger_sees_a_masked_name_on_the_board(scene: Scene) -> None:
    actions.place(scene.nurse, scene.encounter("inpatient"), scene.beds[0])
    (card,) = [b for b in queries.board(scene.stranger, scene.units["W1"]) if b.lying]
    assert not card.mine
    assert card.allergies is None
