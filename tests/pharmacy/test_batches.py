"""病区摆药: a ward's prescriptions in one go, each an act of its own."""

from decimal import Decimal

import pytest

from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import actions, queries
from luodi.stock.models import Lot
from luodi.trust import clock
from tests.pharmacy.store import AMBROXOL, DAILY, LORATADINE, THREE_DAYS, Store, balanced
from tests.pharmacy.test_screens import at, page, post, shown


def _chosen(store: Store, *pks: int) -> dict[str, list[str]]:
    return {"chosen": [f"{pk}-{store.rev(pk)}" for pk in pks]}


def test_the_pick_list_sums_the_prescriptions_of_the_ward(store: Store) -> None:
    store.lot(AMBROXOL)
    first, second = store.ready("inpatient", THREE_DAYS), store.ready("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0]
    assert ward.prepare == 2
    found = queries.batch(store.dispenser.unit, ward.pk, None)
    assert [pull.qty for pull in found.pulls] == [Decimal(18)]
    assert {row.pk for row in found.prepare} == {first, second}


def test_a_batch_goes_from_the_shelf_to_the_ward(store: Store) -> None:
    store.lot(AMBROXOL)
    pks = [store.ready("inpatient", THREE_DAYS), store.ready("inpatient", THREE_DAYS)]
    ward = queries.wards(store.dispenser.unit)[0].pk
    post(at(store.dispenser), "batch_preparing", ward, **_chosen(store, *pks))
    assert [store.step(pk) for pk in pks] == [Step.PREPARED, Step.PREPARED]
    scanned: list[str] = []
    for code in [*store.codes(pks[0]), *store.codes(pks[1])]:
        shown(post(at(store.checker), "batch_scan", ward, code=code, scanned=scanned))
        scanned.append(code)
    assert [store.step(pk) for pk in pks] == [Step.CHECKED, Step.CHECKED]
    post(at(store.checker), "batch_handing", ward, **_chosen(store, *pks))
    assert [store.step(pk) for pk in pks] == [Step.DISPENSED, Step.DISPENSED]
    assert balanced()


def test_one_that_lacks_stock_is_named_and_leaves_the_rest(store: Store) -> None:
    store.lot(AMBROXOL)
    good, short = store.ready("inpatient", THREE_DAYS), store.ready("inpatient", DAILY)
    ward = queries.wards(store.dispenser.unit)[0].pk
    text = shown(post(at(store.dispenser), "batch_preparing", ward, **_chosen(store, short, good)), 422)
    assert "没有办成" in text
    assert (store.step(good), store.step(short)) == (Step.PREPARED, Step.VERIFIED)
    assert balanced()


def test_a_stopped_prescription_has_left_the_batch_and_says_so(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0].pk
    seen = _chosen(store, rx)
    orders.stop(store.ward_doctor, rx, "condition_changed", rev=store.rev(rx))
    shown(post(at(store.dispenser), "batch_preparing", ward, **seen), 422)
    assert store.step(rx) == Step.STOPPED
    assert not queries.batch(store.dispenser.unit, ward, None).prepare


def test_a_package_of_no_prescription_in_the_batch_is_refused(store: Store) -> None:
    store.lot(AMBROXOL)
    store.lot(LORATADINE)
    ours, other = store.prepared("inpatient", THREE_DAYS), store.prepared("outpatient", DAILY)
    ward = queries.wards(store.dispenser.unit)[0].pk
    text = shown(post(at(store.checker), "batch_scan", ward, code=store.codes(other)[0]), 422)
    assert "不在这批" in text
    assert store.step(ours) == Step.PREPARED


def test_the_list_of_wards_opens_a_batch(store: Store) -> None:
    store.lot(AMBROXOL)
    store.ready("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0]
    assert ward.name in page(at(store.dispenser), "batches")
    assert "汇总取药单" in page(at(store.dispenser), "batch", ward.pk)


def test_what_was_stopped_while_it_lay_prepared_is_shown_apart(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0].pk
    orders.stop(store.ward_doctor, rx, "condition_changed", rev=store.rev(rx))
    found = queries.batch(store.dispenser.unit, ward, None)
    assert ([row.pk for row in found.stray], found.check) == ([rx], [])
    assert "已退出摆药" in page(at(store.dispenser), "batch", ward)


def test_the_window_leaves_out_what_is_due_later(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0].pk
    first = min(task.planned_at for task in prescriptions.tasks(rx))
    hours = int((first - clock.now()).total_seconds() // 3600)
    assert [row.pk for row in queries.batch(store.dispenser.unit, ward, hours + 1).prepare] == [rx]
    assert queries.batch(store.dispenser.unit, ward, hours - 1).prepare == []


def test_a_controlled_drug_is_no_part_of_one_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0].pk
    monkeypatch.setattr("luodi.controlled.duties.kept", lambda medicine: True)
    found = queries.batch(store.dispenser.unit, ward, None)
    assert ([row.alone for row in found.prepare], found.pulls) == ([True], [])
    text = page(at(store.dispenser), "batch", ward)
    assert "单独办理" in text
    assert f'value="{rx}-' not in text
    shown(post(at(store.dispenser), "batch_preparing", ward, **_chosen(store, rx)), 422)
    assert store.step(rx) == Step.VERIFIED


@pytest.mark.parametrize("chosen", ["", "1", "1-2-3", "x-1", "9" * 40 + "-1", "\u0661-\u0661"])
def test_a_form_that_is_not_ours_changes_nothing(store: Store, chosen: str) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0].pk
    assert post(at(store.dispenser), "batch_preparing", ward, chosen=[chosen]).status_code == 422
    assert store.step(rx) == Step.VERIFIED


def test_a_batch_sent_twice_prepares_once(store: Store) -> None:
    lot = store.lot(AMBROXOL)
    rx = store.ready("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0].pk
    seen = _chosen(store, rx)
    assert post(at(store.dispenser), "batch_preparing", ward, **seen).status_code == 303
    assert post(at(store.dispenser), "batch_preparing", ward, **seen).status_code == 422
    assert Lot.objects.get(pk=lot).on_hand == 91


def test_the_preparer_does_not_check_the_batch(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("inpatient", THREE_DAYS)
    ward = queries.wards(store.dispenser.unit)[0].pk
    actions.prepare(store.both.as_dispenser, rx, rev=store.rev(rx))
    codes = store.codes(rx)
    answer = post(at(store.both.as_checker), "batch_scan", ward, code=codes[-1], scanned=codes[:-1])
    assert "调配人以外" in shown(answer, 422)
    assert store.step(rx) == Step.PREPARED
