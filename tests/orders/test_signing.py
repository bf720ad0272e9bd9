"""A prescription is checked, answered, signed with SM2 and kept."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from luodi.chart import actions as chart
from luodi.chart.types import AllergyItem
from luodi.orders import actions, queries
from luodi.orders.loop import Step
from luodi.orders.models import Line
from luodi.orders.refusals import Lapsed, LoopMoved, Refused, Unanswered
from luodi.trust import access, clock, ledger
from luodi.trust.refusal import Forbidden
from tests.orders.place import (
    AMBROXOL,
    AMOXICILLIN,
    ESTAZOLAM,
    IBUPROFEN,
    MONDAY,
    MORPHINE_SLOW,
    later,
    refused,
    relate,
    wish,
)


def test_a_signed_prescription_has_number_validity_and_a_signature_that_holds(place):
    rx = place.draft()
    number = place.sign(rx)
    card = queries.prescription(rx)
    assert (card.step, card.number) == (Step.SIGNED, number)
    assert number == f"261123-{place.doctor.staff}-001"
    assert card.valid_until == datetime(2026, 11, 24, tzinfo=clock.HOSPITAL_ZONE)
    (signature,) = queries.signatures(rx)
    assert signature.valid
    assert signature.matches


def test_quantity_is_computed_in_pack_units(place):
    card = queries.prescription(place.draft("outpatient", AMBROXOL, AMOXICILLIN))
    assert [(line.generic, line.quantity, line.pack_unit) for line in card.lines] == [
        ("氨溴索", 9, "片"),
        ("阿莫西林", 18, "粒"),
    ]


def test_a_tampered_line_or_message_no_longer_matches(place):
    rx = place.signed()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_line SET dose = 60 WHERE prescription_id = %s", [rx])
    (signature,) = queries.signatures(rx)
    assert signature.valid
    assert not signature.matches
    with connection.cursor() as cursor:
        cursor.execute("SELECT message FROM orders_signature WHERE prescription_id = %s", [rx])
        message = json.loads(bytes(cursor.fetchone()[0]))
        message["lines"][0]["dose"] = "60.0000"
        cursor.execute(
            "UPDATE orders_signature SET message = %s WHERE prescription_id = %s", [json.dumps(message).encode(), rx]
        )
    (signature,) = queries.signatures(rx)
    assert not signature.valid


def test_free_text_is_covered_by_the_signature_and_kept_sealed(place):
    rx = place.signed("outpatient", AMBROXOL._replace(usage="餐后", note="咳嗽时加用温水"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM orders_line WHERE prescription_id = %s", [rx])
        assert "温水".encode() not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT message FROM orders_signature WHERE prescription_id = %s", [rx])
        assert "温水".encode() not in bytes(cursor.fetchone()[0])
    (line,) = queries.prescription(rx).lines
    assert (line.usage, line.note) == ("餐后", "咳嗽时加用温水")
    other = place.signed("outpatient", AMBROXOL)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_line SET words = (SELECT words FROM orders_line WHERE prescription_id = %s) "
                       "WHERE prescription_id = %s", [rx, other])  # fmt: skip
    assert not queries.signatures(other)[0].matches


def test_a_finding_that_asks_must_be_answered(place):
    rx = place.draft("outpatient", AMOXICILLIN)
    with pytest.raises(Unanswered) as refusal:
        actions.sign(place.doctor, rx, answers={})
    assert "阿莫西林须先皮试" in str(refusal.value)
    (asked,) = refusal.value.findings
    actions.sign(place.doctor, rx, answers={asked.key: "外院一周内皮试阴性，已核对记录"})
    (answer,) = queries.signed_answers(rx)
    assert (answer.code, answer.text) == ("written", "外院一周内皮试阴性，已核对记录")
    assert [f.answer for f in queries.signed_findings(rx) if f.grade == "ask"] == ["外院一周内皮试阴性，已核对记录"]
    assert queries.signed_grades([rx]) == {rx: [f.grade for f in queries.signed_findings(rx)]}


def test_a_coded_answer_is_kept_as_its_code_and_the_ledger_holds_codes_alone(place):
    rx = place.draft("outpatient", AMOXICILLIN)
    (asked,) = [f for f in queries.findings(rx) if f.grade == "ask"]
    actions.sign(place.doctor, rx, answers={asked.key: "既往使用耐受良好"})
    (answer,) = queries.signed_answers(rx)
    assert answer.code == "tolerated"
    (entry,) = ledger.entries(verb="prescription.sign")
    assert entry.facts["answers"] == {asked.key: "tolerated"}
    assert entry.facts["ruleset"] == queries.signatures(rx)[0].ruleset
    assert [asked.key, "ask"] in entry.facts["findings"]


def test_written_answers_never_enter_the_ledger(place):
    rx = place.draft("outpatient", AMOXICILLIN)
    (asked,) = [f for f in queries.findings(rx) if f.grade == "ask"]
    actions.sign(place.doctor, rx, answers={asked.key: "患者自述青霉素耐受"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM trust_entry")
        assert all("青霉素耐受" not in row[0] for row in cursor.fetchall())


def test_a_finding_that_refuses_stops_the_signature_and_says_which_rule(place):
    patient = place.patient()
    encounter = place.encounter(patient=patient)
    rx = place.draft("outpatient", AMBROXOL, encounter=encounter)
    chart.state_allergies(place.doctor, patient, "listed", [AllergyItem("ambroxol", "氨溴索", "moderate", "皮疹")])
    with pytest.raises(Refused) as refusal:
        actions.sign(place.doctor, rx)
    assert "氨溴索" in str(refusal.value)
    assert refusal.value.next
    assert queries.prescription(rx).step is Step.DRAFTED


def test_controlled_drugs_take_the_form_and_the_number_of_their_kind(place):
    rx = place.draft("outpatient", MORPHINE_SLOW)
    assert queries.prescription(rx).kind == "narcotic"
    place.sign(rx)
    assert queries.prescription(rx).number == "261123-N-0001"
    second = place.signed("outpatient", ESTAZOLAM)
    assert queries.prescription(second).number == "261123-J2-0001"


def test_a_narcotic_does_not_share_a_prescription(place):
    rx = place.draft("outpatient", MORPHINE_SLOW, AMBROXOL)
    with pytest.raises(Refused):
        actions.sign(place.doctor, rx)


def test_rights_come_from_a_grant_and_run_out(place):
    encounter = place.encounter()
    rx = actions.draft(place.colleague, encounter)
    actions.put_line(place.colleague, rx, MORPHINE_SLOW)
    with pytest.raises(Refused) as refusal:
        actions.sign(place.colleague, rx)
    assert "处方权" in str(refusal.value)
    actions.grant_right(
        place.security, place.colleague.staff, narcotic=True, trained_on=date(2026, 1, 1), valid_to=date(2026, 11, 22)
    )
    assert not queries.rights(place.colleague.staff).narcotic
    actions.grant_right(
        place.security, place.colleague.staff, narcotic=True, trained_on=date(2026, 1, 1), valid_to=date(2026, 11, 23)
    )
    asked = {f.key: "benefit" for f in queries.findings(rx, place.colleague.staff) if f.grade == "ask"}
    actions.sign(place.colleague, rx, answers=asked)


def test_a_doctor_cannot_grant_rights(place):
    with pytest.raises(Forbidden):
        actions.grant_right(
            place.doctor, place.doctor.staff, antibiotic_tier=3, trained_on=date(2026, 1, 1), valid_to=date(2027, 1, 1)
        )


def test_current_drugs_of_other_prescriptions_count(place):
    patient = place.patient()
    first = place.draft("outpatient", IBUPROFEN, encounter=place.encounter(patient=patient))
    place.sign(first)
    assert [drug.medicine for drug in queries.current_drugs(patient, clock.today())] == ["M0424"]
    assert queries.current_drugs(patient, clock.today() + timedelta(days=3)) == ()
    second = place.draft("outpatient", IBUPROFEN, encounter=place.encounter(patient=patient))
    assert any(finding.rule == "duplicate" for finding in queries.findings(second))
    actions.stop(place.doctor, first, "changed_treatment")
    assert queries.current_drugs(patient, clock.today()) == ()


def test_only_the_author_signs_a_draft(place):
    rx = place.draft()
    with refused("prescription_not_yours"):
        actions.sign(place.colleague, rx)


def test_a_doctor_without_care_relation_is_refused(place):
    encounter = place.encounter()
    with pytest.raises(access.NoCare):
        actions.draft(place.stranger, encounter)


def test_the_pharmacy_may_see_the_patient_only_from_the_signature_on(place):
    encounter = place.encounter()
    rx = place.draft(encounter=encounter)
    patient = queries.prescription(rx).patient
    assert not access.cares(place.pharmacist, patient)
    place.sign(rx)
    assert access.cares(place.pharmacist, patient)
    with clock.at(later(days=30)):
        assert not access.cares(place.pharmacist, patient)


def test_a_draft_changed_in_another_window_is_not_signed(place):
    rx = place.draft()
    seen = queries.prescription(rx).rev
    actions.put_line(place.doctor, rx, IBUPROFEN, rev=seen)
    with pytest.raises(LoopMoved):
        actions.sign(place.doctor, rx, rev=seen)


def test_signing_waits_for_a_fresh_authentication(place):
    rx = place.draft()
    with clock.at(later(days=1)), refused("reauthenticate"):
        place.sign(rx)
    assert queries.prescription(rx).step is Step.DRAFTED


def test_an_empty_prescription_is_not_signed(place):
    rx = actions.draft(place.doctor, place.encounter())
    with refused("prescription_empty"):
        actions.sign(place.doctor, rx)


def test_no_prescription_without_an_open_encounter(place):
    encounter = place.encounter()
    rx = place.draft(encounter=encounter)
    chart.close_encounter(place.doctor, encounter, "left")
    with refused("encounter_closed"):
        actions.sign(place.doctor, rx)
    with refused("encounter_closed"):
        actions.draft(place.doctor, encounter)


def test_a_refused_signature_leaves_one_entry_of_refusal(place):
    rx = place.draft("outpatient", AMOXICILLIN)
    before = len(list(ledger.entries(verb="refused")))
    with pytest.raises(Unanswered):
        actions.sign(place.doctor, rx)
    assert len(list(ledger.entries(verb="refused"))) == before + 1


def test_valid_to_the_end_of_the_local_day_and_refused_in_words_after(place):
    rx = place.signed()
    with clock.at(datetime(2026, 11, 24, tzinfo=clock.HOSPITAL_ZONE) - timedelta(seconds=1)):
        place.take(rx, Step.REVIEWED)
    with clock.at(datetime(2026, 11, 24, tzinfo=clock.HOSPITAL_ZONE)), pytest.raises(Lapsed) as refusal:
        place.take(rx, Step.PREPARED)
    assert "已过有效期" in str(refusal.value)


def test_validity_is_extended_to_three_days_at_most(place):
    rx = place.signed()
    with refused("extension_too_long"):
        actions.extend(place.doctor, rx, 4, "患者住得远")
    with refused("reason_missing"):
        actions.extend(place.doctor, rx, 2, " ")
    actions.extend(place.doctor, rx, 3, "患者住得远")
    with clock.at(later(days=2)):
        place.take(rx, Step.REVIEWED)
    with clock.at(later(days=3)), pytest.raises(Lapsed):
        place.take(rx, Step.PREPARED)


def test_a_lapsed_prescription_is_closed_and_leaves_the_worklists(place):
    rx = place.signed()
    with refused("not_expired"):
        actions.expire(place.doctor, rx)
    assert [row.pk for row in queries.awaiting_review()] == [rx]
    with clock.at(later(days=1)):
        assert queries.awaiting_review() == []
        assert [row.pk for row in queries.lapsed(place.doctor.staff)] == [rx]
        actions.expire(place.doctor, rx)
        assert queries.lapsed(place.doctor.staff) == []
    assert queries.prescription(rx).step is Step.EXPIRED


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (wish("M9999", "30", "mg"), "medicine_unknown"),
        (wish("M0565", "0", "mg"), "amount_absurd"),
        (wish("M0565", "-1", "mg"), "amount_absurd"),
        (wish("M0565", "NaN", "mg"), "amount_absurd"),
        (wish("M0565", "1e12", "mg"), "amount_absurd"),
        (wish("M0565", "0.00001", "mg"), "amount_absurd"),
        (wish("M0565", "30", ""), "dose_unit_missing"),
        (wish("M0565", "30", "mg", "whenever"), "usage_unknown"),
        (wish("M0565", "30", "mg", route="nose"), "usage_unknown"),
        (wish("M0565", "30", "mg", "tid", "0"), "amount_absurd"),
        (wish("M0565", "30", "mg", "tid", "9999"), "amount_absurd"),
        (wish("M0565", "30", "喷"), "quantity_missing"),
        (wish("M0472", "500", "mg", "prn"), "quantity_missing"),
        (wish("M0565", "30", "mg", skin_test="perhaps"), "skin_test_unknown"),
        (wish("M0565", "30", "mg", note="长" * 1_000_000), "text_too_long"),
    ],
)
def test_an_impossible_line_is_refused_and_nothing_is_written(place, broken, code):
    rx = place.draft()
    with refused(code) as refusal:
        actions.put_line(place.doctor, rx, broken)
    assert str(refusal.value)
    assert len(queries.prescription(rx).lines) == 1


def test_lines_are_replaced_in_place_and_dropped_by_rows(place):
    rx = place.draft("outpatient", AMBROXOL, IBUPROFEN)
    seq = actions.put_line(place.doctor, rx, AMBROXOL._replace(days=IBUPROFEN.days + 2), seq=1)
    lines = queries.prescription(rx).lines
    assert [(line.medicine, line.seq) for line in lines] == [("M0565", seq), ("M0424", 2)]
    actions.drop_line(place.doctor, rx, 2)
    assert [line.medicine for line in queries.prescription(rx).lines] == ["M0565"]
    assert Line.objects.filter(prescription=rx).count() == 3


def test_copying_from_an_earlier_prescription_of_the_patient(place):
    patient = place.patient()
    first = place.draft("outpatient", AMBROXOL, IBUPROFEN, encounter=place.encounter(patient=patient))
    place.sign(first)
    second = actions.draft(place.doctor, place.encounter(patient=patient))
    actions.copy_lines(place.doctor, second, first)
    assert [line.medicine for line in queries.prescription(second).lines] == ["M0565", "M0424"]
    stranger = actions.draft(place.doctor, place.encounter())
    with refused("order_not_found"):
        actions.copy_lines(place.doctor, stranger, first)


def test_favourites_are_the_doctors_own_most_signed_drugs(place):
    place.signed("outpatient", AMBROXOL, IBUPROFEN)
    place.signed("outpatient", IBUPROFEN)
    place.draft("outpatient", AMOXICILLIN)
    assert [card.code for card in queries.favourites(place.doctor.staff)] == ["M0424", "M0565"]
    assert queries.favourites(place.colleague.staff) == []


def test_signed_at_the_moment_of_the_clock(place):
    assert queries.prescription(place.signed()).signed_at == MONDAY


def test_care_is_needed_even_for_a_doctor_of_another_unit_after_relating(place):
    encounter = place.encounter()
    patient = queries.prescription(place.draft(encounter=encounter)).patient
    relate(place.registrar, patient, place.units["ED"])
    assert actions.draft(place.stranger, encounter)
