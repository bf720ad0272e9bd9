"""The closing scene leaves work on every worklist at any hour, and nothing of the days before it changes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from luodi.chart import queries as charts
from luodi.cli import seeding
from luodi.commentary import queries as commentary
from luodi.committee import queries as committee
from luodi.orders import queries as prescriptions
from luodi.orders.models import LoopStep
from luodi.pharmacy import queries as pharmacy
from luodi.portal.models import Answer
from luodi.reception import queries as reception
from luodi.simulator import closing
from luodi.simulator.crew import Crew
from luodi.trust import clock, ledger
from luodi.trust.clock import HOSPITAL_ZONE
from luodi.trust.models import Bond, BreakGlass, Entry
from luodi.vigilance import queries as vigilance
from luodi.ward import queries as ward

from .conftest import END, Run, rows_of

pytestmark = pytest.mark.django_db

HOURS = ("00:00", "00:01", "02:00", "08:30", "12:10", "17:40", "23:30")
HALF_AN_HOUR = timedelta(minutes=30)


def at(hour: str) -> datetime:
    """That hour of the day after the simulated one."""
    day = END.astimezone(HOSPITAL_ZONE).date() + timedelta(days=1)
    return datetime.combine(day, datetime.strptime(hour, "%H:%M").time(), HOSPITAL_ZONE)


@pytest.fixture(params=HOURS)
def played(run: Run, request: pytest.FixtureRequest) -> Any:
    """The scene up to an hour, and the clock standing there."""
    end = at(request.param)
    closing.play(seed=3, until=end)
    with clock.at(end):
        yield Crew()


def of_scene(rows: list[Any], since: str, end: datetime) -> list[Any]:
    return [row for row in rows if end - closing.LEAD <= getattr(row, since) <= end]


def test_every_worklist_holds_work_at_any_hour(played: Crew) -> None:
    end = clock.now()
    assert [item.rule for item in committee.agenda()] == ["interaction"]
    assert len(committee.unfinished()) == 1
    (case,) = vigilance.recalls()
    assert vigilance.recall(case.pk).to_tell, "people who have some of the recalled lot wait to be told"
    assert [row.state for row in committee.standings()] == ["candidate", "live"]
    waiting = of_scene(pharmacy.queue(), "since", end)
    assert 6 <= len(waiting) <= 8
    asked = {found.rule for row in waiting for found in prescriptions.signed_findings(row.pk) if found.grade == "ask"}
    assert "interaction" in asked, "a severe finding, signed with an answer"
    bench = pharmacy.bench(played.unit("PHA"))
    assert len(of_scene(bench.prepare, "since", end)) == 4
    assert len(of_scene(bench.check, "since", end)) == 2
    assert len(of_scene(bench.hand, "since", end)) == 2
    assert [(debt.come, len(debt.lines)) for debt in pharmacy.debts(played.unit("PHA"))] == [(True, 1), (False, 1)]
    assert of_scene(prescriptions.returned(played.staff("doctor1")), "since", end)
    for login, unit in (("nurse1", "W1"), ("onurse1", "OBS")):
        by = played(login)
        doses = ward.rounds(by, played.unit(unit))
        overdue = [dose for one in doses for dose in one.overdue]
        due = [dose for one in doses for dose in one.due]
        assert len(overdue) >= (3 if unit == "W1" else 1), login
        assert len(due) >= (2 if unit == "W1" else 1), login
        assert all(dose.opens <= end <= dose.closes for dose in due)
    assert ward.awaiting_verification(played.unit("W1"))
    assert ward.awaiting_receipt(played.unit("W1"))
    booked = [reception.appointments_on(clock.today() + timedelta(days=ahead)) for ahead in (1, 2, 3)]
    assert [len(rows) for rows in booked] == [4, 4, 3]


def test_commentary_is_under_way_at_any_hour(played: Crew) -> None:
    assert all(commentary.mine(played.staff(login)) for login in ("comment1", "comment2"))
    assert len(commentary.waiting_for_ruling()) == 1
    assert commentary.redrawn(commentary.samples()[0].row.pk).same


def test_every_queue_holds_patients_at_any_hour(played: Crew) -> None:
    for doctor, unit, least in (("doctor1", "GIM", 3), ("doctor2", "GIM", 2), ("kids1", "PED", 2)):
        rows = reception.queue(played.unit(unit), played.staff(doctor))
        assert sum(row.state == "waiting" for row in rows) >= least, doctor
    emergency = of_scene(reception.triage_list(played.unit("ED")), "arrived_at", clock.now())
    assert sorted(row.level or 0 for row in emergency) == [0, 0, 2, 3, 3, 4]
    again = [row for row in emergency if row.retriage_left is not None and row.retriage_left <= 0]
    assert len(again) == 1
    assert reception.retriage_due(played.unit("ED"))[0] >= 3, "two for the first time, one again"
    assert reception.waiting(played.unit("ED"), played.staff("edoctor1"))[0] >= 4


def test_telephones_have_booked_waited_and_rated(played: Crew) -> None:
    coming = [row for ahead in (1, 2, 3) for row in reception.appointments_on(clock.today() + timedelta(days=ahead))]
    assert sum(row.channel == "portal" for row in coming) == 3
    assert sorted(Answer.objects.filter(question="overall").values_list("value", flat=True)) == [3, 4, 5, 5]
    waiting = {row.patient for row in reception.queue(played.unit("GIM")) if row.state == "waiting"}
    assert waiting & set(Bond.objects.exclude(proof="").values_list("patient", flat=True)), "and one of them looks on"


def test_what_is_dangerous_is_seen(played: Crew) -> None:
    desk = reception.desk(played.unit("GIM"), played.staff("doctor1"))
    stated = [charts.allergies(row.patient) for row in desk if row.state == "serving"]
    assert ["severe"] in [[item.severity for item in each.items] for each in stated]
    by = played("nurse1")
    bands = [card.warning.band for card in ward.board(by, by.unit) if card.warning]
    assert "high" in bands
    (glass,) = BreakGlass.objects.filter(review=None)
    assert glass.staff_id == played.staff("edoctor1")
    assert Entry.objects.filter(breakglass=str(glass.pk)).exists(), "and used"


def test_the_scene_refuses_nothing_and_dates_nothing_ahead_or_before_it_begins(run: Run) -> None:
    last, end = next(ledger.entries(newest_first=True)), at("08:30")
    closing.play(seed=3, until=end)
    made = Entry.objects.filter(pk__gt=last.id)
    meant = {"dispense.prepare", "stock.receive"}
    assert {line.facts["verb"] for line in ledger.entries(verb="refused") if line.id > last.id} <= meant
    assert closing.begins(end) <= made.earliest("at").at <= made.latest("at").at <= end
    assert ledger.verify().ok


def test_the_days_before_are_the_same_with_and_without_the_scene(runs: tuple[Run, Run]) -> None:
    alone, closed = runs
    assert rows_of(alone) == rows_of(closed)
    closing.play(seed=3, until=END)
    steps = list(
        LoopStep.objects.order_by("pk").values_list("prescription", "seq", "step", "visit_class", "at", "proof")
    )
    assert steps[: len(closed.steps)] == closed.steps
    assert len(steps) > len(closed.steps)


def test_the_same_seed_gives_the_same_scene(run: Run) -> None:
    """Twice from the same state: the second time the first is undone."""
    from django.db import transaction

    seen = []
    for _time in range(2):
        before = LoopStep.objects.count()
        with transaction.atomic():
            closing.play(seed=3, until=at("08:30"))
            rows = LoopStep.objects.order_by("pk").values_list("seq", "step", "visit_class", "at")[before:]
            seen.append(list(rows))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


def test_a_demo_of_yesterday_is_brought_to_today_once(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with clock.at(END + timedelta(hours=2)):
        seeding.new_day(1)
        assert capsys.readouterr().out == "", "a demo of today is left as it is"
    open_before = {row.pk for row in pharmacy.queue()}
    with clock.at(at("09:20")):
        stale = {row.pk for row in pharmacy.queue()}
        assert not stale & open_before, "what was signed yesterday has lapsed: it is not dated anew"
        seeding.new_day(1)
        assert "2026-11-20" in capsys.readouterr().out
        assert len(pharmacy.queue()) >= 6
        roster = reception.sessions(until=clock.today() + timedelta(days=7))
        assert {card.date for card in roster} == {clock.today() + timedelta(days=ahead) for ahead in range(8)}
        before = Entry.objects.count()
        seeding.new_day(1)
        assert Entry.objects.count() == before
