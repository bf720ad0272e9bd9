"""Laws of merging: nothing is lost, an unmerge restores exactly, and of two people who judge at once one is heard."""

import importlib
import inspect
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.chart.types import AllergyItem, Obs
from luodi.controlled import queries as controlled
from luodi.insight import queries as measures
from luodi.insight.measure import Window
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.patients import actions, queries
from luodi.patients.models import Merge, MergeEnd
from luodi.patients.refusals import AlreadyMerged, SameRecord
from luodi.patients.types import NewPatient
from luodi.pharmacy import queries as pharmacy
from luodi.portal import actions as telephones
from luodi.portal import queries as portal
from luodi.reception import actions as desk
from luodi.reception import queries as reception
from luodi.trust import access, clock, ledger
from luodi.trust.models import Entry
from luodi.trust.refusal import Refusal
from luodi.vigilance import actions as vigilance
from luodi.vigilance import queries as reactions
from luodi.vigilance.types import Form
from luodi.ward import queries as wards
from tests.orders.place import IBUPROFEN, PARACETAMOL_PRN, wish
from tests.patients.people import newcomer, refused
from tests.pharmacy.store import MONDAY, THREE_DAYS
from tests.reception.test_laws import at_once
from tests.ward.scene import Scene

pytestmark = pytest.mark.law

ROOMS = ("patients", "chart", "reception", "orders", "controlled", "pharmacy", "ward", "vigilance", "portal")
# every public reader that gathers by patient, and what it is asked
READERS: dict[str, Callable[[int, Any], Any]] = {
    "patients.babies_of": lambda patient, here: queries.babies_of(patient),
    "patients.birth_of": lambda patient, here: queries.birth_of(patient),
    "patients.card": lambda patient, here: queries.card(patient),
    "patients.pairs_of": lambda patient, here: queries.pairs_of(patient),
    "patients.person": lambda patient, here: queries.person(patient),
    "patients.persons": lambda patient, here: queries.persons([patient]),
    "patients.survivor": lambda patient, here: queries.survivor(patient),
    "patients.survivors": lambda patient, here: queries.survivors([patient]),
    "patients.whole": lambda patient, here: queries.whole(patient),
    "chart.allergies": lambda patient, here: charts.allergies(patient),
    "chart.banner": lambda patient, here: charts.banner(patient),
    "chart.encounters_of": lambda patient, here: charts.encounters_of(patient),
    "chart.latest": lambda patient, here: charts.latest(patient, "WT"),
    "chart.latest_of": lambda patient, here: charts.latest_of(patient, ["WT", "HR"]),
    "chart.measured_codes": lambda patient, here: charts.measured_codes(patient),
    "chart.previous_notes": lambda patient, here: charts.previous_notes(patient, here.newest),
    "chart.problems": lambda patient, here: charts.problems(patient),
    "chart.snapshot": lambda patient, here: charts.snapshot(patient, None, MONDAY.date()),
    "chart.timeline": lambda patient, here: charts.timeline(patient),
    "chart.trend": lambda patient, here: charts.trend(patient, "WT"),
    "reception.appointments_of": lambda patient, here: reception.appointments_of(patient),
    "reception.ban_of": lambda patient, here: reception.ban_of(patient),
    "reception.registrations_of": lambda patient, here: reception.registrations_of(patient),
    "reception.waits_of": lambda patient, here: reception.waits_of(patient),
    "orders.current_drugs": lambda patient, here: sorted(prescriptions.current_drugs(patient, MONDAY.date())),
    "orders.dossier": lambda patient, here: prescriptions.dossier(patient),
    "orders.earlier": lambda patient, here: prescriptions.earlier(patient),
    "orders.due_tasks": lambda patient, here: prescriptions.due_tasks([patient], MONDAY, MONDAY + timedelta(days=3)),
    "orders.prn_lines": lambda patient, here: prescriptions.prn_lines([patient]),
    "pharmacy.handed": lambda patient, here: pharmacy.handed([patient], MONDAY - timedelta(days=1)),
    "controlled.owed_of": lambda patient, here: controlled.owed_of(patient),
    "portal.everything": lambda patient, here: portal.everything(patient),
    "portal.holders": lambda patient, here: portal.holders(patient),
    "portal.person": lambda patient, here: portal.person(here.account, patient),
    "portal.places": lambda patient, here: portal.places(patient),
    "portal.visits": lambda patient, here: portal.visits(patient),
    "ward.allergy_block": lambda patient, here: wards.allergy_block(patient),
    "ward.given": lambda patient, here: wards.given(patient),
    "ward.lying": lambda patient, here: wards.lying(patient),
    "ward.prn_lines": lambda patient, here: wards.prn_lines(patient),
    "ward.round_of": lambda patient, here: wards.round_of(patient),
    "vigilance.exposures": lambda patient, here: reactions.exposures(patient),
    "vigilance.reactions_of": lambda patient, here: reactions.reactions_of(patient),
    "ward.warning": lambda patient, here: wards.warning(patient, date(1980, 5, 1)),
}
# of one record by their nature: its own identity and merges, its key, its lock, the band of one encounter
OF_A_RECORD = {
    "patients.identity_of", "patients.merges_of", "patients.key_of", "patients.seal_for", "patients.open_for",
    "patients.hold", "patients.wristband", "patients.agrees", "patients.watch_of",
}  # fmt: skip
# those of a list are asked with the whole person by their callers above
OF_A_LIST = {"orders.due_tasks", "orders.prn_lines", "pharmacy.handed"}
# nothing to tell of these; the tests of births, of pairs, of the desk's limits and of ampoules merge others
EMPTY_HERE = {"controlled.owed_of", "patients.babies_of", "patients.birth_of", "patients.pairs_of", "reception.ban_of"}
# rows that a merge and its end leave behind, beside those of the ledger; readings and logins are no work
LEFT = {"Merge", "MergeEnd", "Entry", "Seat", "Block", "Pending"}


