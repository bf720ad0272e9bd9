"""Replay: what signed prescriptions would have met under a candidate."""

import json

import pytest

from luodi.committee import actions, queries
from luodi.committee.actions import replays
from luodi.committee.replaying import FAILED
from luodi.orders import queries as prescriptions
from luodi.orders.models import Basis
from luodi.terms import versions
from luodi.trust import clock, ledger
from luodi.trust.refusal import Forbidden, Refusal
from tests.committee.board import WORKER, Board, later
from tests.orders.place import AMBROXOL, AMOXICILLIN, IBUPROFEN, refused

# every medicine that is prescribed gets a finding that it had not, or loses one
TEST = ("rules", "skin-test,skin_test,ask", "skin-test,skin_test,tell")


def line(board: Board, code: str) -> str:
    """The beginning of a rule's row up to its grade, as it stands in the file."""
    text = (board.base / "rules.csv").read_text(encoding="utf-8")
    return next(row for row in text.splitlines() if row.startswith(f"{code},"))


def regraded(board: Board, code: str, grade: str, name: str = "regraded") -> int:
    row = line(board, code)
    cells = row.split(",", 3)
    return board.candidate(("rules", row, ",".join([*cells[:2], grade, cells[3]])), name=name)


def asked(board: Board) -> tuple[str, str]:
    """A rule whose grade column decides, and which asked about amoxicillin; its code and the finding's key."""
    rx = board.place.draft("outpatient", AMOXICILLIN)
    codes = {row.split(",")[0]: row.split(",")[2] for row in (board.base / "rules.csv").read_text().splitlines()}
    found = [f for f in prescriptions.findings(rx) if f.grade == "ask" and codes.get(f.rule) == "ask"]
    board.place.sign(rx)
    return found[0].rule, found[0].key


def test_the_set_in_force_replayed_finds_nothing_other(board: Board) -> None:
    for wishes in ((AMBROXOL,), (AMOXICILLIN,), (IBUPROFEN, AMOXICILLIN)):
        board.place.signed("outpatient", *wishes)
    board.place.signed("inpatient", AMBROXOL)
    with later(minutes=1):
        result = board.replayed(board.live)
    assert (result.checked, result.skipped) == (4, 0)
    assert list(queries.changes(result.replay_id)) == []
    tallies = queries.counts(result)
    assert sum(row["before_ask"] for row in tallies) == sum(row["after_ask"] for row in tallies) > 0


def test_a_milder_grade_is_counted_and_shown_with_its_sample(board: Board) -> None:
    rule, key = asked(board)
    with later(minutes=1):
        result = board.replayed(regraded(board, rule, "tell"))
    (change,) = queries.changes(result.replay_id, rule)
    assert (change.key, change.before, change.after) == (key, "ask", "tell")
    row = next(row for row in queries.counts(result) if row["rule"] == rule)
    assert (row["before_ask"], row["after_ask"], row["after_tell"], row["milder"], row["new"]) == (1, 0, 1, 1, 0)


def test_findings_appear_and_vanish(board: Board) -> None:
    rule, _key = asked(board)
    row = line(board, rule)
    ended = board.candidate(("rules", row, row.replace("-01,,", "-01,2026-11-02,")), name="ended")
    with later(minutes=1):
        result = board.replayed(ended)
        found = {(c.rule, c.before, c.after) for c in queries.changes(result.replay_id)}
    assert (rule, "ask", "") in found
    assert any(before == "" and after for _rule, before, after in found), "the missing rule is said, never skipped"


def test_the_same_replay_has_the_same_answer_in_whatever_stretches(board: Board, monkeypatch) -> None:
    rule, _key = asked(board)
    for _ in range(4):
        board.place.signed("outpatient", AMOXICILLIN)
    version = regraded(board, rule, "refuse")
    with later(minutes=1):
        first = board.replayed(version)
        monkeypatch.setattr(replays, "STRETCH", 2)
        board.place.draft("outpatient", AMOXICILLIN)  # the chart goes on; what was asked at the signature stays
        second = board.replayed(version)
    assert first.pk != second.pk
    assert second.replay.parts.count() > first.replay.parts.count()
    assert (first.digest, first.counts) == (second.digest, second.counts)
    assert first.checked == 5


def test_later_facts_of_the_patient_change_no_replay(board: Board) -> None:
    from luodi.chart import actions as chart
    from luodi.chart.types import AllergyItem

    rx = board.place.signed("outpatient", AMOXICILLIN)
    patient = prescriptions.prescription(rx).patient
    with later(minutes=1):
        chart.state_allergies(
            board.place.doctor, patient, "listed", [AllergyItem("J01CA04", "阿莫西林", severity="severe")]
        )
        result = board.replayed(board.live)
    assert list(queries.changes(result.replay_id)) == []


def test_a_signature_without_its_question_is_counted_and_said(board: Board) -> None:
    board.place.signed()
    kept = board.place.signed()
    Basis.objects.exclude(signature__prescription=kept).delete()
    with later(minutes=1):
        result = board.replayed(board.live)
    assert (result.checked, result.skipped) == (1, 1)


def test_parameters_that_break_a_check_are_found_before_they_are_in_force(board: Board) -> None:
    board.place.signed()
    row = line(board, "five")
    broken = board.candidate(("rules", row, row.replace('""most""', '""least""')), name="broken")
    with later(minutes=1):
        result = board.replayed(broken)
        assert FAILED in json.loads(result.counts)
        with refused("check_failed"):
            actions.decide(board.chair, broken, "approve")


def test_no_patient_is_named_by_what_is_kept(board: Board) -> None:
    rule, _key = asked(board)
    with later(minutes=1):
        result = board.replayed(regraded(board, rule, "refuse"))
    kept = [str(vars(change)) for change in queries.changes(result.replay_id)]
    kept += [str(entry.facts) for entry in ledger.entries(verb="replay.go_on")] if kept else []
    assert kept
    assert not [text for text in kept if "测试患者" in text or "patient" in text]


def test_only_who_may_asks_and_nobody_goes_on_past_the_end(board: Board) -> None:
    with pytest.raises(Forbidden):
        actions.replay(board.place.doctor, board.live)
    result = board.replayed(board.live)
    with pytest.raises(Refusal):
        actions.go_on(WORKER, result.replay_id)
    with pytest.raises(versions.NoVersion):
        actions.replay(board.secretary, 10_000)


def test_progress_is_told_while_it_runs(board: Board, monkeypatch) -> None:
    monkeypatch.setattr(replays, "STRETCH", 2)
    for _ in range(3):
        board.place.signed()
    with clock.at(clock.now()), later(minutes=1):
        pk = actions.replay(board.secretary, board.live)
        assert queries.replay(pk).percent == 0
        actions.go_on(WORKER, pk)
        assert (queries.replay(pk).percent, queries.unfinished()) == (66, [pk])
        assert actions.go_on(WORKER, pk)
    assert (queries.replay(pk).percent, queries.unfinished()) == (100, [])
