"""A simulated day obeys the laws of a real one, and is told truly."""

import json
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db.models import Sum

from luodi.chart.models import Opening
from luodi.cli import seeding
from luodi.insight import queries as insight
from luodi.insight.measure import Window
from luodi.orders import facts, loop
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.orders.models import LoopStep, Prescription
from luodi.pharmacy.models import Review
from luodi.reception import queries as reception
from luodi.simulator import arrivals, desk, place, running, seed, visits
from luodi.simulator.crew import Crew
from luodi.simulator.tables import rows
from luodi.stock.models import Lot, Movement
from luodi.trust import access, clock, ledger
from luodi.trust.clock import HOSPITAL_ZONE
from luodi.trust.models import Entry, Permission
from luodi.trust.refusal import Refusal
from luodi.ward.models import Administration

from .conftest import END, VISITS, Run

pytestmark = pytest.mark.django_db


def test_the_same_seed_gives_the_same_days(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert first.summary == second.summary
    assert [row[:5] for row in first.steps] == [row[:5] for row in second.steps]


def test_the_summary_is_what_the_tables_hold(run: Run) -> None:
    steps = list(LoopStep.objects.values_list("step", flat=True))
    assert run.summary.returned == Review.objects.filter(verdict="return").count() == steps.count("returned")
    given = Administration.objects.filter(outcome="given").count()
    assert run.summary.doses_given == given == steps.count("administered")
    assert run.summary.doses_not_given == Administration.objects.exclude(outcome="given").count()
    assert run.summary.dispensed <= steps.count("dispensed")
    assert 0 < run.summary.visits <= VISITS
    assert run.summary.prescriptions > VISITS // 2
    assert run.summary.head == ledger.head() > 0


def test_no_step_of_any_loop_is_out_of_order(run: Run) -> None:
    """Recounted by hand: each main step follows the one before it on the route of its visit class."""
    for rx in Prescription.objects.all():
        steps = list(LoopStep.objects.filter(prescription=rx, task=None).order_by("seq").values_list("step", "at"))
        assert [at for _step, at in steps] == sorted(at for _step, at in steps)
        walked = [Step(step) for step, _at in steps if step not in ("drafted", "stopped", "expired")]
        route = list(loop.route_of(rx.visit_class, clock.today()).steps)
        place = 0
        for step in walked:
            if step is Step.RETURNED:
                place = 0
                continue
            assert step is route[place], (rx.visit_class, walked)
            place += 1


def test_a_dose_is_given_after_its_prescription_reached_the_ward(run: Run) -> None:
    arrived = dict(LoopStep.objects.filter(task=None, step="received").values_list("prescription", "at"))
    doses: dict[int, list[str]] = defaultdict(list)
    for task, rx, step, at in (
        LoopStep.objects.exclude(task=None).order_by("seq").values_list("task", "prescription", "step", "at")
    ):
        doses[task].append(step)
        assert at >= arrived[rx]
    assert doses
    for steps in doses.values():
        assert steps in (["administered"], ["refused"], ["held"], ["held", "administered"])


def test_the_ledger_holds_and_nothing_waits(run: Run) -> None:
    verdict = ledger.verify()
    assert verdict.ok
    assert verdict.unsealed == 0
    assert verdict.head == run.summary.head


def test_every_refusal_in_the_ledger_was_meant_or_expected(run: Run) -> None:
    meant = sum(run.summary.mistakes.values()) + sum(run.summary.refusals.values())
    assert Entry.objects.filter(verb="refused").count() == meant


def test_stock_is_what_came_in_and_what_moved(run: Run) -> None:
    moved = dict(Movement.objects.values_list("lot").annotate(total=Sum("qty")))
    for lot in Lot.objects.all():
        assert lot.on_hand == moved.get(lot.pk, Decimal(0)) >= 0
    assert Movement.objects.filter(qty__lt=0).exists()


def test_every_mistake_was_made_and_nothing_else_was_refused(run: Run) -> None:
    rare = {"review_of_a_stale_page", "package_not_scanned", "wrong_wristband", "allergy_overlooked"}
    assert set(run.summary.mistakes) | rare == set(desk.MISTAKES)
    assert run.summary.refusals == {}


def test_a_mistake_refused_for_another_reason_is_a_fault() -> None:
    class Other(Refusal):
        code = "other"
        message = "other"

    def refused() -> Any:
        raise Other

    class Counted:
        mistakes: Counter[str] = Counter()

    with pytest.raises(Other):
        desk.mistake(Counted(), "handed_over_twice", refused)  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        desk.mistake(Counted(), "handed_over_twice", lambda: None)  # type: ignore[arg-type]
    assert not Counted.mistakes


@pytest.mark.parametrize("seed_of_day", [1, 2, 3])
def test_a_day_of_a_thousand_visits_has_a_slot_for_each(run: Run, seed_of_day: int) -> None:
    """However the visits fall on doctors and half-days, no session is asked for more than it holds."""
    hospital = place.Hospital(Random(seed_of_day), Crew(), END, per_day=1000)
    wanted: Counter[tuple[str, str]] = Counter()
    for moment in arrivals.times(hospital.rng, 1000, 1, END):
        hour = moment.astimezone(HOSPITAL_ZONE).hour
        part = "am" if hour < 12 else "pm" if hour < 18 else "night"
        wanted[visits.clinic(hospital), part] += 1
    with clock.at(END):
        for (doctor, part), patients in wanted.items():
            card = reception.session(hospital.opened(doctor, part))
            assert card.capacity is not None
            assert card.capacity - card.taken >= patients, (doctor, part)


def test_the_summary_is_told_with_counts_behind_each_measure(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    plain = json.loads(json.dumps(seeding.as_told(run.summary)))
    assert set(plain["measures"]) == {"closed_loop_rate", "minutes_to_doctor", "returned_per_100"}
    seeding.tell_summary(plain)
    said = capsys.readouterr().out.splitlines()
    for measure in plain["measures"].values():
        (line,) = [line for line in said if measure["zh"] in line]
        assert f" / {measure['bottom']}）" in line
        assert measure["bottom"] > 0


def test_the_closed_loop_rate_is_a_naive_recount(run: Run) -> None:
    """Walk-ins by the prescription, stays by the dose, counted from the public facts step by step."""
    window = Window(END - timedelta(days=1), END)
    taken: dict[tuple[int, int | None], list[Any]] = defaultdict(list)
    for fact in facts.steps(run.summary.head):
        taken[fact.prescription, fact.task].append(fact)
    whole = begun = 0
    for rx in {rx for rx, _task in taken}:
        mine = [fact.step for fact in taken[rx, None]]
        if "signed" not in mine:
            continue
        route = [str(step) for step in loop.route_of(taken[rx, None][-1].visit_class, clock.today()).steps]
        complete = mine[-len(route) :] == route
        stopped = mine[-1] == "stopped"
        if "received" not in route:
            signed_at = next(fact.at for fact in taken[rx, None] if fact.step == "signed")
            counted = window.start <= signed_at < window.end and not stopped
            begun += counted
            whole += counted and complete
            continue
        for dose in prescriptions.tasks(rx):
            counted = window.start <= dose.planned_at < window.end and not stopped
            begun += counted
            whole += counted and complete and bool(taken[rx, dose.pk])
    told = run.summary.measures["closed_loop_rate"]
    assert (Decimal(told.top), told.bottom) == (whole, begun)
    assert whole < begun, "what lies open at the end counts as open"
    assert told.value is not None
    assert Decimal(told.value) == pytest.approx(Decimal(100) * whole / begun, abs=Decimal("0.000001"))


def test_the_measures_are_a_naive_recount(run: Run) -> None:
    window = Window(END - timedelta(days=2), END + timedelta(seconds=1))
    reviewed = dict.fromkeys(Review.objects.values_list("prescription", flat=True), False)
    for rx in Review.objects.filter(verdict="return").values_list("prescription", flat=True):
        reviewed[rx] = True
    reading = insight.read("returned_per_100", window)
    assert (reading.top, reading.bottom) == (sum(reviewed.values()), len(reviewed))
    waits = [
        (row.at - row.encounter.registered_at).total_seconds() / 60
        for row in Opening.objects.select_related("encounter")
    ]
    read = insight.read("minutes_to_doctor", window)
    assert read.bottom == len(waits)
    assert read.value is not None
    assert float(read.value) == pytest.approx(sum(waits) / len(waits), abs=0.06)


def test_permission_of_one_and_permissions_of_all_agree(run: Run) -> None:
    crew = Crew()
    codes = list(Permission.objects.values_list("code", flat=True))
    with clock.at(END):
        for row in rows("staff.csv"):
            by = crew(row["login"])
            held = access.permissions(by)
            assert held == {code for code in codes if access.may(by, code)}, row["login"]
            elsewhere = by._replace(unit=by.unit + 1000)
            assert not any(access.may(elsewhere, code) for code in codes)


def test_a_second_seeding_changes_nothing(run: Run) -> None:
    before = Entry.objects.count()
    seed.hospital()
    assert Entry.objects.count() <= before + len(rows("staff.csv"))


def test_a_refusal_that_nobody_expected_stops_the_simulation() -> None:
    class Odd(Refusal):
        code = "odd"
        message = "odd"

    def script() -> Any:
        raise Odd
        yield

    class Counted:
        refused: dict[str, int] = defaultdict(int)

    with pytest.raises(Odd):
        running._step(Counted(), script())  # type: ignore[arg-type]
    assert not Counted.refused


def test_a_window_has_the_loops_begun_in_it_and_no_others(run: Run) -> None:
    head = ledger.head()
    every = facts.loops(head)
    for hours in range(0, 72, 7):
        window = Window(END - timedelta(hours=hours + 7), END - timedelta(hours=hours))
        assert facts.loops(head, window) == [one for one in every if window.start <= one.begun < window.end]
    assert len({one.begun.date() for one in every}) > 1


def test_a_hospital_of_a_thousand_visits_has_the_staff_for_it(run: Run) -> None:
    assert Crew().colleagues("doctor1") == ["doctor1", "doctor2"]
    seed.relieve()
    seed.relieve()
    crew = Crew()
    assert len(crew.colleagues("doctor1")) == 14
    assert crew.colleagues("review1") == ["review1", "review2", "review3", "review4"]
    hospital = place.Hospital(Random(1), crew, END, per_day=1000)
    with clock.at(END):
        served = [_answer(hospital.served("review1", timedelta(minutes=5))) for _patient in range(4)]
        assert {by.staff for by in served} == {crew.staff(login) for login in crew.colleagues("review1")}
        assert next(hospital.served("review1", timedelta(minutes=5))) == END + timedelta(minutes=5), "all are busy"
        doctors = {visits.clinic(hospital) for _patient in range(200)}
        assert doctors == {*crew.colleagues("doctor1"), "kids1"}
        assert reception.session(hospital.opened("doctor14", "pm")).doctor == crew.staff("doctor14")


def _answer(waiting: Any) -> Any:
    """What a script that need not wait returns."""
    with pytest.raises(StopIteration) as done:
        next(waiting)
    return done.value.value