def tables() -> dict[str, dict[Any, tuple[Any, ...]]]:
    """Every row of every table by its key."""
    found: dict[str, dict[Any, tuple[Any, ...]]] = {}
    for model in apps.get_models():
        if model.__module__.startswith("luodi."):
            rows = model._base_manager.values_list("pk", *(field.attname for field in model._meta.concrete_fields))
            found[model.__name__] = {row[0]: tuple(_plain(value) for value in row) for row in rows}
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def answers(here: Any) -> dict[str, Any]:
    """What every reader says of both records, a search of everything they are found by, and who cares."""
    said: dict[str, Any] = {
        f"{name} {patient}": read(patient, here) for name, read in READERS.items() for patient in here.both
    }
    said |= {f"search {place}": queries.search(text) for place, text in enumerate(here.texts)}
    said |= {f"duplicates {place}": queries.duplicates(new) for place, new in enumerate(here.twins)}
    said |= {
        f"cares {login} {patient}": access.cares(by, patient)
        for login, by in here.scene.people.items()
        for patient in here.both
    }
    return said


def test_every_reader_by_patient_is_compared() -> None:
    found = set()
    for room in ROOMS:
        module = importlib.import_module(f"luodi.{room}.queries")
        for name, reader in vars(module).items():
            if (
                not inspect.isfunction(reader)
                or name.startswith("_")
                or not reader.__module__.startswith(f"luodi.{room}")
            ):
                continue
            if {"patient", "patients"} & set(inspect.signature(reader).parameters):
                found.add(f"{room}.{name}")
    assert found == set(READERS) | OF_A_RECORD


