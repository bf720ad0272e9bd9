"""药品追溯码: scanned once, out once, freed with its history; asked for where the policy asks."""

from datetime import timedelta
from random import Random

import pytest
from django.urls import reverse

from luodi.pharmacy import actions, coding, queries, refusals
from luodi.pharmacy.models import Package, TraceCode, TraceEnd
from luodi.trust import clock
from luodi.trust.refusal import Refusal
from tests.pharmacy.store import AMBROXOL, DAILY, LORATADINE, MONDAY, THREE_DAYS, Store
from tests.pharmacy.test_laws import together
from tests.pharmacy.test_returns import judge, take
from tests.pharmacy.test_screens import at, page, post, shown
from tests.sending import token_of

ASKED = ("name", "birth_date")
ONE, TWO, OTHER = "81000010000000000001", "81000010000000000002", "82000020000000000001"


@pytest.fixture
def stocked(store: Store) -> Store:
    store.lot(AMBROXOL, "500")
    store.lot(LORATADINE, "500")
    return store


def checked(store: Store, *lines: object) -> int:
    rx = store.prepared("outpatient", *(lines or (THREE_DAYS,)))
    actions.check(store.also("check_pharmacist"), rx, store.codes(rx), rev=store.rev(rx))
    return rx


def hand(store: Store, rx: int) -> None:
    actions.hand_over(store.dispenser, rx, rev=store.rev(rx), asked=ASKED)


def note(store: Store, rx: int, code: str, **more: object) -> int:
    packages = [package.pk for package in queries.packages(rx)]
    return actions.trace(store.dispenser, rx, code, **({"package": packages[0]} | more))  # type: ignore[arg-type]


def test_a_code_goes_out_once_and_the_refusal_names_no_patient(stocked: Store) -> None:
    rx, second = checked(stocked), checked(stocked)
    note(stocked, rx, ONE)
    with pytest.raises(refusals.BadTrace, match="刚才已经扫过"):
        note(stocked, rx, ONE)
    hand(stocked, rx)
    with pytest.raises(refusals.BadTrace, match="已在 2026-11-23 登记在处方") as refused:
        note(stocked, second, ONE)
    assert "测试患者" not in str(refused.value)
    note(stocked, second, TWO)
    assert TraceCode.objects.count() == 2


@pytest.mark.parametrize(
    "code", ["", "8100001", ONE + "1", "8100001000000000000X", "８１００００１００００００００００００１"]
)
def test_what_is_no_code(stocked: Store, code: str) -> None:
    with pytest.raises(refusals.BadTrace, match="不是药品追溯码"):
        note(stocked, checked(stocked), code)


def test_blanks_of_a_scanner_do_not_matter(stocked: Store) -> None:
    rx = checked(stocked)
    note(stocked, rx, f" {ONE[:10]} {ONE[10:]} ")
    assert TraceCode.objects.get().code == ONE


def test_the_product_decides_where_it_is_known(stocked: Store) -> None:
    for code in (ONE, "81000010000000000009"):
        one = checked(stocked, DAILY)
        assert note(stocked, one, "81000010000000000008") == queries.packages(one)[0].pk, (
            "a single slip teaches nothing"
        )
        actions.unprepare(stocked.dispenser, one, "wrong_item", rev=stocked.rev(one))
        first = checked(stocked, THREE_DAYS)
        note(stocked, first, code)
        hand(stocked, first)
    both = checked(stocked, DAILY, THREE_DAYS)
    loratadine, ambroxol = queries.packages(both)
    assert note(stocked, both, TWO, package=loratadine.pk) == ambroxol.pk, "the box says what it is"
    with pytest.raises(refusals.BadTrace, match="另一种药品"):
        note(stocked, checked(stocked, DAILY), "81000010000000000003")
    with pytest.raises(refusals.BadTrace, match="哪一种药"):
        note(stocked, both, OTHER, package=0)


def test_undone_and_returned_goods_free_their_codes_with_their_history(stocked: Store) -> None:
    rx = checked(stocked)
    note(stocked, rx, ONE)
    actions.unprepare(stocked.dispenser, rx, "uncollected", rev=stocked.rev(rx))
    assert TraceEnd.objects.get().why == "undone"
    rx = checked(stocked)
    note(stocked, rx, ONE)
    hand(stocked, rx)
    (pk,) = Package.objects.filter(dispense__prescription=rx).values_list("pk", flat=True)
    ((lot, _qty),) = queries.left_in(pk).items()
    judge(stocked, take(stocked, pk, lot, "4"))
    assert TraceCode.objects.filter(code=ONE, out=True).exists(), "of a part nobody knows which box it was"
    judge(stocked, take(stocked, pk, lot, "5"))
    assert not TraceCode.objects.filter(out=True).exists()
    assert sorted(TraceEnd.objects.values_list("why", flat=True)) == ["returned", "undone"]
    again = checked(stocked)
    note(stocked, again, ONE)


