"""The round of a review: what stands first and why, who has it open, calls, time limits."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from luodi.advice.types import Grade
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.orders.refusals import LoopMoved
from luodi.pharmacy import actions, limits, queries
from luodi.pharmacy.models import Call, Claim, Review
from luodi.pharmacy.queries.waiting import place
from luodi.pharmacy.refusals import BadReview
from luodi.trust import clock, once
from tests.pharmacy.store import DAILY, MONDAY, THREE_DAYS, Store, wish
from tests.pharmacy.test_screens import at, page, post, shown

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
AT_ONCE = wish("M0572", "10", "mg", frequency="st")


def row(store: Store, rx: int, staff: int = 0):
    return next(r for r in queries.queue(staff) if r.pk == rx)


@pytest.mark.parametrize(
    ("what", "visit_class", "urgent", "minutes"),
    [
        ("review", "outpatient", False, 15),
        ("review", "emergency", False, 10),
        ("review", "inpatient", False, 60),
        ("review", "inpatient", True, 15),
        ("review", "observation", True, 10),
        ("review", "outpatient", True, 15),
        ("reply", "inpatient", False, 120),
    ],
)
def test_limits_are_data(what: str, visit_class: str, urgent: bool, minutes: int) -> None:
    assert limits.due(what, visit_class, AT, urgent=urgent) == AT + timedelta(minutes=minutes)


def test_without_a_limit_nothing_is_due() -> None:
    assert limits.due("review", "daycare", AT) is None


@pytest.mark.parametrize(
    ("grade", "due", "urgent", "told"),
    [
        ("refuse", AT, True, "refuse"),
        ("", AT, False, "overdue"),
        ("ask", AT + timedelta(minutes=1), True, "ask"),
        ("tell", AT + timedelta(minutes=1), True, "urgent"),
        ("tell", AT + timedelta(minutes=1), False, "tell"),
        ("", None, False, ""),
    ],
)
def test_each_place_in_the_queue_has_its_reason(grade: str, due: datetime | None, urgent: bool, told: str) -> None:
    with clock.at(AT):
        assert place(grade, due, urgent=urgent) == told


def test_a_quiet_prescription_is_not_passed_over_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    calm = store.signed("outpatient", THREE_DAYS)
    with clock.at(MONDAY + timedelta(minutes=14)):
        asked, stat = store.signed("outpatient", THREE_DAYS), store.signed("inpatient", AT_ONCE)
        graded = {calm: [], asked: [Grade.ASK], stat: []}
        monkeypatch.setattr("luodi.pharmacy.queries.waiting.prescriptions.signed_grades", lambda _pks: graded)
        assert [r.pk for r in queries.queue()] == [asked, stat, calm]
    with clock.at(MONDAY + timedelta(minutes=16)):
        assert [(r.pk, r.place) for r in queries.queue()] == [(calm, "overdue"), (asked, "ask"), (stat, "urgent")]
        assert row(store, stat).urgent
        assert row(store, stat).limit == 15


def test_colleagues_see_who_has_it_open_and_may_take_it_over(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    colleague = store.pharmacist.staff + 1000
    actions.claim(store.pharmacist, rx)
    assert row(store, rx, colleague).claimed == "测试pharmacist"
    assert row(store, rx, store.pharmacist.staff).claimed == "", "one's own is no warning"
    assert queries.following(colleague) is None
    actions.claim(store.pharmacist, rx)
    assert Claim.objects.count() == 1, "opening it again says nothing new"
    with clock.at(MONDAY + timedelta(minutes=10, seconds=1)):
        assert row(store, rx, colleague).claimed == "", "it does not hold for ever"


def test_a_claim_locks_nothing(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    actions.claim(store.pharmacist, rx)
    actions.review(store.also("review_pharmacist"), rx, "pass", rev=store.rev(rx))
    with pytest.raises(LoopMoved):
        actions.claim(store.pharmacist, rx)


def test_a_call_is_kept_sealed_and_once(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    for _twice in range(2):
        actions.call(store.pharmacist, rx, "confirmed", "患者耐受，坚持原量", idempotency="form-1")
    (kept,) = Call.objects.all()
    assert "坚持".encode() not in bytes(kept.words)
    assert [(c.outcome, c.text, c.version) for c in queries.calls(rx)] == [("confirmed", "患者耐受，坚持原量", 1)]
    assert row(store, rx).calls == 1
    assert store.step(rx) == Step.SIGNED, "a call moves nothing by itself"
    other = store.signed("outpatient", DAILY)
    with pytest.raises(once.TokenUsed):
        actions.call(store.pharmacist, other, "unreached", idempotency="form-1")


@pytest.mark.parametrize(("outcome", "text"), [("confirmed", " "), ("perhaps", "x"), ("agreed", "长" * 501)])
def test_a_call_says_what_came_of_it(store: Store, outcome: str, text: str) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    with pytest.raises(BadReview):
        actions.call(store.pharmacist, rx, outcome, text)
    assert not Call.objects.exists()


def test_nobody_calls_about_what_is_on_its_way(store: Store) -> None:
    with pytest.raises(LoopMoved):
        actions.call(store.pharmacist, store.ready("outpatient", THREE_DAYS), "unreached")


def test_a_review_keeps_when_it_was_due(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    with clock.at(MONDAY + timedelta(minutes=16)):
        actions.review(store.pharmacist, rx, "pass", rev=store.rev(rx))
        (done,) = queries.done_today()
    kept = Review.objects.get(prescription=rx)
    assert (kept.since, kept.due) == (MONDAY, MONDAY + timedelta(minutes=15))
    assert done.late


def test_what_doctors_leave_unanswered_is_listed_the_overdue_first(store: Store) -> None:
    one, other = store.signed("outpatient", THREE_DAYS), store.signed("inpatient", DAILY)
    for rx in (one, other):
        actions.review(store.pharmacist, rx, "return", ["2-5"], rev=store.rev(rx))
    with clock.at(MONDAY + timedelta(minutes=31)):
        assert [(r.pk, r.overdue) for r in queries.waiting_for_doctor()] == [(one, True), (other, False)]
        text = page(at(store.pharmacist), "unanswered")
        assert text.index(f"/pharmacy/review/{one}/") < text.index(f"/pharmacy/review/{other}/")
        assert "超时 1" in text
    asked = {f.key: "benefit" for f in prescriptions.findings(one) if f.grade == "ask"}
    orders.reply(store.doctor, one, "按体重给药", rev=store.rev(one), answers=asked)
    assert [r.pk for r in queries.waiting_for_doctor()] == [other]


def test_a_verdict_leads_to_the_next_that_nobody_has_open(store: Store) -> None:
    first, taken, last = (store.signed("outpatient", THREE_DAYS) for _ in range(3))
    client = at(store.pharmacist)
    actions.claim(store.also("review_pharmacist"), taken)
    answer = post(client, "verdict", first, verdict="pass", rev=store.rev(first))
    assert answer.url == reverse("pharmacy:sheet", args=[last]) + "?done=passed"
    assert "已通过" in shown(client.get(answer.url))
    text = page(client, "sheet", taken)
    assert "正在审这张处方" in text
    assert "接手" in text
    assert post(client, "claim", taken).status_code == 303
    assert "正在审这张处方" not in page(client, "sheet", taken)


def test_the_sheet_has_the_other_drugs_and_what_was_answered_before(store: Store) -> None:
    encounter = store.place.encounter("outpatient")
    earlier = store.place.draft("outpatient", DAILY, encounter=encounter)
    store.place.sign(earlier)
    rx = store.place.draft("outpatient", THREE_DAYS, encounter=encounter)
    store.place.sign(rx)
    text = page(at(store.pharmacist), "sheet", rx)
    other = text[text.index("正在使用的其他药") :]
    assert "氯雷他定" in other[: other.index("最近的体征与检验")]
    assert prescriptions.header(earlier).number in other[other.index("以前的处方") :]


def test_calls_are_noted_on_the_sheet(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    client = at(store.pharmacist)
    refused = post(client, "call", rx, outcome="confirmed", text="")
    assert "请写明医师坚持原处方的理由" in shown(refused, 422)
    assert post(client, "call", rx, outcome="agreed", text="改为两次").url.endswith(f"/review/{rx}/?done=called")
    text = page(client, "sheet", rx)
    assert "医师同意修改" in text
    assert "改为两次" in text
