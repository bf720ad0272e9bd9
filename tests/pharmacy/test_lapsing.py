"""A prescription past its day: what the pharmacy is told, and how the program closes it by itself."""

from datetime import timedelta

from luodi.cli import work
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import actions, queries
from luodi.stock.models import Lot
from luodi.trust import access, clock, ledger
from luodi.trust.models import Entry
from tests.orders.place import refused
from tests.pharmacy.store import AMBROXOL, MONDAY, THREE_DAYS, Store, balanced
from tests.pharmacy.test_screens import at, page

TUESDAY = MONDAY + timedelta(days=1)
THURSDAY = MONDAY + timedelta(days=3)  # the third day was Wednesday


def test_dispensing_says_that_it_lapsed_and_what_to_do(store: Store) -> None:
    store.lot(AMBROXOL)
    waiting, prepared = store.ready("outpatient", THREE_DAYS), store.prepared("outpatient", THREE_DAYS)
    with clock.at(TUESDAY):
        with refused("prescription_expired") as caught:
            actions.prepare(store.dispenser, waiting, rev=store.rev(waiting))
        assert "三日内" in str(caught.value)
        client = at(store.dispenser)
        for rx in (waiting, prepared):
            text = page(client, "desk", rx)
            assert "处方已过有效期" in text
            assert "写明理由延长" in text
            assert "调配完成" not in text
        assert "放回货架" in page(client, "desk", prepared)
        bench = queries.bench(store.units["PHA"])
        assert [row.pk for row in bench.stray] == [prepared]
        assert [row.pk for basket in bench[:3] for row in basket] == []
        actions.unprepare(store.dispenser, prepared, "uncollected", rev=store.rev(prepared))
        assert queries.bench(store.units["PHA"]).stray == []
    assert balanced()
    assert Lot.objects.get().on_hand == 100


def test_an_extension_brings_it_back_to_its_basket(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    with clock.at(TUESDAY):
        orders.extend(store.doctor, rx, 3, "患者次日取药", rev=store.rev(rx))
        bench = queries.bench(store.units["PHA"])
        assert [row.pk for row in bench.check] == [rx]
        assert bench.stray == []


def test_the_worker_closes_what_no_extension_can_save(store: Store) -> None:
    store.lot(AMBROXOL)
    rx, other = store.prepared("outpatient", THREE_DAYS), store.ready("outpatient", THREE_DAYS)
    with clock.at(TUESDAY):
        work.turn()
    assert store.step(rx) == Step.PREPARED, "its doctor may still extend it"
    with clock.at(THURSDAY):
        work.turn()
        work.turn()
        assert store.step(rx) == store.step(other) == Step.EXPIRED
        assert prescriptions.lapsed(store.doctor.staff) == []
        assert [row.pk for row in queries.bench(store.units["PHA"]).stray] == [rx]
        entries = Entry.objects.filter(verb="prescription.expire")
        assert sorted(entries.values_list("pk_about", "staff", "device")) == sorted(
            (pk, 0, "worker") for pk in (rx, other)
        )
        assert not Entry.objects.filter(verb="refused").exists()
        assert prescriptions.strip(rx)[-1]["who"] == "系统自动"
        with refused("loop_skipped") as caught:
            actions.prepare(store.dispenser, other, rev=store.rev(other))
        assert "另开处方" in str(caught.value)
        assert "已过期" in page(at(store.dispenser), "desk", other)
        actions.unprepare(store.dispenser, rx, "stopped", rev=store.rev(rx))
    assert ledger.verify().ok
    assert balanced()


def test_one_that_was_moved_meanwhile_is_left_alone(store: Store) -> None:
    store.lot(AMBROXOL)
    rx, other = store.ready("outpatient", THREE_DAYS), store.ready("outpatient", THREE_DAYS)
    with clock.at(THURSDAY):
        found = prescriptions.beyond_extension(50)
        orders.stop(store.doctor, rx, "other", rev=store.rev(rx))
        work.close_lapsed(found)
        assert (store.step(rx), store.step(other)) == (Step.STOPPED, Step.EXPIRED)
        assert prescriptions.beyond_extension(50) == []


def test_packages_left_lying_can_be_put_back_weeks_later(store: Store) -> None:
    """The pharmacy's care for a prescription ends a day after its last dose; its packages may lie longer."""
    lot = store.lot(AMBROXOL)
    rx, gone = store.prepared("outpatient", THREE_DAYS), store.prepared("outpatient", THREE_DAYS)
    patient, other = (prescriptions.header(one).patient for one in (rx, gone))
    actions.check(store.checker, gone, store.codes(gone), rev=store.rev(gone))
    actions.hand_over(store.checker, gone, rev=store.rev(gone), asked=("name", "birth_date"))
    with clock.at(TUESDAY + timedelta(days=30)):
        work.turn()
        client = at(store.dispenser)
        assert f"/pharmacy/dispense/{rx}/" in page(client, "dispense")
        assert "放回货架" in page(client, "desk", rx)
        assert not access.cares(store.dispenser, other), "what was handed over is no longer the bench's business"
        links = page(client, "trace", lot)
        assert f'href="/pharmacy/dispense/{rx}/"' in links
        assert f'href="/pharmacy/dispense/{gone}/"' not in links
        actions.unprepare(store.dispenser, rx, "uncollected")
        assert not access.cares(store.dispenser, patient)
    assert balanced()