def test_a_mistake_is_taken_back_before_the_hand_over_and_not_after(stocked: Store) -> None:
    rx = checked(stocked)
    note(stocked, rx, ONE)
    ((key, _code),) = queries.of_packages([queries.packages(rx)[0].pk])[queries.packages(rx)[0].pk].codes
    actions.untrace(stocked.dispenser, rx, key)
    with pytest.raises(refusals.NotFound):
        actions.untrace(stocked.dispenser, rx, key)
    note(stocked, rx, ONE)
    hand(stocked, rx)
    with pytest.raises(refusals.BadTrace, match="已经发出"):
        actions.untrace(stocked.dispenser, rx, TraceCode.objects.get(out=True).pk)
    with pytest.raises(refusals.BadTrace, match="已经发出"):
        note(stocked, rx, TWO)


def test_where_the_policy_asks_nothing_goes_out_without_a_code_or_a_reason(
    stocked: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding, "need", lambda _visit: coding.REQUIRED)
    rx = checked(stocked, THREE_DAYS, DAILY)
    one, two = (package.pk for package in queries.packages(rx))
    with pytest.raises(refusals.TraceMissing, match="2 个包装"):
        hand(stocked, rx)
    note(stocked, rx, ONE, package=one)
    with pytest.raises(refusals.BadTrace):
        actions.trace_absent(stocked.dispenser, rx, two, "whatever")
    with pytest.raises(refusals.NotFound):
        actions.trace_absent(stocked.dispenser, rx, 99999, "none")
    actions.trace_absent(stocked.dispenser, rx, two, "none")
    hand(stocked, rx)


def test_the_policy_is_data() -> None:
    with clock.at(MONDAY):
        assert [coding.need(each) for each in ("outpatient", "inpatient", "other")] == ["optional", "off", "off"]
    with clock.at(MONDAY - timedelta(days=600)):
        assert coding.need("outpatient") == "off"


@pytest.mark.law
def test_many_scan_one_box_at_once_and_it_stands_on_one_package(open_store: Store) -> None:
    store = open_store
    store.lot(AMBROXOL, "500")
    rxs = [checked(store) for _each in range(4)]
    answers = together([lambda rx=rx: note(store, rx, ONE) for rx in rxs])
    assert sum(isinstance(each, refusals.BadTrace) for each in answers) == 3
    assert TraceCode.objects.filter(code=ONE, out=True).count() == 1


@pytest.mark.law
def test_a_code_is_out_at_most_once_whatever_happens(open_store: Store) -> None:
    store, rng = open_store, Random(7)
    store.lot(AMBROXOL, "500")
    rxs, codes = [checked(store) for _each in range(4)], [f"8100001{n:013d}" for n in range(3)]
    for _turn in range(60):
        rx = rng.choice(rxs)
        try:
            match rng.randrange(4):
                case 0 | 1:
                    note(store, rx, rng.choice(codes))
                case 2:
                    actions.unprepare(store.dispenser, rx, "damaged", rev=store.rev(rx))
                    actions.prepare(store.dispenser, rx, rev=store.rev(rx))
                case _ if row := TraceCode.objects.filter(out=True).order_by("?").first():
                    actions.untrace(store.dispenser, row.package.dispense.prescription_id, row.pk)
        except Refusal:
            continue
        out = list(TraceCode.objects.filter(out=True).values_list("code", flat=True))
        assert len(out) == len(set(out))
        assert TraceCode.objects.filter(out=False).count() == TraceEnd.objects.count()


def test_the_desk_and_the_day(stocked: Store) -> None:
    rx = checked(stocked, THREE_DAYS, DAILY)
    client = at(stocked.dispenser)
    text = page(client, "desk", rx)
    assert "药品追溯码" in text
    one, two = (package.pk for package in queries.packages(rx))
    assert f'name="package" value="{one}"' in text, "the next code is for the first package without one"
    assert "没有扫全" in shown(post(client, "trace_code", rx, trace="8123", package=one), 422)
    answer = post(client, "trace_code", rx, trace=ONE, package=one, idempotency=token_of(text))
    assert answer.status_code == 303
    assert post(client, "trace_code", rx, trace=ONE, package=one, idempotency=token_of(text)).status_code == 303
    assert TraceCode.objects.count() == 1
    assert f'name="package" value="{two}"' in page(client, "desk", rx)
    key = TraceCode.objects.get().pk
    assert post(client, "untrace", rx, key).status_code == 303
    post(client, "trace_code", rx, trace=ONE, package=one)
    assert post(client, "trace_absent", rx, package=two, reason="").status_code == 422
    assert post(client, "trace_absent", rx, package=two, reason="broken").status_code == 303
    assert "追溯码破损" in page(client, "desk", rx)
    hand(stocked, rx)
    text = page(client, "codes")
    assert ONE in text
    assert "2 个发出的包装中 1 个有码" in text
    other = client.get(reverse("pharmacy:codes"), {"day": "2026-11-22"}).content.decode()
    assert "这一天没有登记" in other
    assert client.get(reverse("pharmacy:codes"), {"day": "nonsense"}).status_code == 200
    table = client.get(reverse("pharmacy:codes_csv"))
    assert table["Content-Disposition"] == 'attachment; filename="trace-codes-2026-11-23.csv"'
    assert ONE in table.content.decode("utf-8-sig")
    assert "测试患者" not in table.content.decode("utf-8-sig")
