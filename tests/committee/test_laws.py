"""Laws of the committee, on SQLite and on PostgreSQL: nothing new is in force that it did not approve."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from luodi.committee import actions, queries, working
from luodi.committee.models import Decision
from luodi.terms import queries as terms
from luodi.terms import versions, warrant
from luodi.trust import clock, vault
from luodi.trust.refusal import Refusal
from tests.committee.board import WORKER, Board, later
from tests.orders.place import AMOXICILLIN, refused

pytestmark = pytest.mark.law


def grade() -> str:
    return terms.ruleset(clock.today()).of("kinds")[0].grade


def test_nothing_goes_live_unapproved_in_production(board: Board, real: None) -> None:
    version = board.candidate()
    with pytest.raises(warrant.Unapproved):
        actions.launch(board.secretary, version, "试用")
    board.replayed(version)
    board.sign_off(board.pharmacist, version)
    for by in (board.secretary, board.chair):
        with pytest.raises(warrant.Unapproved):
            actions.launch(by, version, "试用")
    assert grade() == "refuse"
    board.sign_off(board.chair, version)
    launch = actions.launch(board.secretary, version, "药事会第 1 次会议")
    assert working.carry_out(board.secretary, launch)
    assert (grade(), terms.provenance().status) == ("ask", "approved")


def test_what_is_approved_waits_for_its_time_and_comes_back(board: Board, real: None) -> None:
    version = board.approved(board.candidate())
    launch = actions.launch(board.secretary, version, "下周一启用", due=clock.now() + timedelta(hours=2))
    working.turn(WORKER)
    assert grade() == "refuse"
    with later(hours=2, minutes=1):
        working.turn(WORKER)
        assert grade() == "ask"
        assert queries.pending() is None
        with pytest.raises(warrant.Unapproved):  # never approved: not even back to it
            actions.launch(board.chair, board.live, "新版本提示有误")
        board.approved(board.live)
        back = actions.launch(board.chair, board.live, "新版本提示有误")
        assert working.carry_out(board.chair, back)
        assert (grade(), versions.live().status) == ("refuse", "approved")
    assert launch != back


def test_a_launch_that_is_no_longer_allowed_is_called_off_when_its_time_comes(board: Board, real: None, monkeypatch):
    version = board.approved(board.candidate())
    launch = actions.launch(board.secretary, version, "启用")
    monkeypatch.setattr(warrant, "needed", lambda: warrant.Needed(3, True, True))
    assert not working.carry_out(WORKER, launch)
    assert grade() == "refuse"
    assert queries.pending() is None
    assert "批准" in queries.launches(version)[0].withdrawal.reason


def test_approval_needs_a_replay_of_exactly_these_files(board: Board) -> None:
    version, other = board.candidate(), board.candidate(("rules", "five,kinds,refuse", "five,kinds,tell"), name="other")
    board.replayed(other)
    with refused("no_replay"):
        actions.decide(board.chair, version, "approve")
    result = board.replayed(version)
    with refused("replay_moved"):
        actions.decide(board.chair, version, "approve", seen=0)
    decision = Decision.objects.get(pk=actions.decide(board.chair, version, "approve", seen=result.pk))
    assert result.digest.encode() in bytes(decision.message)


def test_a_signature_over_another_digest_approves_nothing(board: Board, real: None) -> None:
    version, other = (
        board.candidate(),
        board.approved(board.candidate(("rules", "five,kinds,refuse", "five,kinds,tell"), name="o")),
    )
    board.replayed(version)
    board.sign_off(board.chair, version)
    digest = versions.version(version).digest
    stolen = queries.warrants(other)
    assert warrant.approved(versions.version(other).digest, stolen)
    assert warrant.proved(digest, stolen) == {}
    forged = Decision.objects.get(version=other, staff=board.pharmacist.staff)
    Decision.objects.filter(pk=forged.pk).update(version=version)  # as if somebody wrote in the database
    with pytest.raises(warrant.Unapproved):
        actions.launch(board.secretary, version, "启用")
    assert grade() == "refuse"


def test_two_approvals_at_once_are_two_and_one_member_twice_is_one(open_board: Board) -> None:
    board = open_board
    version = board.candidate()
    board.replayed(version)
    moment = clock.now()

    def approve(by) -> str:
        try:
            with clock.at(moment):
                actions.decide(by, version, "approve")
            return "signed"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(approve, [board.chair, board.pharmacist, board.chair, board.pharmacist]))
    assert sorted(said) == ["decided", "decided", "signed", "signed"]
    assert warrant.approved(versions.version(version).digest, queries.warrants(version))
    assert all(card.valid for card in queries.decisions(version))


def test_two_launches_at_once_are_one(open_board: Board) -> None:
    board = open_board
    pks = [board.candidate(), board.candidate(("rules", "five,kinds,refuse", "five,kinds,tell"), name="other")]
    moment = clock.now()

    def launch(version: int) -> str:
        try:
            with clock.at(moment):
                actions.launch(board.secretary, version, "启用")
            return "arranged"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(launch, pks)) == ["arranged", "launch_pending"]


def test_a_stretch_is_kept_once_whoever_works_it_out(open_board: Board) -> None:
    board = open_board
    board.place.signed("outpatient", AMOXICILLIN)
    with later(minutes=1):
        pk, moment = actions.replay(board.secretary, board.live), clock.now()

    def go_on(_turn: int) -> bool:
        try:
            with clock.at(moment):
                return actions.go_on(WORKER, pk)
        except Refusal:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(go_on, range(3))) == 1
    assert queries.replay(pk).result.checked == 1


def test_one_rejection_ends_a_version(board: Board, real: None) -> None:
    version = board.candidate()
    board.replayed(version)
    board.sign_off(board.chair, version)
    with refused("reason_missing"):
        actions.decide(board.pharmacist, version, "reject", " ")
    actions.decide(board.pharmacist, version, "reject", "剂量上限有误")
    with refused("rejected"):
        board.sign_off(board.second, version)
    with refused("rejected"):
        actions.launch(board.secretary, version, "启用")
    assert queries.standing(versions.version(version)).state == "rejected"


def test_what_was_in_force_before_the_committee_is_approved_in_place(board: Board, real: None) -> None:
    assert terms.provenance().status == "compiled"
    before = terms.ruleset(clock.today())
    board.approved(board.live)
    said = terms.provenance()
    assert (said.status, versions.live().status) == ("approved", "approved")
    after = terms.ruleset(clock.today())
    assert after.digest == before.digest
    assert after.drugs["M0288"].status == "approved"


def test_the_candidate_in_memory_is_what_is_in_force_later(board: Board) -> None:
    version = board.candidate()
    day = clock.today()
    kept = versions.ruleset(version, day)
    assert working.carry_out(board.secretary, actions.launch(board.secretary, version, "试用"))
    live = terms.ruleset(day)
    for name in live._fields:
        assert getattr(live, name) == getattr(kept, name), name


def test_the_windows_key_is_asked_of_who_signs(board: Board) -> None:
    version = board.candidate()
    board.replayed(version)
    with later(hours=9), pytest.raises(vault.signer.Reauthenticate):
        board.sign_off(board.chair, version)


def test_an_arrangement_is_called_off_once(board: Board) -> None:
    launch = actions.launch(board.secretary, board.candidate(), "启用", due=clock.now() + timedelta(days=1))
    actions.withdraw(board.secretary, launch, "再议")
    with refused("launch_over"):
        actions.withdraw(board.secretary, launch, "再议")
    with later(days=2):
        working.turn(WORKER)
    assert grade() == "refuse"