def two_records(scene: Scene) -> SimpleNamespace:
    """A person of the ward's books, and somebody without a name who lies there: each with work of every kind."""
    with clock.at(MONDAY - timedelta(hours=1)):
        known_rx = scene.signed("outpatient", IBUPROFEN)
    scene.lot("M0472", "50")
    other_rx = scene.inpatient(THREE_DAYS, PARACETAMOL_PRN)
    visits = [prescriptions.prescription(rx).encounter for rx in (known_rx, other_rx)]
    known, other = both = [prescriptions.prescription(rx).patient for rx in (known_rx, other_rx)]
    clerk, doctors = scene.registrar, (scene.doctor, scene.ward_doctor)
    papers = {"consent_on": MONDAY.date(), "diagnosis_proof": True, "identity_copy": True}
    orders.open_dossier(scene.doctor, known, "肺癌，市人民医院", **papers)
    for patient, visit, doctor, name in zip(both, visits, doctors, ("王建国", "无名氏1123-01"), strict=True):
        chart.note(doctor, visit, "complaint", f"{name}咳嗽三天")
        actions.correct(clerk, patient, {"name": name, "phone": f"1380000{patient:04d}"}, "补录")
        telephones.admit(clerk, "13911110000", patient, "self", "id")
    telephones.admit(clerk, "13922220000", other, "parent", "household")
    chart.state_allergies(scene.doctor, known, "listed", [AllergyItem("PENICILLIN", "青霉素类", "severe", "休克")])
    chart.observe(scene.ward_doctor, other, visits[1], [Obs("HR", Decimal(88), "/min")])
    tomorrow = MONDAY.date() + timedelta(days=1)
    session = desk.open_session(clerk, scene.units["GIM"], scene.doctor.staff, tomorrow, "am", 1, "3 诊室")
    desk.book(clerk, known, session)
    desk.wait_for(clerk, other, session)
    clinic = desk.open_session(clerk, scene.units["GIM"], scene.doctor.staff, MONDAY.date(), "am", 5, "3 诊室")
    visits.append(desk.register(clerk, known, clinic).encounter)
    first = scene.doses(other_rx)[0]
    with clock.at(first.planned_at):
        scene.give(first)
        given = reactions.exposures(other)[0].package
        seen = Form(first.planned_at, first.planned_at, (given,), (), ("rash",), "皮疹")
        vigilance.report(scene.nurse, vigilance.draft(scene.nurse, other, seen))
    texts = ["王建国", "无名氏1123-01", *(f"1380000{patient:04d}" for patient in both)]
    texts += [queries.card(patient).record_no for patient in both] + [scene.band(other_rx)]
    twins = [
        newcomer(name="王建国", birth_date=date(1980, 5, 1)),
        newcomer(name="无名氏1123-01", birth_date=date(1980, 5, 1)),
    ]
    return SimpleNamespace(
        scene=scene, both=both, known=known, other=other, visits=visits, newest=visits[1], texts=texts, twins=twins,
        known_rx=known_rx, other_rx=other_rx, account=access.bonds_of_patient(known)[0].account,
    )  # fmt: skip


@pytest.mark.parametrize("survives", [0, 1])
def test_an_unmerge_restores_every_row_and_every_answer(scene: Scene, survives: int) -> None:
    here = two_records(scene)
    rows, said = tables(), answers(here)
    # apart, the two records answer differently: nothing below holds by emptiness
    assert {name for name in READERS if said[f"{name} {here.known}"] == said[f"{name} {here.other}"]} == EMPTY_HERE
    into, away = here.both[survives], here.both[1 - survives]
    made = actions.merge(scene.registrar, into, away, "unknown_named", "家属辨认")
    together = answers(here)
    # merged, both records give one answer, and it is not what either gave alone
    for name in READERS:
        if name in OF_A_LIST or name in (
            "patients.card",
            "patients.pairs_of",
            "patients.persons",
            "patients.survivors",
            "chart.banner",
        ):
            continue
        assert together[f"{name} {into}"] == together[f"{name} {away}"], name
    assert together != said
    actions.unmerge(scene.registrar, made, "two_people", "指纹不符")
    after = tables()
    for table, before in rows.items():
        if table in LEFT:
            assert before.items() <= after[table].items(), table
        else:
            assert before == after[table], table
    assert answers(here) == said
    ledger.seal()
    assert ledger.verify().ok


