"""Laws of the commentary, on both engines: drawn once and again the same, never one's own, nothing changes after."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from luodi.chart import actions as chart
from luodi.commentary import actions, queries
from luodi.commentary.judged import Stands, one
from luodi.commentary.models import Assignment, Case, Comment, Proposal, Report, Sample
from luodi.orders import queries as prescriptions
from luodi.pharmacy import actions as pharmacy
from luodi.pharmacy.actions import RuleWish
from luodi.terms import queries as terms
from luodi.trust import clock, ledger
from luodi.trust.actor import system
from luodi.trust.models import Entry, Holding, Post
from luodi.trust.refusal import Forbidden
from tests.commentary.round import DAY, NEXT, Round
from tests.orders.place import AMBROXOL, AMOXICILLIN, MONDAY, MORPHINE_SLOW, refused
from tests.pharmacy.store import DAILY, THREE_DAYS

pytestmark = pytest.mark.law


def test_a_sample_is_frozen_and_anybody_draws_the_same_again(round_: Round) -> None:
    pks = round_.prescriptions(5)
    sample = round_.draw()
    row = Sample.objects.get(pk=sample)
    assert row.population == row.size == 5, "fewer than a hundred: all"
    drawn = list(Case.objects.filter(sample=row).order_by("place").values_list("prescription", flat=True))
    assert sorted(drawn) == sorted(pks)
    with clock.at(MONDAY):
        round_.store.ready("outpatient", DAILY)  # written later, dated in the same days
    ledger.seal()
    again = queries.redrawn(sample)
    assert again.same
    assert again.members == drawn, "as of the head, whatever came after"
    assert row.digest == ledger.anchor(row.head).digest


def test_another_block_draws_another_order(round_: Round) -> None:
    """The seed is made of the last block's digest: what was sealed by then, and nothing a person chooses."""
    round_.prescriptions(4)
    first = Sample.objects.get(pk=round_.draw())
    second = Sample.objects.get(pk=round_.draw("unit", scope=round_.units["GIM"]))
    assert second.head > first.head
    assert second.digest != first.digest
    assert second.seed != first.seed


def test_a_tampered_sample_is_seen(round_: Round) -> None:
    round_.prescriptions(3)
    sample = round_.draw()
    Case.objects.filter(sample=sample, place=1).update(place=9)
    Case.objects.filter(sample=sample, place=2).update(place=1)
    Case.objects.filter(sample=sample, place=9).update(place=2)
    assert not queries.redrawn(sample).same


def test_no_day_is_drawn_from_twice(round_: Round) -> None:
    round_.prescriptions(2)
    round_.draw()
    for first, last in ((DAY, DAY), (DAY - timedelta(days=3), DAY)):
        with refused("commentary_drawn"):
            round_.draw(first=first, last=last)
    assert Sample.objects.count() == 1
    round_.draw("doctor", scope=round_.doctor.staff)  # another kind of sample


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "none"},
        {"first": DAY + timedelta(days=1), "last": DAY + timedelta(days=1)},  # a day that is not over
        {"first": DAY, "last": DAY - timedelta(days=1)},
        {"first": DAY - timedelta(days=92)},
        {"kind": "doctor"},
        {"scope": 1},
        {"kind": "costly"},  # no prices: refused, never drawn as if nothing were costly
        {"first": date(2026, 11, 10), "last": date(2026, 11, 11)},  # nothing was signed
    ],
)
def test_what_cannot_be_drawn_is_refused(round_: Round, asked: dict) -> None:
    round_.prescriptions(1)
    with refused("commentary_draw"):
        round_.draw(**asked)
    assert not Sample.objects.exists()


def test_a_case_goes_to_one_who_had_no_hand_in_it(round_: Round) -> None:
    """The reviewer of all these holds the right to comment as well: they are given to the other."""
    round_.prescriptions(3)
    sample = round_.draw()
    reviewer = round_.pharmacist.staff
    Holding.objects.create(
        staff_id=reviewer, post=Post.objects.get(code="clinical_pharmacist"), unit_id=round_.units["PHA"], since=MONDAY
    )
    with refused("commentary_assignment"):
        actions.assign(round_.head, sample, [reviewer])
    assert actions.assign(round_.head, sample, [reviewer, round_.one.staff]) == 3
    assert set(Assignment.objects.values_list("staff", flat=True)) == {round_.one.staff}
    assert actions.assign(round_.head, sample, [round_.two.staff]) == 0, "given once"


def test_who_may_not_comment_is_given_nothing(round_: Round) -> None:
    round_.prescriptions(1)
    sample = round_.draw()
    for staff in ([], [round_.doctor.staff], [round_.one.staff, round_.dispenser.staff]):
        with refused("commentary_assignment"):
            actions.assign(round_.head, sample, staff)
    with pytest.raises(Forbidden):
        actions.assign(round_.one, sample, [round_.one.staff])


