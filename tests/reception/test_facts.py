"""Facts for measures: the same head and window give the same rows, whatever happened since."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from luodi.reception import actions, facts
from luodi.trust import ledger
from luodi.trust.clock import at, now


@pytest.fixture
def window():
    return SimpleNamespace(start=now() - timedelta(hours=1), end=now() + timedelta(hours=1))


def everything(head, window):
    return (
        facts.registrations(head, window),
        facts.cancellations(head, window),
        facts.first_calls(head, window),
        facts.triages(head, window),
    )


def test_facts_replay_at_an_earlier_head(house, enrol, window):
    first, second, third = enrol(3, house.session())
    actions.call(house.doctor, first.ticket)
    arrived = actions.register(house.ed_nurse, house.patient("急诊"), unit=house.unit["ED"])
    actions.triage(house.ed_nurse, arrived.encounter, 3, {}, "发热")
    head = ledger.seal()
    before = everything(head, window)
    assert [len(rows) for rows in before] == [4, 0, 1, 1]
    actions.cancel(house.clerk, second.registration, "patient")
    actions.pass_over(house.doctor, first.ticket)
    actions.return_to_queue(house.doctor, first.ticket)
    actions.call(house.doctor, first.ticket)
    actions.call(house.doctor, third.ticket)
    actions.triage(house.ed_nurse, arrived.encounter, 2, {}, "发热伴意识模糊")
    assert everything(head, window) == before
    later = everything(ledger.seal(), window)
    assert [len(rows) for rows in later] == [4, 1, 2, 2]
    assert later[2][0].called_at == before[2][0].called_at


def test_the_unsealed_tail_and_other_windows_are_left_out(house, enrol, window):
    head = ledger.seal()
    enrol(1, house.session())
    assert facts.registrations(head, window) == []
    with at(now() + timedelta(days=3)):
        elsewhere = SimpleNamespace(start=now() - timedelta(hours=1), end=now())
    assert facts.registrations(ledger.seal(), elsewhere) == []
