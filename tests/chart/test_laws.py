"""Laws of the record: of things done at once one stands, nothing lies in the clear, facts at a head stay."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from luodi.chart import actions, facts, queries
from luodi.chart.comparing import compared
from luodi.chart.models import Note
from luodi.chart.types import AllergyItem, Obs
from luodi.trust import clock, ledger
from luodi.trust.models import Entry
from tests.patients.test_identity import together

PENICILLIN = AllergyItem("PENICILLIN", "青霉素类", "severe", "过敏性休克")
LATEX = AllergyItem("", "乳胶", "mild", "皮疹")


@pytest.mark.law
@pytest.mark.django_db(transaction=True)
def test_of_things_done_at_once_one_stands(shared: SimpleNamespace) -> None:
    patient = shared.patient()
    encounter = shared.visit(patient)
    doctors = [shared.doctor, shared.colleague]
    opened = together([lambda d=d: actions.open_encounter(d, encounter) for d in doctors * 2])
    assert sorted(map(str, opened)) == ["None", *["already_opened"] * 3]
    first = actions.note(shared.doctor, encounter, "complaint", "头痛")
    amended = together(
        [
            lambda n=n: actions.note(doctors[n % 2], encounter, "complaint", f"头痛 {n} 天", first, "更正")
            for n in range(4)
        ]
    )
    assert amended.count("superseded") == 3
    begun = together([lambda n=n: actions.note(doctors[n % 2], encounter, "exam", f"查体 {n}") for n in range(4)])
    assert begun.count("superseded") == 3
    stated = together([lambda: actions.state_allergies(shared.doctor, patient, "denied", rev=0) for _ in range(4)])
    assert sorted(stated, key=str) == [1, *["allergy_moved"] * 3]
    assert [note.version for note in queries.notes(encounter)] == [2, 1] or len(queries.notes(encounter)) == 2


@pytest.mark.law
def test_no_table_holds_clinical_words_in_the_clear(coded: SimpleNamespace) -> None:
    first = actions.note(coded.doctor, coded.enc, "complaint", "剧烈头痛三天")
    actions.note(coded.doctor, coded.enc, "complaint", "剧烈头痛四天", supersedes=first, reason="口述有误")
    actions.state_allergies(coded.doctor, coded.pt, "listed", [AllergyItem("", "自制蜂胶", "", "嘴唇肿胀")])
    actions.withdraw_diagnosis(coded.doctor, actions.diagnose(coded.doctor, coded.enc, "J18"), "影像否定了它")
    actions.observe(coded.nurse, coded.pt, coded.enc, [Obs("CC", text="跌倒后头痛")])
    ledger.seal()
    held = bytearray()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in ("terms", "reception", "pharmacy"):
                continue  # master data holds medical words of its own
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for value in (value for row in cursor.fetchall() for value in row):
                held += bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
    assert b"allergy.state" in held
    for words in ("剧烈头痛", "口述有误", "自制蜂胶", "嘴唇肿胀", "影像否定", "跌倒后头痛", "欧阳建国"):
        assert words.encode() not in held, words


@pytest.mark.law
def test_every_row_has_the_entry_of_its_act(coded: SimpleNamespace) -> None:
    actions.note(coded.doctor, coded.enc, "complaint", "头痛")
    actions.diagnose(coded.doctor, coded.enc, "J18")
    for model in apps.get_app_config("chart").get_models():
        for row in model._default_manager.all():
            assert Entry.objects.filter(pk=row.entry_id).exists(), model
    with pytest.raises(RuntimeError):
        Note(encounter_id=coded.enc)


@pytest.mark.law
def test_facts_at_a_head_stay_the_same(seen: SimpleNamespace) -> None:
    window = SimpleNamespace(start=clock.now() - timedelta(days=1), end=clock.now() + timedelta(days=1))
    head = ledger.seal()
    arrivals, openings = facts.arrivals(head, window), facts.openings(head, window)
    assert [row.encounter for row in arrivals] == [row.encounter for row in openings] == [seen.enc]
    for _ in range(3):
        seen.opened(seen.patient(name="赵云"))
    actions.reclass(seen.doctor, seen.enc, "observation", seen.unit["OBS"])
    later = ledger.seal()
    assert (facts.arrivals(head, window), facts.openings(head, window)) == (arrivals, openings)
    assert len(facts.arrivals(later, window)) == 4
    assert facts.changes(head, window) == []
    assert len(facts.changes(later, window)) == 1
    actions.close_encounter(seen.doctor, seen.enc, "left")
    assert [row.disposition for row in facts.closings(ledger.seal(), window)] == ["left"]


@pytest.mark.law
@given(st.text(max_size=80), st.text(max_size=80))
def test_a_comparison_holds_both_texts(before: str, after: str) -> None:
    parts = compared(before, after)
    assert "".join(part.text for part in parts if part.kind != "new") == before
    assert "".join(part.text for part in parts if part.kind != "gone") == after


def test_a_long_comparison_goes_by_lines() -> None:
    before = "行一\n" * 3000
    parts = compared(before, before + "行二\n")
    assert [part.kind for part in parts] == ["same", "new"]
    assert parts[1].text == "行二\n"