def test_a_part_is_judged_twice_by_two_people(round_: Round) -> None:
    round_.prescriptions(6)
    sample = round_.assigned("one", "two")
    second = Assignment.objects.filter(role="second")
    assert [row.case.place for row in second] == [1], "10 % of six, rounded up"
    assert second[0].staff_id != Assignment.objects.get(case=second[0].case, role="first").staff_id
    load = [Assignment.objects.filter(staff=who.staff).count() for who in (round_.one, round_.two)]
    assert sorted(load) == [3, 4]
    assert Case.objects.filter(sample=sample, assignments=None).count() == 0


def test_only_the_assigned_one_judges_and_once(round_: Round) -> None:
    round_.prescriptions(1)
    round_.assigned("one")
    row = Assignment.objects.get()
    with refused("commentary_not_found"):
        actions.comment(round_.two, row.pk, [])
    round_.comment(row.case_id, "2-5/1 1-10", "剂量偏大")
    with refused("commentary_done"):
        round_.comment(row.case_id, "")
    said = Comment.objects.get()
    assert said.verdict == "unsuitable"
    assert "剂量".encode() not in bytes(said.words), "sealed"
    (item,) = [item for item in said.items.all() if item.line_id]
    assert item.code == "2-5"
    assert queries.words(said.assignment.case, bytes(said.words)) == "剂量偏大"
    assert Entry.objects.filter(verb="commentary.comment").count() == 1


@pytest.mark.parametrize(("codes", "text"), [("2-9", ""), ("1-16", "x"), ("2-5/7", ""), ("X", "")])
def test_a_comment_that_says_too_little_is_refused(round_: Round, codes: str, text: str) -> None:
    round_.prescriptions(1)
    round_.assigned("one")
    case = Case.objects.get().pk
    if codes == "X":
        with refused("commentary_incomplete"):
            round_.comment(case, "2-5", "长" * 501)
    else:
        with refused("commentary_incomplete"):
            round_.comment(case, codes, text)
    assert not Comment.objects.exists()


def test_the_prescriber_alone_answers_within_the_days(round_: Round) -> None:
    round_.prescriptions(2)
    sample = round_.assigned("one")
    mine, late = round_.judge(sample, "2-5", "1-10")
    with refused("commentary_not_found"):
        actions.state(round_.colleague, mine, objects=False)
    with refused("commentary_incomplete"):
        actions.state(round_.doctor, mine, objects=True, text=" ")
    actions.state(round_.doctor, mine, objects=True, text="指南推荐该剂量")
    with refused("commentary_done"):
        actions.state(round_.doctor, mine, objects=False)
    assert one(mine).stands(clock.now()) is Stands.OBJECTED
    assert one(late).stands(clock.now()) is Stands.TOLD
    with clock.at(NEXT + timedelta(days=5)):
        assert one(late).stands(clock.now()) is Stands.CLOSED
        with refused("commentary_late"):
            actions.state(round_.doctor, late, objects=True, text="迟到")


def test_an_objection_is_ruled_by_another_and_the_ruling_stands(round_: Round) -> None:
    round_.prescriptions(1)
    (case,) = round_.judge(round_.assigned("one"), "3-1")
    with refused("no_care"):
        actions.rule(round_.head, case, [], "没有异议可裁")
    actions.state(round_.doctor, case, objects=True, text="有适应证，见病历")
    with refused("commentary_incomplete"):
        actions.rule(round_.head, case, [], "")
    actions.rule(round_.head, case, [], "病历记有适应证，改判合理")
    judged = one(case)
    assert (judged.verdict, judged.codes) == ("reasonable", [])
    assert judged.stands(clock.now()) is Stands.CLOSED
    assert Comment.objects.get().verdict == "extraordinary", "what was said stays"


def test_two_who_differ_wait_for_a_ruling_before_the_doctor_hears(round_: Round) -> None:
    round_.prescriptions(1)
    round_.assigned("one", "two")
    case = Case.objects.get().pk
    round_.comment(case, "2-5")
    assert one(case).stands(clock.now()) is Stands.OPEN
    round_.comment(case, "", role="second")
    assert one(case).stands(clock.now()) is Stands.SPLIT
    with refused("commentary_not_found"):
        actions.state(round_.doctor, case, objects=False)
    actions.rule(round_.head, case, ["2-5"], "按说明书")
    assert one(case).stands(clock.now()) is Stands.TOLD


def test_a_report_waits_for_every_case_and_never_changes(round_: Round) -> None:
    round_.prescriptions(4)
    sample = round_.assigned("one")
    with refused("commentary_open"):
        actions.publish(round_.head, DAY, DAY)
    told, *_rest = round_.judge(sample, "2-5")
    with refused("commentary_open"):
        actions.publish(round_.head, DAY, DAY)
    actions.state(round_.doctor, told, objects=False)
    report = actions.publish(round_.head, DAY, DAY)
    frozen = Report.objects.get().body
    with refused("commentary_done"):
        actions.publish(round_.head, DAY, DAY)
    with clock.at(MONDAY):
        round_.store.ready("outpatient", DAILY)  # the hospital works on
    ledger.seal()
    assert queries.recomputed(report) == json.loads(frozen)
    assert json.loads(frozen)["verdicts"] == {"reasonable": 3, "irregular": 0, "unsuitable": 1, "extraordinary": 0}


