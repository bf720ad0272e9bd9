"""The dossier of a patient in pain: who opens it, what it allows, and when it ends."""

from datetime import timedelta

import pytest

from luodi.orders import actions, queries
from luodi.trust import clock
from tests.orders.place import Place, refused, wish
from tests.orders.test_screens import log_in, shown, url

OXYCODONE = wish("M0459", "10", "mg", "q12h", "15", chronic_reason="癌痛")
PAPERS = {"diagnosis_proof": True, "identity_copy": True}


def opened(place: Place, encounter: int) -> int:
    patient = queries.prescription(place.draft("outpatient", OXYCODONE, encounter=encounter)).patient
    actions.open_dossier(place.doctor, patient, "肺癌，市人民医院", consent_on=clock.today(), **PAPERS)
    return patient


def limits(rx: int) -> set[str]:
    found = queries.findings(queries.prescription(rx))
    return {f.rule for f in found if f.rule.startswith("controlled-") and f.grade == "refuse"} - {"controlled-right"}


@pytest.mark.law
def test_fifteen_days_need_a_dossier(place: Place) -> None:
    encounter = place.encounter()
    rx = place.draft("outpatient", OXYCODONE, encounter=encounter)
    assert limits(rx) == {"controlled-first"}
    opened(place, encounter)
    assert limits(rx) == set()


def test_it_holds_three_months_from_the_last_review(place: Place) -> None:
    encounter = place.encounter()
    patient = opened(place, encounter)
    rx = queries.of_encounter(encounter)[0].pk
    with clock.at(clock.now() + timedelta(days=93)):
        assert not queries.dossier(patient).holds
        assert "controlled-first" in limits(rx)
        actions.review_dossier(place.doctor, patient, "疼痛评分 3 分，继续用药")
        assert queries.dossier(patient).holds
        assert limits(rx) == set()


def test_a_closed_dossier_allows_nothing_and_another_may_be_opened(place: Place) -> None:
    encounter = place.encounter()
    patient = opened(place, encounter)
    with refused("dossier_open"):
        actions.open_dossier(place.doctor, patient, "再建", consent_on=clock.today(), **PAPERS)
    actions.end_dossier(place.doctor, patient, "疼痛缓解，停药")
    assert queries.dossier(patient) is None
    actions.open_dossier(place.doctor, patient, "复发", consent_on=clock.today(), **PAPERS)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"diagnosis_proof": False}, "dossier_papers"),
        ({"identity_copy": False}, "dossier_papers"),
        ({"consent_on": clock.today() + timedelta(days=3650)}, "dossier_consent"),
        ({"text": " "}, "dossier_words"),
    ],
)
def test_papers_are_asked_for(place: Place, given: dict, code: str) -> None:
    patient = queries.prescription(place.draft("outpatient")).patient
    wanted = {"text": "肺癌", "consent_on": clock.today(), **PAPERS} | given
    with refused(code):
        actions.open_dossier(place.doctor, patient, wanted.pop("text"), **wanted)


def test_nobody_without_the_narcotic_right_opens_one(place: Place) -> None:
    patient = queries.prescription(place.draft("outpatient")).patient
    with refused("dossier_right"):
        actions.open_dossier(place.colleague, patient, "肺癌", consent_on=clock.today(), **PAPERS)


def test_from_the_screen(place: Place) -> None:
    encounter, client = place.encounter(), log_in(place.doctor)
    place.draft("outpatient", OXYCODONE, encounter=encounter)
    assert url("dossier", encounter) in shown(client.get(url("on_encounter", encounter)))
    assert "建立档案" in shown(client.get(url("dossier", encounter)))
    day = clock.today().isoformat()
    typed = {"text": "肺癌，市人民医院", "consent_on": day, "diagnosis_proof": "on"}
    assert "市人民医院" in shown(client.post(url("dossier_opening", encounter), typed), 422)
    assert client.post(url("dossier_opening", encounter), typed | {"identity_copy": "on"}).status_code == 303
    assert "下次复诊不晚于" in shown(client.get(url("dossier", encounter)))
    assert client.post(url("dossier_review", encounter), {"review-text": "复诊"}).status_code == 303
    assert client.post(url("dossier_ending", encounter), {"end-text": "停药"}).status_code == 303
    assert "建立档案" in shown(client.get(url("dossier", encounter)))
