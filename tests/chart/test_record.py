"""The rows of the chart: what is written, amended, withdrawn and refused."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from luodi.chart import actions, queries
from luodi.chart.models import Note
from luodi.chart.types import AllergyItem, Obs
from luodi.patients import queries as patients
from luodi.trust import access, clock
from tests.patients.people import refused

PENICILLIN = AllergyItem("PENICILLIN", "青霉素类", "severe", "过敏性休克")
LATEX = AllergyItem("", "乳胶", "mild", "皮疹")


def test_an_encounter_arrives_is_opened_and_closed(coded: SimpleNamespace) -> None:
    actions.diagnose(coded.doctor, coded.enc, "J18", True)
    actions.close_encounter(coded.doctor, coded.enc, "home")
    card = queries.encounter(coded.enc)
    assert (card.doctor, card.disposition, card.visit_class) == (coded.doctor.staff, "home", "outpatient")
    assert card.registered_at <= card.opened_at <= card.closed_at
    assert queries.open_encounters(coded.unit["GIM"]) == []
    assert [event.kind for event in queries.timeline(coded.pt)] == ["closed", "diagnosis", "opened", "arrived"]


def test_an_encounter_is_opened_once_and_by_those_who_care(seen: SimpleNamespace) -> None:
    with refused("already_opened"):
        actions.open_encounter(seen.colleague, seen.enc)
    other = seen.visit(seen.patient(name="赵云"))
    with refused("no_care"):
        actions.open_encounter(seen.ed_doctor, other)
    with refused("no_encounter"):
        actions.open_encounter(seen.doctor, 987654)


def test_a_visit_without_diagnosis_is_not_closed_unless_the_patient_left(seen: SimpleNamespace) -> None:
    with refused("no_diagnosis"):
        actions.close_encounter(seen.doctor, seen.enc, "home")
    with refused("disposition"):
        actions.close_encounter(seen.doctor, seen.enc, "vanished")
    actions.close_encounter(seen.doctor, seen.enc, "left")
    with refused("encounter_closed"):
        actions.close_encounter(seen.doctor, seen.enc, "left")
    waiting = seen.visit(seen.pt)
    with refused("not_opened"):
        actions.close_encounter(seen.doctor, waiting, "home")


def test_a_move_to_observation_gives_care_and_a_wristband(seen: SimpleNamespace) -> None:
    with refused("no_wristband"):
        patients.wristband(seen.pt, seen.enc)
    actions.reclass(seen.doctor, seen.enc, "observation", seen.unit["OBS"])
    card = queries.encounter(seen.enc)
    assert (card.visit_class, card.unit, card.arrived_class) == ("observation", seen.unit["OBS"], "outpatient")
    assert patients.by_wristband(patients.wristband(seen.pt, seen.enc)) == seen.pt
    assert [one.id for one in queries.open_encounters(seen.unit["OBS"])] == [seen.enc]
    assert queries.open_encounters(seen.unit["GIM"]) == []
    with refused("same_class"):
        actions.reclass(seen.doctor, seen.enc, "observation", seen.unit["OBS"])
    with refused("visit_class"):
        actions.reclass(seen.doctor, seen.enc, "spa", seen.unit["OBS"])
    with refused("forbidden"):
        actions.reclass(seen.clerk, seen.enc, "inpatient", seen.unit["OBS"])


def test_a_closed_encounter_stays_open_to_its_unit_for_a_week(seen: SimpleNamespace) -> None:
    actions.close_encounter(seen.doctor, seen.enc, "left")
    assert access.cares(seen.doctor, seen.pt)
    with clock.at(clock.now() + timedelta(days=8)):
        assert not access.cares(seen.doctor, seen.pt)


# Notes


def test_an_amendment_keeps_the_version_before(seen: SimpleNamespace) -> None:
    first = actions.note(seen.doctor, seen.enc, "complaint", "头痛 3 天")
    second = actions.note(seen.colleague, seen.enc, "complaint", "头痛 4 天", supersedes=first, reason="患者更正")
    [note] = queries.notes(seen.enc)
    assert (note.pk, note.version, note.text, note.reason, note.author) == (
        second, 2, "头痛 4 天", "患者更正", seen.colleague.staff,
    )  # fmt: skip
    assert [version.text for version in queries.note_versions(first)] == ["头痛 3 天", "头痛 4 天"]
    assert queries.note_versions(first) == queries.note_versions(second)


def test_a_note_that_does_not_hold_is_refused(seen: SimpleNamespace) -> None:
    first = actions.note(seen.doctor, seen.enc, "complaint", "头痛")
    cases: list[tuple[str, dict[str, Any]]] = [
        ("superseded", {"kind": "complaint", "text": "又一份"}),
        ("note_kind", {"kind": "poem", "text": "x"}),
        ("note_empty", {"kind": "exam", "text": " \n "}),
        ("too_long", {"kind": "exam", "text": "文" * 1_000_000}),
        ("control_character", {"kind": "exam", "text": "a\x00b"}),
        ("reason", {"kind": "complaint", "text": "y", "supersedes": first}),
        ("nothing_changed", {"kind": "complaint", "text": "头痛", "supersedes": first, "reason": "x"}),
        ("superseded", {"kind": "exam", "text": "y", "supersedes": first, "reason": "x"}),
    ]
    for code, words in cases:
        with refused(code):
            actions.note(seen.doctor, seen.enc, **words)
    assert Note.objects.count() == 1


def test_rescue_notes_are_as_many_as_there_are(seen: SimpleNamespace) -> None:
    actions.note(seen.doctor, seen.enc, "rescue", "10:01 开始按压")
    actions.note(seen.doctor, seen.enc, "rescue", "10:06 恢复自主心律")
    assert len(queries.notes(seen.enc)) == 2


def test_a_write_up_is_all_or_nothing(seen: SimpleNamespace) -> None:
    with refused("control_character"):
        actions.write_up(seen.doctor, seen.enc, {"complaint": "头痛", "exam": "a\x07"})
    assert queries.notes(seen.enc) == []
    with refused("note_empty"):
        actions.write_up(seen.doctor, seen.enc, {"complaint": " "})
    assert len(actions.write_up(seen.doctor, seen.enc, {"complaint": "头痛", "exam": "", "plan": "复诊"})) == 2


def test_before_opening_and_after_closing(coded: SimpleNamespace) -> None:
    waiting = coded.visit(coded.pt)
    for write in (
        lambda: actions.note(coded.doctor, waiting, "complaint", "x"),
        lambda: actions.diagnose(coded.doctor, waiting, "J18"),
    ):
        with refused("not_opened"):
            write()
    first = actions.note(coded.doctor, coded.enc, "complaint", "头痛")
    actions.close_encounter(coded.doctor, coded.enc, "left")
    with refused("encounter_closed"):
        actions.note(coded.doctor, coded.enc, "exam", "x")
    with refused("encounter_closed"):
        actions.diagnose(coded.doctor, coded.enc, "J18")
    actions.note(coded.doctor, coded.enc, "complaint", "头痛 2 天", supersedes=first, reason="补充")


def test_a_nurse_writes_no_notes_and_a_clerk_reads_none(seen: SimpleNamespace) -> None:
    with refused("forbidden"):
        actions.note(seen.nurse, seen.enc, "complaint", "x")
    actions.observe(seen.nurse, seen.pt, seen.enc, [Obs("BT", Decimal("36.6"), "Cel")])
    with refused("forbidden"):
        actions.observe(seen.clerk, seen.pt, seen.enc, [Obs("BT", Decimal("36.6"), "Cel")])


# Diagnoses


def test_the_first_diagnosis_is_main_and_the_last_made_main_holds(coded: SimpleNamespace) -> None:
    first = actions.diagnose(coded.doctor, coded.enc, "J18")
    second = actions.diagnose(coded.doctor, coded.enc, "I10", True)
    assert [(line.pk, line.main) for line in queries.diagnoses(coded.enc)] == [(second, True), (first, False)]
    with refused("diagnosis_held"):
        actions.diagnose(coded.doctor, coded.enc, "J18")
    with refused("diagnosis_code"):
        actions.diagnose(coded.doctor, coded.enc, "'; DROP TABLE")
    with refused("reason"):
        actions.withdraw_diagnosis(coded.doctor, second, "")
    actions.withdraw_diagnosis(coded.doctor, second, "血压复测正常")
    assert [(line.pk, line.main) for line in queries.diagnoses(coded.enc)] == [(first, True)]
    with refused("diagnosis_withdrawn"):
        actions.withdraw_diagnosis(coded.doctor, second, "再撤")
    assert [problem.code for problem in queries.problems(coded.pt)] == ["J18"]


# Allergies


def test_nobody_asked_is_not_denied(seen: SimpleNamespace) -> None:
    assert queries.allergies(seen.pt).state == "not_asked"
    assert queries.snapshot(seen.pt, seen.enc, clock.today()).allergy_state == "not_asked"
    actions.state_allergies(seen.nurse, seen.pt, "denied", rev=0)
    assert queries.banner(seen.pt)["allergies"] == {"state": "denied", "items": []}


def test_a_list_is_stated_as_a_whole(seen: SimpleNamespace) -> None:
    actions.state_allergies(seen.doctor, seen.pt, "listed", [PENICILLIN, LATEX], rev=0)
    view = queries.allergies(seen.pt)
    assert view.items == (PENICILLIN, LATEX)
    snapshot = queries.snapshot(seen.pt, seen.enc, clock.today())
    assert [(allergy.code, allergy.severity) for allergy in snapshot.allergies] == [
        ("PENICILLIN", "severe"),
        ("乳胶", "mild"),
    ]
    with refused("allergy_moved"):
        actions.state_allergies(seen.colleague, seen.pt, "denied", rev=0)
    with refused("allergy_reason"):
        actions.state_allergies(seen.doctor, seen.pt, "listed", [LATEX], rev=1)
    actions.state_allergies(seen.doctor, seen.pt, "listed", [LATEX], rev=1, reason="皮试及激发试验阴性")
    assert queries.allergies(seen.pt).items == (LATEX,)


@pytest.mark.parametrize(
    ("state", "items", "code"),
    [
        ("listed", [], "allergy_list"),
        ("denied", [LATEX], "allergy_list"),
        ("perhaps", [], "allergy_state"),
        ("listed", [AllergyItem()], "allergy_label"),
        ("listed", [LATEX, LATEX], "allergy_twice"),
        ("listed", [AllergyItem("", "x", "deadly")], "allergy_severity"),
        ("listed", [AllergyItem("", "长" * 81)], "too_long"),
    ],
)
def test_a_statement_that_does_not_hold_is_refused(
    seen: SimpleNamespace, state: str, items: list[AllergyItem], code: str
) -> None:
    with refused(code):
        actions.state_allergies(seen.doctor, seen.pt, state, items)
    assert queries.allergies(seen.pt).rev == 0


# Observations and what advice sees


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (Obs("WT", Decimal(6000), "kg"), "observation_impossible"),
        (Obs("WT", Decimal("NaN"), "kg"), "observation_impossible"),
        (Obs("BT", Decimal("-3"), "Cel"), "observation_impossible"),
        (Obs("XYZ", Decimal("1e12"), ""), "observation_impossible"),
        (Obs("WT"), "observation_empty"),
        (Obs("PREG", coded="perhaps"), "pregnancy"),
        (Obs("HR", Decimal(80), "/min", at=clock.now() + timedelta(days=1)), "observation_future"),
        (Obs("CC", text="长" * 2001), "too_long"),
    ],
)
def test_an_impossible_reading_takes_the_others_with_it(seen: SimpleNamespace, reading: Obs, code: str) -> None:
    with refused(code):
        actions.observe(seen.nurse, seen.pt, seen.enc, [Obs("HR", Decimal(80), "/min"), reading])
    assert queries.observed(seen.enc) == []


def test_a_reading_of_another_patients_encounter_is_refused(seen: SimpleNamespace) -> None:
    other = seen.opened(seen.patient(name="赵云"))
    with refused("no_encounter"):
        actions.observe(seen.nurse, seen.pt, other, [Obs("HR", Decimal(80), "/min")])
    with refused("no_readings"):
        actions.observe(seen.nurse, seen.pt, seen.enc, [])


def test_what_is_unknown_stays_unknown(seen: SimpleNamespace) -> None:
    nobody = seen.patient(name="无名氏", sex="0")
    seen.opened(nobody)
    snapshot = queries.snapshot(nobody, None, clock.today())
    assert (snapshot.age_days, snapshot.weight_kg, snapshot.pregnant, snapshot.lactating, snapshot.egfr) == (None,) * 5
    assert snapshot.sex == "0"
    banner = queries.banner(nobody)
    assert (banner["weight"], banner["egfr"], banner["birth_date"], banner["pregnancy"]) == (
        None,
        None,
        None,
        "unknown",
    )


def test_the_snapshot_takes_the_last_of_each(seen: SimpleNamespace) -> None:
    woman = seen.patient(name="孙尚香", sex="2", birth_date=date(1995, 1, 1))
    encounter = seen.opened(woman)
    actions.observe(seen.nurse, woman, encounter, [Obs("WT", Decimal(50), "kg", at=clock.now() - timedelta(days=30))])
    actions.observe(
        seen.nurse, woman, encounter,
        [
            Obs("WT", Decimal("52.5"), "kg"), Obs("EGFR", Decimal(88), "mL/min/1.73m2"),
            Obs("PREG", Decimal(2), coded="pregnant"),
        ],
    )  # fmt: skip
    snapshot = queries.snapshot(woman, encounter, clock.today())
    assert (snapshot.weight_kg, snapshot.pregnant, snapshot.trimester, snapshot.lactating) == (
        Decimal("52.5"),
        True,
        2,
        None,
    )
    assert snapshot.egfr.value == 88
    assert snapshot.age_days == (clock.today() - date(1995, 1, 1)).days
    assert [reading.value for reading in queries.trend(woman, "WT")] == [50, Decimal("52.5")]
    later = clock.today() + timedelta(days=400)
    assert queries.snapshot(woman, encounter, later).pregnant is None


# Laws


def test_a_cancelled_registration_ends_the_visit(seen: SimpleNamespace) -> None:
    waiting = seen.visit(seen.patient(name="赵云"))
    actions.cancel_encounter(seen.clerk, waiting)
    assert queries.encounter(waiting).disposition == "cancelled"
    with refused("already_opened"):
        actions.cancel_encounter(seen.clerk, seen.enc)
