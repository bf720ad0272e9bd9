"""Acts: permission, care, evidence, nesting, refusal."""

import json

import pytest

from luodi.trust import access, ledger
from luodi.trust.act import about, act, current_entry, evidence
from luodi.trust.actor import Actor
from luodi.trust.models import CareRelation, Entry, Unit
from luodi.trust.refusal import Forbidden, Refusal
from tests.trust.conftest import People

pytestmark = pytest.mark.law


@act("test.inner", may=None)
def inner(by: Actor, code: str, *, fail: bool = False) -> int:
    unit = Unit.objects.create(code=code, name_zh=code, name_en=code, kind="office")
    about("unit", unit.pk)
    evidence(code=code)
    if fail:
        raise Refusal("inner_no")
    return current_entry()


@act("test.outer", may="staff.manage")
def outer(by: Actor, *, fail: bool = False, catch: bool = False) -> int:
    about("unit", 1)
    inner(by, "a")
    if catch:
        with pytest.raises(Refusal):
            inner(by, "b", fail=True)
    if fail:
        raise Refusal("outer_no", facts={"n": 3})
    return current_entry()


@act("test.silent", may=None)
def silent(by: Actor) -> None:
    Unit.objects.create(code="s", name_zh="s", name_en="s", kind="office")


@act("test.patient", may="record.read")
def on_patient(by: Actor, patient: int) -> None:
    about("patient", patient, patient=patient)


@act("test.relate", may=None)
def related(by: Actor, patient: int, unit: int) -> None:
    about("patient", patient, patient=patient, care=False)
    access.relate(patient, kind="visit", unit=unit)


def _since(mark: int) -> list[Entry]:
    return list(Entry.objects.filter(id__gt=mark).order_by("id"))


def _mark() -> int:
    return ledger.new_id()


def test_every_committed_act_has_one_entry_and_names_its_cause(people: People) -> None:
    mark = _mark()
    number = outer(people.system)
    rows = {row.verb: row for row in _since(mark)}
    assert len(_since(mark)) == 2
    assert rows["test.outer"].pk == number
    assert rows["test.outer"].cause is None
    assert rows["test.inner"].cause == number
    assert json.loads(rows["test.inner"].facts) == {"code": "a"}


def test_a_refused_act_leaves_one_entry_and_no_row(people: People) -> None:
    mark = _mark()
    with pytest.raises(Refusal):
        outer(people.system, fail=True)
    rows = _since(mark)
    assert [row.verb for row in rows] == ["refused"]
    assert json.loads(rows[0].facts) == {"act": "test.outer", "code": "outer_no", "n": 3}
    assert not Unit.objects.filter(code="a").exists()


def test_an_inner_refusal_that_was_caught_undoes_only_the_inner_act(people: People) -> None:
    mark = _mark()
    outer(people.system, catch=True)
    assert sorted(row.verb for row in _since(mark)) == ["test.inner", "test.outer"]
    assert Unit.objects.filter(code="a").exists()
    assert not Unit.objects.filter(code="b").exists()


def test_a_post_without_the_permission_is_refused_on_evidence(people: People) -> None:
    mark = _mark()
    with pytest.raises(Forbidden):
        outer(people.doctor)
    assert json.loads(_since(mark)[0].facts) == {"act": "test.outer", "code": "forbidden", "permission": "staff.manage"}


def test_an_act_that_says_nothing_of_what_it_is_about_fails_and_writes_nothing(people: People) -> None:
    with pytest.raises(RuntimeError, match="what it is about"):
        silent(people.system)
    assert not Unit.objects.filter(code="s").exists()


def test_patient_data_needs_a_care_relationship(people: People) -> None:
    with pytest.raises(access.NoCare):
        on_patient(people.doctor, 7)
    related(people.doctor, 7, people.unit)
    on_patient(people.doctor, 7)
    elsewhere = people.doctor._replace(unit=people.unit + 1)
    with pytest.raises(Forbidden):
        on_patient(elsewhere, 7)


def test_an_evidenced_row_cannot_be_made_outside_an_act(people: People) -> None:
    with pytest.raises(RuntimeError, match="inside an act only"):
        CareRelation.objects.create(patient=1, kind="x", unit=1)


def test_a_fault_of_the_program_leaves_no_entry(people: People) -> None:
    @act("test.fault", may=None)
    def fault(by: Actor) -> None:
        about("unit", 1)
        raise ZeroDivisionError

    mark = _mark()
    with pytest.raises(ZeroDivisionError):
        fault(people.system)
    assert _since(mark) == []


def test_a_clock_set_back_stops_new_acts_but_not_refusals(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from luodi.trust.ledger import recording
    from luodi.trust.refusal import ClockBackwards

    related(people.doctor, 7, people.unit)
    # the process wrote just now: its own numbers go on rising, and still its clock is asked
    monkeypatch.setattr(recording.time, "time_ns", lambda: 1_600_000_000_000_000_000)
    with pytest.raises(ClockBackwards):
        related(people.doctor, 8, people.unit)
    assert not CareRelation.objects.filter(patient=8).exists()
    assert Entry.objects.filter(verb="refused", facts__contains="clock_backwards").exists()


def test_facts_are_canonical_and_refuse_what_has_no_form(people: People) -> None:
    from decimal import Decimal

    from luodi.trust import canonical

    assert canonical.text({"b": Decimal("72.50"), "a": [1, None]}) == '{"a":[1,null],"b":"72.50"}'
    with pytest.raises(TypeError):
        canonical.text({"x": object()})