def test_what_is_done_meanwhile_stays_with_its_record(scene: Scene) -> None:
    here = two_records(scene)
    known, other = here.both
    rows = tables()
    made = actions.merge(scene.registrar, known, other, "unknown_named", "家属辨认")
    note = chart.note(scene.ward_doctor, here.visits[1], "plan", "继续观察")
    rx = scene.draft("inpatient", wish("M0572", "10", "mg", frequency="qd"), encounter=here.visits[1])
    scene.sign(rx)
    second = scene.doses(here.other_rx)[1]
    with clock.at(second.planned_at):
        scene.give(second)
    registered = desk.register(scene.registrar, other, unit=scene.units["ED"])
    assert registered.patient == known
    actions.unmerge(scene.registrar, made, "two_people", "指纹不符")
    assert [card.pk for card in charts.notes(here.visits[1])][-1] == note
    assert [card.id for card in charts.encounters_of(known)] == [registered.encounter, here.visits[2], here.visits[0]]
    assert {drug.medicine for drug in prescriptions.current_drugs(other, MONDAY.date())} == {"M0472", "M0565", "M0572"}
    assert {drug.medicine for drug in prescriptions.current_drugs(known, MONDAY.date())} == {"M0424"}
    assert len(wards.given(other)) == 2
    # what was there before is there still, as it was; doses and prescriptions go on by their own moves
    after = tables()
    moved = {"Task", "Prescription", "Session", "DayNumber"} | LEFT
    assert [
        table for table, before in rows.items() if table not in moved and not before.items() <= after[table].items()
    ] == []


def test_drugs_of_the_other_record_are_checked_and_allergies_too(scene: Scene) -> None:
    """The reason for it all: 无名氏 turns out to be somebody with an allergy and a drug at home."""
    here = two_records(scene)
    rx = scene.draft("inpatient", IBUPROFEN, encounter=here.visits[1])
    alone = {finding.rule for finding in prescriptions.findings(rx)}
    amoxicillin = scene.draft("inpatient", wish("M0288", "500", "mg"), encounter=here.visits[1])
    before = {finding.rule for finding in prescriptions.findings(amoxicillin) if finding.grade == "refuse"}
    made = actions.merge(scene.registrar, here.known, here.other, "unknown_named", "家属辨认")
    together = {finding.rule for finding in prescriptions.findings(rx)}
    refusing = {finding.rule for finding in prescriptions.findings(amoxicillin) if finding.grade == "refuse"}
    assert together - alone  # ibuprofen twice
    assert refusing - before  # a severe allergy
    with refused("prescription_refused"):
        orders.sign(scene.ward_doctor, amoxicillin)
    actions.unmerge(scene.registrar, made, "two_people", "指纹不符")
    assert {finding.rule for finding in prescriptions.findings(rx)} == alone


def test_the_band_of_either_record_is_right_at_the_bed(scene: Scene) -> None:
    here = two_records(scene)
    dose = scene.doses(here.other_rx)[1]
    visit = desk.register(scene.registrar, here.known, unit=scene.units["ED"]).encounter
    band = queries.wristband(here.known, visit)
    with clock.at(dose.planned_at), refused("wrong_patient"):
        scene.give(dose, wristband=band)
    made = actions.merge(scene.registrar, here.known, here.other, "unknown_named", "家属辨认")
    with clock.at(dose.planned_at):
        assert scene.give(dose, wristband=band)
    last = scene.doses(here.other_rx)[2]
    actions.unmerge(scene.registrar, made, "two_people", "指纹不符")
    with clock.at(last.planned_at), refused("wrong_patient"):
        scene.give(last, wristband=band)
    with clock.at(last.planned_at):
        assert scene.give(last)  # its own band has named it throughout


def test_a_measure_at_an_old_head_does_not_move(scene: Scene) -> None:
    here = two_records(scene)
    window = Window(MONDAY, MONDAY + timedelta(days=1))
    head = ledger.seal()
    before = [measures.read(code, window, head) for code in measures.REGISTRY]
    made = actions.merge(scene.registrar, here.known, here.other, "unknown_named", "家属辨认")
    merged = ledger.seal()
    assert [measures.read(code, window, head) for code in measures.REGISTRY] == before
    now_merged = [measures.read(code, window, merged) for code in measures.REGISTRY]
    assert [reading._replace(head=head) for reading in now_merged] == before  # a merge is no visit and no dose
    actions.unmerge(scene.registrar, made, "two_people", "指纹不符")
    ledger.seal()
    assert [measures.read(code, window, head) for code in measures.REGISTRY] == before


