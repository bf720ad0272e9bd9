"""Emergency triage: the worst indicator wins, missing is unknown, lowering needs a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest

from luodi.chart import queries as chart
from luodi.reception import actions, policy, queries
from luodi.reception.refusals import Invalid, NotEmergency, TriageMoved
from luodi.trust import access, ledger
from luodi.trust.clock import at, now
from luodi.trust.refusal import Forbidden, Refusal

WELL = {
    "pulse": 80, "systolic": 120, "respiration": 14, "spo2": 98, "temperature": "36.5", "pain": 0, "consciousness": "A",
}  # fmt: skip


@pytest.fixture
def arrived(house):
    return actions.register(house.ed_nurse, house.patient(), unit=house.unit["ED"])


def assess(house, arrived, level, vitals=WELL, complaint="腹痛两小时", **more):
    return actions.triage(house.ed_nurse, arrived.encounter, level, vitals, complaint, **more)


def test_worst_indicator_wins_and_vitals_reach_the_chart(house, arrived):
    assert assess(house, arrived, 2, {**WELL, "spo2": 88}) == 1
    card = queries.latest_triage(arrived.encounter)
    assert (card.level, card.suggested) == (2, 2)
    assert card.because[0] == ("spo2", 2)
    assert card.complaint == "腹痛两小时"
    assert chart.latest(arrived.patient, "SPO2").value == Decimal(88)
    assert chart.latest(arrived.patient, "AVPU").coded == "A"


def test_missing_is_unknown_not_normal(house, arrived):
    assess(house, arrived, 3, {})
    card = queries.latest_triage(arrived.encounter)
    assert card.suggested is None
    assert "pulse" in card.missing
    assert chart.latest(arrived.patient, "HR") is None


def test_lowering_needs_a_reason_and_raising_does_not(house, arrived):
    with pytest.raises(Invalid) as refused:
        assess(house, arrived, 4, {**WELL, "pulse": 160})
    assert refused.value.field == "reason"
    assert queries.latest_triage(arrived.encounter) is None
    assert chart.latest(arrived.patient, "HR") is None
    assess(house, arrived, 4, {**WELL, "pulse": 160}, reason="活动后即刻测量，静息后复测正常")
    assert queries.latest_triage(arrived.encounter).reason.startswith("活动后")
    assess(house, arrived, 1)
    assert queries.latest_triage(arrived.encounter).level == 1


def test_retriage_is_a_version_and_nothing_is_overwritten(house, arrived):
    assess(house, arrived, 4, version=0)
    with pytest.raises(TriageMoved):
        assess(house, arrived, 3, version=0)
    assess(house, arrived, 3, version=1)
    assert [(card.version, card.level) for card in queries.triage_versions(arrived.encounter)] == [(1, 4), (2, 3)]


def test_queue_follows_the_level_and_unknown_ranks_with_urgent(house):
    made = [actions.register(house.ed_nurse, house.patient(f"急诊{i}"), unit=house.unit["ED"]) for i in range(4)]
    actions.triage(house.ed_nurse, made[0].encounter, 4, {}, "换药")
    actions.triage(house.ed_nurse, made[2].encounter, 2, {}, "胸痛")
    actions.triage(house.ed_nurse, made[3].encounter, 3, {}, "发热")
    assert [row.number for row in queries.queue(house.unit["ED"])] == [3, 2, 4, 1]
    assert [row.level for row in queries.queue(house.unit["ED"])] == [2, None, 3, 4]


def test_countdown_and_retriage_due(house, arrived):
    assert queries.retriage_due(house.unit["ED"])[0] == 1
    assess(house, arrived, 3)
    assert queries.retriage_due(house.unit["ED"])[0] == 0
    with at(now() + timedelta(minutes=31)):
        (row,) = queries.triage_list(house.unit["ED"])
        assert row.left < 0
        assert queries.retriage_due(house.unit["ED"])[0] == 1


def test_levels_are_data_with_dates():
    assert [policy.levels()[level].respond for level in (1, 2, 3, 4)] == [0, 10, 30, 60]
    assert policy.levels(now().date().replace(year=2000)) == {}


@pytest.mark.parametrize(
    "vitals",
    [{"pulse": "abc"}, {"pulse": "NaN"}, {"pulse": "1e400"}, {"pulse": -5}, {"spo2": 101}, {"temperature": 365},
     {"mood": 1},     {"consciousness": "Z"}],
)  # fmt: skip
def test_absurd_vitals_are_refused_and_nothing_is_written(house, arrived, vitals):
    with pytest.raises(Refusal):
        assess(house, arrived, 1, vitals)
    assert queries.latest_triage(arrived.encounter) is None


@pytest.mark.parametrize(
    ("level", "complaint"), [(0, "腹痛"), (5, "腹痛"), (2, ""), (2, "痛" * 1_000_000), (2, "腹\x00痛")]
)
def test_bad_level_or_complaint(house, arrived, level, complaint):
    with pytest.raises(Refusal):
        assess(house, arrived, level, complaint=complaint)


def test_unknown_complaint_code(house, arrived):
    with pytest.raises(Invalid):
        assess(house, arrived, 2, complaint_code="XX999")


def test_only_emergency_and_only_those_who_care(house, arrived):
    outpatient = actions.register(house.clerk, house.patient("门诊"), house.session())
    with pytest.raises(NotEmergency):
        actions.triage(house.nurse, outpatient.encounter, 3, {}, "咳嗽")
    with pytest.raises(Forbidden):
        actions.triage(house.clerk, arrived.encounter, 3, {}, "咳嗽")
    with pytest.raises(access.NoCare):
        actions.triage(house.nurse, arrived.encounter, 3, {}, "咳嗽")


def test_evidence_holds_levels_and_no_words(house, arrived):
    assess(house, arrived, 2, complaint="呕血一次")
    (entry,) = ledger.entries(verb="triage.assess")
    assert (entry.facts["level"], entry.facts["version"]) == (2, 1)
    assert "呕血" not in str(entry)
