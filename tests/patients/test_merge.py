"""Two records of one person: what a merge asks, what it refuses, and what the person's readers then see."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.chart.types import AllergyItem, Obs
from luodi.patients import actions, queries
from luodi.patients.models import Merge, MergeEnd
from luodi.trust import access, clock
from luodi.trust.clock import now
from luodi.trust.models import Entry
from luodi.trust.refusal import Forbidden
from tests.patients.people import RESIDENT, newcomer, refused

OTHER_RESIDENT = "110105194912310046"


def merged(house: SimpleNamespace, survivor: int, other: int, words: str = "") -> int:
    return actions.merge(house.clerk, survivor, other, "registered_twice", words)


def pair(house: SimpleNamespace) -> tuple[int, int]:
    return house.patient(), house.patient()


def test_two_records_are_one_person_until_they_are_set_apart_again(house: SimpleNamespace) -> None:
    known, other = pair(house)
    made = merged(house, known, other)
    assert queries.person(other) == queries.person(known) == (known, other)
    assert queries.survivor(other) == known
    actions.unmerge(house.clerk, made, "two_people", "来电核实是两个人")
    assert queries.person(other) == (other,)
    assert queries.person(known) == (known,)
    card = queries.merge_of(made)
    assert (card.end_reason, card.end_words) == ("two_people", "来电核实是两个人")
    assert (card.survivor.id, card.merged.id, card.ended_by) == (known, other, "clerk")


def test_a_merge_needs_its_permission_and_a_reason(house: SimpleNamespace) -> None:
    known, other = pair(house)
    with pytest.raises(Forbidden):
        actions.merge(house.doctor, known, other, "registered_twice")
    with refused("merge_reason"):
        actions.merge(house.clerk, known, other, "because")
    with refused("no_patient"):
        merged(house, known, 10**9)
    made = merged(house, known, other)
    with refused("unmerge_reason"):
        actions.unmerge(house.clerk, made, "because", "看错了")
    with refused("unmerge_words"):
        actions.unmerge(house.clerk, made, "wrong_pair", " ")
    with pytest.raises(Forbidden):
        actions.unmerge(house.doctor, made, "wrong_pair", "看错了")


def test_one_record_is_no_pair_and_a_merge_is_made_and_ended_once(house: SimpleNamespace) -> None:
    known, other = pair(house)
    with refused("merge_same_record"):
        merged(house, known, known)
    made = merged(house, known, other)
    with refused("merge_already"):
        merged(house, known, other)
    with refused("merge_already"):  # a circle
        merged(house, other, known)
    with refused("merge_already"):  # it stands under another one
        merged(house, house.patient(), other)
    actions.unmerge(house.clerk, made, "wrong_pair", "看错了")
    with refused("merge_ended"):
        actions.unmerge(house.clerk, made, "wrong_pair", "看错了")
    with refused("no_merge"):
        actions.unmerge(house.clerk, 10**9, "wrong_pair", "看错了")
    assert merged(house, known, other) != made


def test_what_is_merged_into_a_merged_record_comes_to_its_survivor(house: SimpleNamespace) -> None:
    first, second, third, top = (house.patient() for _ in range(4))
    lower = merged(house, first, second)
    middle = merged(house, second, third)
    assert Merge.objects.get(pk=middle).survivor_id == first
    merged(house, top, first)
    assert queries.person(third) == (top, first, second, third)
    actions.unmerge(house.clerk, lower, "wrong_pair", "看错了")
    assert queries.person(third) == (top, first, third)
    assert queries.person(second) == (second,)


def test_two_resident_numbers_are_two_people(house: SimpleNamespace) -> None:
    known, other = (house.patient(sex="0", id_kind="resident", id_no=number) for number in (RESIDENT, OTHER_RESIDENT))
    with refused("merge_documents_differ"):
        merged(house, known, other, "同一人")
    between = house.patient(sex="0")
    merged(house, between, known)
    with refused("merge_documents_differ"):  # also where the number is that of a record merged before
        merged(house, between, other, "同一人")


def test_differing_sex_or_birth_date_needs_words(house: SimpleNamespace) -> None:
    known = house.patient(birth_date=date(1950, 1, 2))
    for more in ({"birth_date": date(1951, 1, 2)}, {"sex": "2"}):
        other = house.patient(**more)
        with refused("merge_words"):
            merged(house, known, other)
        made = merged(house, known, other, "家属带户口簿来更正")
        assert queries.merge_of(made).words == "家属带户口簿来更正"
        actions.unmerge(house.clerk, made, "wrong_pair", "看错了")
    assert merged(house, known, house.patient(sex="0"))  # unknown is no difference


def test_words_are_sealed_and_the_entry_names_no_one(house: SimpleNamespace) -> None:
    known, other = house.patient(), house.patient(sex="2")
    made = merged(house, known, other, "家属带户口簿来更正")
    row = Merge.objects.get(pk=made)
    entry = Entry.objects.get(pk=row.entry_id)
    assert "户口簿".encode() not in bytes(row.words)
    assert "户口簿" not in entry.facts
    assert (entry.verb, entry.patient) == ("identity.merge", known)
    assert f'"merged":{other}' in entry.facts
    actions.unmerge(house.clerk, made, "wrong_pair", "看错了")
    assert "看错".encode() not in bytes(MergeEnd.objects.get(merge=made).words)


def test_two_who_lie_in_beds_are_not_merged(scene) -> None:
    from luodi.orders import queries as prescriptions

    one, other = (prescriptions.prescription(scene.inpatient(bed=bed)).patient for bed in (0, 1))
    with refused("merge_both_in_bed"):
        actions.merge(scene.registrar, one, other, "registered_twice")
    assert actions.merge(scene.registrar, one, scene.patient(), "registered_twice")


def test_a_search_finds_the_person_once_by_either_record(house: SimpleNamespace) -> None:
    known = house.patient(name="王建国", phone="13800001111")
    other = house.patient(name="无名氏1123-01", phone="13900002222")
    number = queries.card(other).record_no
    encounter = house.visit(other, "emergency", "ED")
    band = queries.wristband(other, encounter)
    merged(house, known, other)
    for text in ("无名氏1123-01", "13900002222", "2222", number, band):
        (hit,) = queries.search(text)
        assert (hit.patient, hit.name, hit.why) == (known, "王建国", "merged")
    (hit,) = queries.search("王建国")
    assert (hit.patient, hit.why) == (known, "name")
    (hit,) = queries.search("王建国 2222")  # each word by another record
    assert hit.patient == known


def test_a_duplicate_of_a_merged_record_is_the_survivor(house: SimpleNamespace) -> None:
    known = house.patient(name="王建国", birth_date=date(1950, 1, 2))
    other = house.patient(name="王建国", birth_date=date(1950, 1, 2), phone="13900002222")
    merged(house, known, other)
    (found,) = queries.duplicates(newcomer(name="王建国", birth_date=date(1950, 1, 2), phone="13900002222"))
    assert (found.patient, found.score) == (known, 100)


def test_a_merged_record_names_the_person_and_what_it_was(house: SimpleNamespace) -> None:
    known = house.patient(name="王建国", sex="0")
    other = house.patient(name="无名氏1123-01", sex="1", birth_date=date(1950, 1, 2))
    was = f"无名氏1123-01 {queries.card(other).record_no}"
    merged(house, known, other)
    card = queries.card(other)
    assert (card.id, card.name, card.record_no, card.was) == (other, "王建国", queries.card(known).record_no, was)
    assert queries.card(known).was == ""
    # what the surviving record does not know, the other one does
    assert [(queries.card(each).sex, queries.card(each).birth_date) for each in (known, other)] == [
        ("1", date(1950, 1, 2))
    ] * 2
    assert charts.banner(other)["was"] == was


def test_who_cares_for_one_record_cares_for_the_person_while_it_lasts(house: SimpleNamespace) -> None:
    known, other = pair(house)
    house.visit(other)
    assert not access.cares(house.doctor, known)
    made = merged(house, known, other)
    assert access.cares(house.doctor, known)
    assert access.require_care(house.doctor, known) == ""
    assert not access.cares(house.ed_doctor, known)
    actions.unmerge(house.clerk, made, "wrong_pair", "看错了")
    assert not access.cares(house.doctor, known)
    assert access.cares(house.doctor, other)


def test_broken_glass_opens_the_person(house: SimpleNamespace) -> None:
    from luodi.trust import actions as trust

    known, other = pair(house)
    merged(house, known, other)
    glass = trust.break_glass(house.ed_doctor, known, "急诊抢救，需要查看既往用药")
    assert access.require_care(house.ed_doctor, other) == str(glass)


def test_reading_one_record_is_evidence_of_both(house: SimpleNamespace) -> None:
    known, other = pair(house)
    house.visit(known)
    merged(house, known, other)
    assert house.browser["doctor"].get(f"/patients/{known}/").status_code == 200
    read = Entry.objects.filter(verb="read").latest("id")
    assert f"[{known},{other}]" in read.facts


def test_new_work_goes_to_the_survivor_and_a_correction_is_told_where(house: SimpleNamespace) -> None:
    known, other = pair(house)
    merged(house, known, other)
    with refused("merged_away") as caught:
        actions.correct(house.clerk, other, {"phone": "13800001111"}, "来电更正")
    assert caught.value.survivor == known
    with refused("merged_away"):
        chart.arrive(house.clerk, other, visit_class="outpatient", unit=house.unit["GIM"])
    assert actions.correct(house.clerk, known, {"phone": "13800001111"}, "来电更正") == 2


def test_a_document_of_the_merged_record_is_not_asked_for_twice(house: SimpleNamespace) -> None:
    known, other = house.patient(sex="0"), house.patient(sex="0", id_kind="resident", id_no=RESIDENT)
    merged(house, known, other, "同一人")
    with refused("id_of_merged"):
        actions.correct(house.clerk, known, {"id_kind": "resident", "id_no": RESIDENT}, "补录")
    with refused("id_taken"):
        actions.register(house.clerk, newcomer(sex="0", id_kind="resident", id_no=RESIDENT))


PENICILLIN = AllergyItem("PENICILLIN", "青霉素类", "severe", "休克")


def test_allergies_of_both_hold_until_they_are_stated_anew(house: SimpleNamespace) -> None:
    known, other = pair(house)
    for patient in (known, other):
        house.opened(patient)
    start = now()
    with clock.at(start):
        chart.state_allergies(house.doctor, known, "listed", [PENICILLIN])
        chart.state_allergies(house.doctor, other, "denied")
    with clock.at(start + timedelta(minutes=1)):
        made = merged(house, known, other)
    for patient in (known, other):
        seen = charts.allergies(patient)
        assert (seen.state, [item.label for item in seen.items], seen.rev) == ("listed", ["青霉素类"], 2)
        assert [each.label for each in charts.snapshot(patient, None, start.date()).allergies] == ["青霉素类"]
    with clock.at(start + timedelta(minutes=2)):
        with refused("allergy_moved"):  # a form opened before the merge
            chart.state_allergies(house.doctor, other, "denied", rev=1)
        with refused("allergy_reason"):
            chart.state_allergies(house.doctor, other, "denied", rev=2)
        chart.state_allergies(house.doctor, other, "denied", rev=2, reason="皮试阴性，误登记")
    assert charts.allergies(known).state == "denied"
    actions.unmerge(house.clerk, made, "wrong_pair", "看错了")
    assert charts.allergies(known).state == "listed"  # as it was; the new word stays with the record it was said of
    assert (charts.allergies(other).state, charts.allergies(other).rev) == ("denied", 2)


def test_the_more_careful_of_two_statements_holds(house: SimpleNamespace) -> None:
    known, other = pair(house)
    for patient, state in ((known, "denied"), (other, "unconfirmed")):
        house.opened(patient)
        chart.state_allergies(house.doctor, patient, state)
    merged(house, known, other)
    assert charts.allergies(known).state == "unconfirmed"


def test_readings_of_both_make_one_line(house: SimpleNamespace) -> None:
    known, other = pair(house)
    visits = {patient: house.opened(patient) for patient in (known, other)}
    start = now()
    for place, (patient, value) in enumerate([(known, 60), (other, 61), (known, 62)]):
        with clock.at(start + timedelta(minutes=place)):
            chart.observe(house.doctor, patient, visits[patient], [Obs("WT", Decimal(value), "kg", text="称")])
    merged(house, known, other)
    assert charts.latest(other, "WT").value == 62
    assert [reading.value for reading in charts.trend(known, "WT")] == [60, 61, 62]
    assert {reading.text for reading in charts.trend(known, "WT")} == {"称"}  # each under its own key
    # a reading taken in the other record's visit is kept there
    with clock.at(start + timedelta(minutes=9)):
        chart.observe(house.doctor, known, visits[other], [Obs("WT", Decimal(63), "kg")])
    assert {reading.value for reading in charts.observed(visits[other])} == {61, 63}


def test_work_on_a_merged_record_without_a_visit_goes_to_the_survivor(house: SimpleNamespace) -> None:
    known, other = pair(house)
    house.opened(known)
    made = merged(house, known, other)
    chart.state_allergies(house.doctor, other, "denied")
    actions.unmerge(house.clerk, made, "wrong_pair", "看错了")
    assert charts.allergies(other).state == "not_asked"
    assert charts.allergies(known).state == "denied"


def test_the_visits_of_the_other_record_are_opened_from_the_person(house: SimpleNamespace) -> None:
    known, other = pair(house)
    visit = house.opened(other)
    note = chart.note(house.doctor, visit, "complaint", "腹痛一天")
    browser = house.browser["doctor"]
    assert browser.get(f"/chart/{known}/{visit}/").status_code in (403, 404)
    merged(house, known, other)
    assert browser.get(f"/chart/{known}/").status_code == 200
    from django.urls import reverse

    page = browser.get(reverse("chart:encounter", args=[known, visit]))
    assert "腹痛一天" in page.content.decode()
    assert browser.get(reverse("chart:note", args=[known, note])).status_code == 200
