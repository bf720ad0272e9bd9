"""Laws of the loop, on SQLite and on PostgreSQL."""

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luodi.orders import actions, facts, queries
from luodi.orders.loop import Step
from luodi.orders.models import LoopStep, Prescription, Task
from luodi.trust import clock, ledger
from luodi.trust.models import Entry
from luodi.trust.refusal import Refusal
from tests.orders.place import AMOXICILLIN, ESTAZOLAM, MONDAY, PROOF, WHO, later, relate

pytestmark = pytest.mark.law

# Written out by hand, so that the table is tested against something other than itself.
ORDER = {
    "outpatient": ["signed", "reviewed", "prepared", "checked", "dispensed"],
    "inpatient": ["signed", "reviewed", "verified", "prepared", "checked", "dispensed", "received"],
}
BEFORE_PREPARED = {"outpatient": "reviewed", "inpatient": "verified"}
ATTEMPTS = [*WHO, Step.PAID, Step.SIGNED, Step.STOPPED, "reply", "stop", "later"]


def expected(visit_class: str, current: str, step: str) -> bool:
    """May `step` follow `current`? An oracle of its own."""
    order = ORDER[visit_class]
    if step == "returned":
        return current in ("signed", "reviewed", "verified", "unprepared")
    if step == "unprepared":
        return current in ("prepared", "checked")
    if step == "prepared" and current == "unprepared":
        return True
    if step not in order[1:]:
        return False
    return current == order[order.index(step) - 1]


def attempt(place: Any, rx: int, step: str) -> None:
    doctor = place.doctor_of(rx)
    if step == "reply":
        actions.reply(doctor, rx, "已核对")
    elif step == "stop":
        actions.stop(doctor, rx, "wrong_entry")
    else:
        who = place.people[WHO.get(step, "pharmacist")]
        actions.advance(who, rx, step, PROOF.get(step, {"reason": "x", "signature": 1, "version": 1}))


def may(visit_class: str, current: str, step: str) -> bool:
    if step == "reply":
        return current == "returned"
    if step == "stop":
        ended = {"stopped", "expired"} | ({"dispensed"} if visit_class == "outpatient" else set())
        return current not in ended
    return expected(visit_class, current, step)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visit_class=st.sampled_from(sorted(ORDER)), steps=st.lists(st.sampled_from(ATTEMPTS), max_size=14))
def test_a_loop_step_is_never_skipped(place, visit_class, steps):
    with clock.at(MONDAY):
        rx = place.signed(visit_class)
        relate(place.registrar, queries.prescription(rx).patient, place.units["W1"])
        current = "signed"
        lapsed = False
        for step in map(str, steps):
            if step == "later":
                lapsed = True
                continue
            before, rows = Entry.objects.count(), LoopStep.objects.filter(prescription=rx).count()
            # Past the validity of every class (three days at most) a step that lapses is refused.
            moment = later(days=4) if lapsed and step not in ("stop", "returned", "unprepared", "received") else MONDAY
            allowed = may(visit_class, current, step) and moment == MONDAY
            try:
                with clock.at(moment):
                    attempt(place, rx, step)
                passed = True
            except Refusal:
                passed = False
            assert passed == allowed, (visit_class, current, step)
            if passed:
                current = {"reply": "signed", "stop": "stopped"}.get(step, step)
            assert Prescription.objects.get(pk=rx).step == current
            assert LoopStep.objects.filter(prescription=rx).count() == rows + passed
            assert Entry.objects.count() == before + 1
            entry = Entry.objects.order_by("-id").first()
            assert (entry.verb == "refused") != passed
        in_order(rx, ORDER[visit_class])


def in_order(rx: int, order: list[str]) -> None:
    """Read back from the rows alone: what stands since the last signature is a beginning of the route, in order."""
    standing: list[str] = []
    for step in LoopStep.objects.filter(prescription=rx, task=None).order_by("seq").values_list("step", flat=True):
        if step == "signed":
            standing = []
        if step == "unprepared":
            standing = standing[: order.index("prepared")]
        elif step in order:
            standing.append(step)
    assert standing == order[: len(standing)]


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["administered", "held", "refused", "missed"])), max_size=12
    )
)
def test_a_dose_ends_once(place, moves):
    with clock.at(MONDAY):
        rx = place.to(place.signed("inpatient"), Step.RECEIVED)
        doses = [task.pk for task in queries.tasks(rx)[:3]]
        standing = dict.fromkeys(doses, "planned")
        for which, step in moves:
            task = doses[which]
            allowed = standing[task] == "planned" or (standing[task] == "held" and step != "held")
            try:
                actions.advance_task(place.nurse, task, step, PROOF[Step(step)])
                assert allowed
                standing[task] = step
            except Refusal:
                assert not allowed
        assert dict(Task.objects.filter(pk__in=doses).values_list("pk", "step")) == standing
        given = LoopStep.objects.filter(task__in=doses, step="administered").values_list("task", flat=True)
        assert max(Counter(given).values(), default=0) <= 1