def test_three_extraordinary_ones_are_proposed_and_nothing_follows_of_itself(round_: Round) -> None:
    round_.prescriptions(3)
    for case in round_.judge(round_.assigned("one"), "3-1", "3-2", "3-4"):
        actions.state(round_.doctor, case, objects=False)
    actions.publish(round_.head, DAY, DAY)
    proposal = Proposal.objects.get()
    assert (proposal.doctor_id, proposal.step, proposal.cases.count()) == (round_.doctor.staff, "warn", 3)
    before = orders_rights(round_)
    with refused("commentary_incomplete"):
        actions.decide(round_.affairs, proposal.pk, accepted=True, reason="")
    with pytest.raises(Forbidden):
        actions.decide(round_.head, proposal.pk, accepted=True, reason="药学部不决定")
    actions.decide(round_.affairs, proposal.pk, accepted=True, reason="三例均无正当理由")
    with refused("commentary_done"):
        actions.decide(round_.affairs, proposal.pk, accepted=False, reason="再来")
    assert orders_rights(round_) == before


def orders_rights(round_: Round) -> object:
    return prescriptions.rights(round_.doctor.staff)


def test_looking_at_doctors_leaves_an_entry_each_time(round_: Round) -> None:
    round_.prescriptions(2)
    ledger.seal()
    with pytest.raises(Forbidden):
        actions.volumes(round_.one, DAY, DAY, "quality")
    with refused("commentary_incomplete"):
        actions.volumes(round_.head, DAY, DAY, "curiosity")
    (volume,) = actions.volumes(round_.head, DAY, DAY, "quality")
    assert volume == (round_.doctor.staff, 2, 2, 0, 0)
    entry = Entry.objects.filter(verb="commentary.volumes").get()
    assert json.loads(entry.facts)["purpose"] == "quality"


def test_records_of_the_discharged_are_drawn_and_judged_whole(round_: Round) -> None:
    """出院病历: by encounter, every signed prescription of it on one sheet; the outpatient sample leaves them alone."""
    with clock.at(MONDAY):
        place = round_.store.place
        encounter = place.encounter("inpatient")
        for _ in range(2):
            place.sign(place.draft("inpatient", AMBROXOL, encounter=encounter))
        chart.close_encounter(place.ward_doctor, encounter, "home")
        place.encounter("inpatient")  # still in bed
    sample = round_.draw("ward")
    (case,) = Case.objects.filter(sample=sample)
    assert (case.encounter_id, case.prescription_id, case.prescriber_id) == (encounter, None, None)
    assert queries.redrawn(sample).same
    assert [row["number"] for row in queries.sheet(case).lines] == [1, 2]
    with refused("commentary_draw"):
        round_.draw("outpatient")
    actions.assign(round_.head, sample, [round_.one.staff])
    round_.comment(case.pk, "2-5/2")
    assert one(case.pk).stands(clock.now()) is Stands.CLOSED, "a record has no single prescriber who answers"
    report = json.loads(Report.objects.get(pk=actions.publish(round_.head, DAY, DAY)).body)
    assert report["rows"] == []
    assert report["verdicts"]["unsuitable"] == 1
    assert report["antibacterial"]["inpatient"] == {"top": 0, "bottom": 2, "share": "0.00"}


def test_every_person_sees_what_waits_for_them_today(round_: Round) -> None:
    round_.prescriptions(2)
    told, _other = round_.judge(round_.assigned("one"), "2-5")
    assert queries.to_answer(round_.doctor.staff) == (1, clock.now())
    assert queries.to_answer(round_.colleague.staff) == (0, None)
    actions.state(round_.doctor, told, objects=True, text="见病历")
    assert queries.to_answer(round_.doctor.staff) == (0, None)
    assert [judged.case.pk for judged in queries.waiting_for_ruling()] == [told]


def test_what_the_program_passed_is_sampled_by_itself(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = terms.provenance()._replace(stale=())  # past its time, a source stops the program
    monkeypatch.setattr(terms, "provenance", lambda: fresh)
    round_.prescriptions(2)  # reviewed by a person
    with refused("commentary_draw"):
        round_.draw("automatic")
    with clock.at(MONDAY):
        pharmacy.set_rule(round_.head, RuleWish(on=True, classes=("outpatient",), told=True), "药事会决议")
        alone = round_.store.place.signed("outpatient", THREE_DAYS)
        assert pharmacy.pass_alone(system("worker"), alone)
    sample = round_.draw("automatic")
    assert [case.prescription_id for case in Case.objects.filter(sample=sample)] == [alone]


@pytest.mark.parametrize(
    ("kind", "line"), [("antibacterial", AMOXICILLIN), ("narcotic", MORPHINE_SLOW), ("injection", None)]
)
def test_special_samples_hold_what_they_are_named_after(round_: Round, kind: str, line: Any) -> None:
    round_.prescriptions(2)
    if line is None:
        with refused("commentary_draw"):
            round_.draw(kind)
        return
    with clock.at(MONDAY):
        wanted = round_.store.place.signed("outpatient", line)
    sample = round_.draw(kind)
    assert [case.prescription_id for case in Case.objects.filter(sample=sample)] == [wanted]
    assert queries.redrawn(sample).same
