"""A reaction from the report to its end, and the allergy that asks at the next prescription."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.insight import queries as measures
from luodi.insight.measure import Window
from luodi.orders import queries as prescriptions
from luodi.trust import access, clock, ledger
from luodi.trust.clock import HOSPITAL_ZONE
from luodi.trust.models import Entry
from luodi.vigilance import actions, codes, queries
from luodi.vigilance.models import Reaction, Version
from tests.orders.place import refused
from tests.vigilance.safe import AMBROXOL, MONDAY, THREE_DAYS, Safe


def test_only_what_was_really_given_can_be_suspected(safe: Safe) -> None:
    home = safe.at_home()
    patient = safe.patient_of(home)
    (exposure,) = queries.exposures(patient)
    assert (exposure.bedside, exposure.pack.lot_no, exposure.pack.medicine) == (False, "A1", AMBROXOL)
    rx = safe.inpatient()
    lying = safe.patient_of(rx)
    assert queries.exposures(lying) == [], "a package in the ward is no dose"
    dose = safe.doses(rx)[0]
    with clock.at(dose.planned_at):
        safe.give(dose)
        (given,) = queries.exposures(lying)
        assert (given.bedside, given.at) == (True, dose.planned_at)
        with refused("vigilance_invalid"):
            actions.draft(safe.nurse, lying, safe.form(lying, suspects=(exposure.package,)))
        assert actions.draft(safe.nurse, lying, safe.form(lying))


def test_from_report_to_closing(safe: Safe) -> None:
    pk = safe.reported(seriousness=("hospitalization",), new=True)
    card = queries.reaction(pk)
    assert (card.stage, card.serious, card.due) == ("reported", True, MONDAY + timedelta(days=15))
    with refused("vigilance_stage"):
        actions.submit(safe.officer, pk, "N-1")
    answers = {"2": "yes", "3": "yes", "5": "no", "10": "yes"}
    actions.assess(safe.officer, pk, "probable", version=1, naranjo=answers, words="时间关系合理")
    card = queries.reaction(pk)
    assert card.assessed is not None
    assert (card.stage, card.assessed.score, card.assessed.words) == ("assessed", 6, "时间关系合理")
    actions.submit(safe.officer, pk, "N-1")
    with refused("vigilance_stage"):
        actions.close(safe.officer, pk)  # serious: followed up first
    actions.follow_up(safe.officer, pk, "recovered", "电话随访，皮疹已消退", idempotency="t")
    actions.follow_up(safe.officer, pk, "recovered", "电话随访，皮疹已消退", idempotency="t")
    actions.close(safe.officer, pk)
    card = queries.reaction(pk)
    assert (card.stage, card.reference, card.late, len(card.follow_ups)) == ("closed", "N-1", False, 1)
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"adr.draft", "adr.report", "adr.assess", "adr.submit", "adr.follow_up", "adr.close"} <= verbs
    assert not access.cares(safe.officer, card.patient), "the officer's access ends with the report"
    with refused("vigilance_stage"):
        actions.amend(safe.doctor, pk, card.form, version=1)


def test_an_assessed_reaction_alerts_the_next_prescription(safe: Safe) -> None:
    pk = safe.reported()
    patient = queries.reaction(pk).patient
    before = safe.draft("outpatient", THREE_DAYS, encounter=_visit(safe, patient))
    assert "allergy" not in {finding.rule for finding in prescriptions.findings(before)}
    with refused("vigilance_stage"):
        actions.to_chart(safe.officer, pk, AMBROXOL, "moderate", rev=charts.allergies(patient).rev)
    actions.assess(safe.officer, pk, "unlikely", version=1)
    with refused("vigilance_stage"):
        actions.to_chart(safe.officer, pk, AMBROXOL, "moderate", rev=charts.allergies(patient).rev)
    actions.amend(safe.officer, pk, queries.reaction(pk).form, version=1)
    assert queries.reaction(pk).stage == "reported", "a new version waits for another assessment"
    actions.assess(safe.officer, pk, "possible", version=2)
    actions.to_chart(safe.officer, pk, AMBROXOL, "moderate", rev=charts.allergies(patient).rev)
    (item,) = charts.allergies(patient).items
    assert (item.code, item.reaction) == (AMBROXOL, "皮疹")
    assert "allergy" in {finding.rule for finding in prescriptions.findings(before)}


def _visit(safe: Safe, patient: int) -> int:
    return next(visit.id for visit in charts.encounters_of(patient))


@pytest.mark.parametrize(
    ("more", "code", "hours"),
    [
        ({}, "adr.other", 720), ({"new": True}, "adr.new", 360), ({"seriousness": ("disability",)}, "adr.serious", 360),
        ({"seriousness": ("death", "hospitalization"), "outcome": "died"}, "adr.death", 24),
    ],
)  # fmt: skip
def test_the_time_limit_is_that_of_the_law(safe: Safe, more: dict[str, object], code: str, hours: int) -> None:
    pk = safe.reported(**more)
    card = queries.reaction(pk)
    assert (card.limit.code, card.due) == (code, MONDAY + timedelta(hours=hours))
    with clock.at(card.due):
        assert not queries.reaction(pk).late
    with clock.at(card.due + timedelta(seconds=1)):
        assert queries.reaction(pk).late


def test_a_death_must_be_called_serious(safe: Safe) -> None:
    with refused("vigilance_invalid"):
        safe.reported(outcome="died")


def test_what_was_said_is_sealed_and_a_stale_page_saves_nothing(safe: Safe) -> None:
    pk = safe.reported()
    row = Version.objects.get(reaction=pk)
    assert "皮疹".encode() not in bytes(row.words)
    actions.amend(safe.doctor, pk, queries.reaction(pk).form, version=1)
    with refused("vigilance_moved"):
        actions.amend(safe.officer, pk, queries.reaction(pk).form, version=1)
    with refused("forbidden"):
        actions.amend(safe.colleague, pk, queries.reaction(pk).form, version=2)


def test_a_form_sent_twice_begins_one_report(safe: Safe) -> None:
    patient = safe.patient_of(safe.at_home())
    form = safe.form(patient)
    first = actions.draft(safe.doctor, patient, form, idempotency="same")
    assert actions.draft(safe.doctor, patient, form, idempotency="same") == first
    assert Reaction.objects.count() == 1


def test_candidates_are_hints_and_no_reports(safe: Safe) -> None:
    rx = safe.inpatient()
    patient, dose = safe.patient_of(rx), safe.doses(rx)[0]
    assert queries.candidates() == []
    with clock.at(dose.planned_at):
        safe.give(dose)
        chart.state_allergies(safe.ward_doctor, patient, "listed", _item())
        (hint,) = queries.candidates()
        assert (hint.trigger, hint.patient, hint.medicine) == ("allergy", patient, AMBROXOL)
        assert Reaction.objects.count() == 0
        with refused("vigilance_invalid"):
            actions.dismiss(safe.officer, hint.trigger, hint.source, " ")
        actions.dismiss(safe.officer, hint.trigger, hint.source, "既往过敏，补录")
        assert queries.candidates() == []


def _item() -> list[object]:
    from luodi.chart.types import AllergyItem

    return [AllergyItem("PENICILLIN", "青霉素类", "severe", "休克")]


def test_the_scale_and_the_limits_are_whole() -> None:
    assert [question.number for question in codes.naranjo()] == list(range(1, 11))
    best = {str(q.number): max(q.points, key=lambda answer: q.points[answer]) for q in codes.naranjo()}
    worst = {str(q.number): min(q.points, key=lambda answer: q.points[answer]) for q in codes.naranjo()}
    assert (codes.score(best), codes.score(worst)) == (13, -4)
    assert [codes.category(points) for points in (9, 8, 5, 4, 1, 0, -4)] == [
        "certain", "probable", "probable", "possible", "possible", "unlikely", "unlikely",
    ]  # fmt: skip
    for moment, hours in ((datetime(2022, 10, 31, 12, tzinfo=HOSPITAL_ZONE), [24, 48, 72]),
                          (datetime(2022, 11, 1, 0, tzinfo=HOSPITAL_ZONE), [24, 72, 168])):  # fmt: skip
        assert [codes.limit(f"recall.{level}", moment).hours for level in "123"] == hours
    assert {each.code for each in codes.limits() if each.unverified} == {
        "adr.group",
        "recall.1",
        "recall.2",
        "recall.3",
    }


def test_the_measures_are_counted_by_hand_and_stand_at_their_head(safe: Safe) -> None:
    safe.reported()
    rx = safe.inpatient()
    doses, patient = safe.doses(rx)[:2], safe.patient_of(rx)
    for dose in doses:
        with clock.at(dose.planned_at):
            safe.give(dose)
    begun = doses[1].planned_at
    window = Window(MONDAY, begun + timedelta(days=20))
    with clock.at(begun):
        pk = actions.draft(safe.nurse, patient, safe.form(patient, seriousness=("important",)))
        actions.report(safe.nurse, pk)
        head = ledger.seal()
    with clock.at(begun + timedelta(days=16)):  # a day late
        actions.assess(safe.officer, pk, "possible", version=1)
        actions.submit(safe.officer, pk, "N-7")
        later = ledger.seal()

    def shown(code: str, at: int) -> tuple[Decimal | None, int]:
        found = measures.read(code, window, at)
        return found.value, found.bottom

    assert shown("reactions_per_1000_doses", later) == (Decimal(500), 2)
    assert shown("reactions_serious", later) == (Decimal(50), 2)
    assert shown("reactions_on_time", later) == (Decimal(0), 1)
    before = measures.read("reactions_on_time", window, head)
    assert (before.value, before.bottom) == (Decimal(0), 1), "due on day 15 and not submitted by that head"