def at_once(calls: list[Any]) -> list[Any]:
    """Run all calls at the same moment, each on a connection of its own; what each returned or raised."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Any) -> None:
        with clock.at(MONDAY):
            barrier.wait()
            try:
                results[place] = call()
            except Exception as fault:  # noqa: BLE001 - handed to the test
                results[place] = fault
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def won(results: list[Any]) -> list[Any]:
    unexpected = [r for r in results if isinstance(r, Exception) and not isinstance(r, Refusal)]
    assert unexpected == []
    return [r for r in results if not isinstance(r, Exception)]


def test_of_many_at_once_exactly_one_advances(open_place):
    place = open_place
    rx = place.signed()
    calls = [lambda: actions.advance(place.pharmacist, rx, Step.REVIEWED, {"version": 1})] * 4
    calls += [lambda: actions.advance(place.pharmacist, rx, Step.RETURNED, {"reasons": ["2-5"]})] * 4
    assert 1 <= len(won(at_once(calls))) <= 2
    steps = list(LoopStep.objects.filter(prescription=rx).order_by("seq").values_list("step", flat=True))
    # A return may follow the review that won; nothing is taken twice.
    assert steps in (
        ["drafted", "signed", "reviewed"],
        ["drafted", "signed", "returned"],
        ["drafted", "signed", "reviewed", "returned"],
    )


def test_of_many_at_once_with_the_same_rev_exactly_one_passes(open_place):
    place = open_place
    rx = place.signed()
    rev = queries.prescription(rx).rev
    calls = [lambda: actions.advance(place.pharmacist, rx, Step.REVIEWED, {"version": 1}, rev=rev)] * 4
    calls += [lambda: actions.stop(place.doctor, rx, "wrong_entry", rev=rev)] * 2
    assert len(won(at_once(calls))) == 1


def test_a_draft_signed_in_two_windows_is_signed_once(open_place):
    place = open_place
    rx = place.draft()
    rev = queries.prescription(rx).rev
    assert len(won(at_once([lambda: actions.sign(place.doctor, rx, rev=rev)] * 4))) == 1
    assert len(queries.signatures(rx)) == 1


def test_numbers_of_controlled_drugs_are_gapless_however_many_sign_at_once(open_place):
    place = open_place
    drafts = [place.draft("outpatient", ESTAZOLAM) for _ in range(4)]
    results = at_once([lambda rx=rx: place.sign(rx) for rx in drafts])
    assert sorted(won(results)) == [f"261123-J2-{n:04d}" for n in (1, 2, 3, 4)]


def test_a_dose_and_a_stop_at_once(open_place):
    place = open_place
    rx = place.to(place.signed("inpatient"), Step.RECEIVED)
    task = queries.tasks(rx)[0].pk
    proof = {"outcome": "given", "identity": "scanned"}
    calls = [lambda: actions.advance_task(place.nurse, task, Step.ADMINISTERED, proof)] * 3
    results = at_once([*calls, lambda: actions.stop(place.ward_doctor, rx, "adverse_reaction")])
    assert not isinstance(results[-1], Exception)
    assert len(won(results[:-1])) <= 1
    assert LoopStep.objects.filter(task=task).count() == len(won(results[:-1]))


@pytest.mark.django_db
def test_every_step_has_one_sealed_entry_and_measures_read_as_of_a_head(place):
    rx = place.to(place.signed(), Step.CHECKED)
    head = ledger.seal()
    assert len({row.entry_id for row in LoopStep.objects.filter(prescription=rx)}) == 5
    before = facts.loops(head)
    assert [(fact.end, fact.whole, fact.last) for fact in before] == [("open", False, "checked")]
    place.take(rx, Step.DISPENSED)
    assert facts.loops(head) == before
    place.take(place.signed("outpatient", AMOXICILLIN), Step.RETURNED)
    later_head = ledger.seal()
    assert facts.loops(head) == before
    now = facts.loops(later_head)
    assert [(fact.end, fact.whole) for fact in now] == [("closed", True), ("open", False)]
    assert len(facts.returns(later_head)) == 1
    assert len(facts.signed(later_head)) == 2
    assert facts.returns(head) == []


@pytest.mark.django_db
def test_loops_of_a_bed_are_its_doses(place):
    rx = place.to(place.signed("inpatient"), Step.RECEIVED)
    given, held, left = [task.pk for task in queries.tasks(rx)[:3]]
    actions.advance_task(place.nurse, given, "administered", PROOF[Step.ADMINISTERED])
    actions.advance_task(place.nurse, held, "held", PROOF[Step.HELD])
    actions.stop(place.ward_doctor, rx, "changed_treatment")
    ends = {fact.task: (fact.end, fact.whole) for fact in facts.loops(ledger.seal())}
    assert (ends[given], ends[held], ends[left]) == (("closed", True), ("closed", True), ("stopped", False))