@pytest.mark.parametrize("turn", range(3))
def test_of_merges_made_at_once_the_records_stay_in_one_piece(open_scene: Scene, turn: int) -> None:
    """Two clerks merge crosswise, others into and out of the same records: one person each, drawn as it stands."""
    clerk = open_scene.registrar
    records = [open_scene.patient() for _ in range(5)]
    some = random.Random(turn).sample([(one, other) for one in records for other in records if one != other], 6)
    crosswise = [(records[0], records[1]), (records[1], records[0])]
    done = at_once(*(partial(actions.merge, clerk, *pair, "registered_twice") for pair in crosswise + some))
    assert all(isinstance(result, int | Refusal) for result in done), done
    made = [result for result in done if isinstance(result, int)]
    assert made
    stands_as_judged(records)
    ended = at_once(*(partial(actions.unmerge, clerk, pk, "wrong_pair", "看错了") for pk in made * 2))
    assert all(result is None or isinstance(result, Refusal) for result in ended), ended
    stands_as_judged(records)
    for pk in Merge.objects.filter(pk__in=made, live=True).values_list("pk", flat=True):
        actions.unmerge(clerk, pk, "wrong_pair", "看错了")
    assert [queries.person(record) for record in records] == [(record,) for record in records]
    assert MergeEnd.objects.filter(merge__in=made).count() == len(made)


def stands_as_judged(records: list[int]) -> None:
    """The persons are those of the merges in force: a tree each, one way up, and the same seen from every record."""
    live = dict(Merge.objects.filter(merged__in=records, live=True).values_list("merged", "survivor"))
    for record in records:
        head, steps = record, 0
        while head in live:
            head, steps = live[head], steps + 1
            assert steps <= len(records), "a circle"
        whole = queries.person(record)
        assert whole[0] == head
        assert set(whole) == {other for other in records if queries.person(other)[0] == head}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=12))
def test_whatever_is_merged_and_unmerged_the_persons_are_those_of_the_merges(house: Any, moves: list[Any]) -> None:
    records = [house.patient() for _ in range(5)]
    made: list[int] = []
    for one, other, end in moves:
        if end and made:
            actions.unmerge(house.clerk, made.pop(one % len(made)), "wrong_pair", "看错了")
        with suppress(SameRecord, AlreadyMerged):
            made.append(actions.merge(house.clerk, records[one], records[other], "registered_twice"))
        stands_as_judged(records)
    for merge in reversed(made):
        actions.unmerge(house.clerk, merge, "wrong_pair", "看错了")
    assert queries.persons(records) == {record: (record,) for record in records}


def test_an_unmerge_and_a_statement_at_once_lose_neither(shared: Any) -> None:
    known, other = shared.patient(), shared.patient()
    for patient in (known, other):
        shared.opened(patient)
    made = actions.merge(shared.clerk, known, other, "registered_twice")
    done = at_once(
        lambda: actions.unmerge(shared.clerk, made, "wrong_pair", "看错了"),
        lambda: chart.state_allergies(shared.doctor, other, "denied"),
        lambda: chart.state_allergies(shared.doctor, known, "unconfirmed"),
    )
    assert not [result for result in done if isinstance(result, Exception)], done
    assert (charts.allergies(other).state, charts.allergies(known).state) == ("denied", "unconfirmed")


def test_every_merge_and_its_end_has_its_entry(house: Any) -> None:
    known, other = house.patient(), house.patient()
    made = actions.merge(house.clerk, known, other, "registered_twice")
    with refused("merge_already"):
        actions.merge(house.clerk, known, other, "registered_twice")
    actions.unmerge(house.clerk, made, "wrong_pair", "看错了")
    verbs = Entry.objects.filter(verb__in=("identity.merge", "identity.unmerge", "refused")).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["identity.merge", "refused", "identity.unmerge"]


def test_a_booking_counts_all_records_of_the_person(house: Any) -> None:
    new = NewPatient(name="王建国", sex="1", id_kind="none", no_id_reason="forgotten")
    known, other = actions.register(house.clerk, new), actions.register(house.clerk, new)
    first = desk.register(house.clerk, other, unit=house.unit["ED"])
    actions.merge(house.clerk, known, other, "registered_twice")
    with refused("already_registered"):
        desk.register(house.clerk, known, unit=house.unit["ED"])
    assert [row.pk for row in reception.registrations_of(known)] == [first.registration]
