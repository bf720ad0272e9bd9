"""审方: pass, return, reply, second review."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luodi.advice.types import Grade
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.orders.refusals import LoopMoved
from luodi.pharmacy import actions, queries, reasons
from luodi.pharmacy.models import Review
from luodi.pharmacy.refusals import BadReview, OwnWork
from luodi.trust.refusal import Forbidden
from tests.pharmacy.store import DAILY, THREE_DAYS, Store, wish


def test_a_pass_moves_the_prescription_on(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    actions.review(store.pharmacist, rx, "pass", rev=store.rev(rx))
    assert store.step(rx) == Step.REVIEWED
    assert [r.verdict for r in queries.reviews(rx)] == ["pass"]


def test_a_return_carries_coded_reasons_and_a_sealed_text(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    actions.review(store.pharmacist, rx, "return", ["2-5", "1-10"], "剂量偏大，请复核", rev=store.rev(rx))
    assert store.step(rx) == Step.RETURNED
    card = queries.returned(rx)
    assert card is not None
    assert [r.code for r in card.reasons] == ["1-10", "2-5"]
    assert card.text == "剂量偏大，请复核"
    assert "剂量".encode() not in bytes(Review.objects.get(pk=card.pk).text)


@pytest.mark.parametrize(
    ("verdict", "codes", "text"),
    [
        ("return", [], "没有代码"),
        ("return", ["9-9"], ""),
        ("return", ["2-9"], "  "),
        ("return", ["2-5"], "长" * 501),
        ("maybe", [], ""),
    ],
)
def test_a_review_says_what_a_review_must_say(store: Store, verdict: str, codes: list[str], text: str) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    with pytest.raises(BadReview):
        actions.review(store.pharmacist, rx, verdict, codes, text, rev=store.rev(rx))
    assert store.step(rx) == Step.SIGNED
    assert not Review.objects.exists()


def test_nobody_reviews_against_a_stale_version(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    seen = store.rev(rx)
    actions.review(store.pharmacist, rx, "return", ["2-5"], rev=seen)
    orders.reply(store.doctor, rx, "已核对，按体重给药", rev=store.rev(rx), answers=_answers(rx))
    with pytest.raises(LoopMoved):
        actions.review(store.pharmacist, rx, "pass", rev=seen)
    assert store.step(rx) == Step.SIGNED


def test_return_reply_second_review_shows_what_changed(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS, DAILY)
    actions.review(store.pharmacist, rx, "return", ["2-5"], "请减量", rev=store.rev(rx))
    first = prescriptions.prescription(rx).lines[0]
    orders.put_line(store.doctor, rx, wish("M0565", "30", "mg", frequency="bid"), seq=first.seq)
    orders.reply(store.doctor, rx, "改为一日两次", rev=store.rev(rx), answers=_answers(rx))
    told = queries.changes(rx)
    assert [(c.kind, c.fields) for c in told] == [("changed", ("frequency_code", "quantity")), ("same", ())]
    assert next(row for row in queries.queue() if row.pk == rx).again
    actions.review(store.pharmacist, rx, "pass", rev=store.rev(rx))
    assert [(r.version, r.verdict) for r in queries.reviews(rx)] == [(1, "return"), (2, "pass")]


def test_the_queue_is_worst_first_then_longest_waiting(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    calm, told, asked = (store.signed("outpatient", THREE_DAYS) for _ in range(3))
    graded = {calm: [], told: [Grade.TELL], asked: [Grade.TELL, Grade.ASK]}
    assert set(prescriptions.signed_grades(graded)) == set(graded)
    monkeypatch.setattr("luodi.pharmacy.queries.waiting.prescriptions.signed_grades", lambda _pks: graded)
    assert [(row.pk, row.grade, row.asks) for row in queries.queue()] == [
        (asked, "ask", 1),
        (told, "tell", 0),
        (calm, "", 0),
    ]


def test_a_longer_queue_takes_no_more_questions(store: Store) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as taken:
            queries.queue()
        return len(taken)

    store.signed("outpatient", THREE_DAYS)
    queries.queue()
    few = asked()
    for _more in range(4):
        store.signed("outpatient", THREE_DAYS)
    assert asked() == few


def test_a_review_takes_the_permission(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    with pytest.raises(Forbidden):
        actions.review(store.dispenser, rx, "pass", rev=store.rev(rx))


def test_nobody_reviews_what_they_prescribed(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    both = store.pharmacist._replace(staff=store.doctor.staff)
    with pytest.raises((OwnWork, Forbidden)):
        actions.review(both, rx, "pass", rev=store.rev(rx))
    assert store.step(rx) == Step.SIGNED


def test_the_dispensing_desk_returns_what_it_cannot_fill(store: Store) -> None:
    rx = store.ready("outpatient", THREE_DAYS)
    actions.send_back(store.dispenser, rx, ["X-1"], rev=store.rev(rx))
    assert store.step(rx) == Step.RETURNED
    assert queries.returned(rx).reasons[0].kind == "supply"


def test_every_reason_has_both_languages_and_a_source() -> None:
    for reason in reasons.all_reasons():
        assert reason.name_zh
        assert reason.name_en
        assert reason.source
        assert reason.kind in reasons.KINDS
    assert {"1-1", "1-15", "2-9", "3-4"} <= reasons.by_code().keys()
    assert "1-3" not in reasons.by_code()


def _answers(rx: int) -> dict[str, str]:
    return {f.key: "benefit" for f in prescriptions.findings(rx) if f.grade == "ask"}
