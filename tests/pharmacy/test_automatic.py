"""自动通过: what speaks against it, case by case; the program alone does it, under a rule that can be switched off."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from luodi.advice.types import Finding, Grade
from luodi.cli import work
from luodi.orders.loop import Step
from luodi.orders.models import LoopStep
from luodi.pharmacy import actions, automatic, queries
from luodi.pharmacy.actions import RuleWish
from luodi.pharmacy.automatic import Person
from luodi.pharmacy.models import PassRule, Review
from luodi.pharmacy.refusals import BadReview
from luodi.terms import queries as terms
from luodi.terms import warrant
from luodi.trust.actor import system
from luodi.trust.models import Entry
from luodi.trust.refusal import Forbidden
from tests.pharmacy.store import THREE_DAYS, Store
from tests.pharmacy.test_laws import together
from tests.pharmacy.test_screens import at, page, post, shown

ADULT = Person(age_days=46 * 366, sex="1", pregnant=None, lactating=None, allergy_state="denied")
RULE = SimpleNamespace(
    on=True, classes="outpatient emergency", told=False, antibiotics=False, high_alert=False, youngest=18, oldest=64,
    most_drugs=5,
)  # fmt: skip
LINE = SimpleNamespace(control="", antibiotic="", high_alert=False)
CARD = SimpleNamespace(visit_class="outpatient", kind="ordinary", version=1, lines=(LINE,))
OPEN = RuleWish(on=True, classes=("outpatient",), told=True)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Of the shipped sources one is past its time, which alone stops the program: here all are fresh."""
    if {"store", "open_store"} & set(request.fixturenames):
        request.getfixturevalue("store" if "store" in request.fixturenames else "open_store")
        held = terms.provenance()
        assert held.stale
        monkeypatch.setattr(terms, "provenance", lambda: held._replace(stale=()))


def but(held: Any, **changed: Any) -> Any:
    return SimpleNamespace(**vars(held) | changed)


def found(grade: str) -> Finding:
    return Finding("rule", Grade(grade), "why", "source")


@pytest.mark.parametrize(
    ("rule", "card", "findings", "person", "against"),
    [
        (RULE, CARD, [], ADULT, ""),
        (None, CARD, [], ADULT, "off"),
        (but(RULE, on=False), CARD, [], ADULT, "off"),
        (RULE, but(CARD, visit_class="inpatient"), [], ADULT, "visit_class"),
        (RULE, but(CARD, kind="narcotic"), [], ADULT, "kind"),
        (RULE, but(CARD, kind="paediatric"), [], ADULT, "kind"),
        (RULE, but(CARD, version=2), [], ADULT, "again"),
        (RULE, but(CARD, lines=()), [], ADULT, "drugs"),
        (RULE, but(CARD, lines=(LINE,) * 5), [], ADULT, ""),
        (RULE, but(CARD, lines=(LINE,) * 6), [], ADULT, "drugs"),
        (RULE, but(CARD, lines=(LINE, but(LINE, control="psych2"))), [], ADULT, "controlled"),
        (RULE, but(CARD, lines=(but(LINE, antibiotic="restricted"),)), [], ADULT, "antibiotic"),
        (but(RULE, antibiotics=True), but(CARD, lines=(but(LINE, antibiotic="restricted"),)), [], ADULT, ""),
        (RULE, but(CARD, lines=(but(LINE, high_alert=True),)), [], ADULT, "high_alert"),
        (but(RULE, high_alert=True), but(CARD, lines=(but(LINE, high_alert=True),)), [], ADULT, ""),
        (RULE, CARD, [found("ask")], ADULT, "finding"),
        (but(RULE, told=True), CARD, [found("tell"), found("ask")], ADULT, "finding"),
        (RULE, CARD, [found("refuse")], ADULT, "finding"),
        (RULE, CARD, [found("tell")], ADULT, "told"),
        (but(RULE, told=True), CARD, [found("tell")], ADULT, ""),
        (RULE, CARD, [], ADULT._replace(age_days=None), "age"),
        (RULE, CARD, [], ADULT._replace(age_days=17 * 365), "age"),
        (RULE, CARD, [], ADULT._replace(age_days=66 * 366), "age"),
        (RULE, CARD, [], ADULT._replace(sex="2"), "pregnancy"),
        (RULE, CARD, [], ADULT._replace(sex="0"), "pregnancy"),
        (RULE, CARD, [], ADULT._replace(sex="2", pregnant=True), "pregnancy"),
        (RULE, CARD, [], ADULT._replace(sex="2", pregnant=False, lactating=True), "pregnancy"),
        (RULE, CARD, [], ADULT._replace(sex="2", pregnant=False, lactating=False), ""),
        (but(RULE, oldest=90), CARD, [], ADULT._replace(sex="2", age_days=70 * 366), ""),
        (RULE, CARD, [], ADULT._replace(allergy_state="not_asked"), "allergy"),
        (RULE, CARD, [], ADULT._replace(allergy_state="unconfirmed"), "allergy"),
        (RULE, CARD, [], ADULT._replace(allergy_state="listed"), ""),
    ],
)
def test_what_speaks_against_it(rule: Any, card: Any, findings: list[Finding], person: Person, against: str) -> None:
    assert automatic.against(rule, card, findings, person) == against


def test_without_a_rule_every_prescription_waits_for_a_pharmacist(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    assert queries.passable(50) == []
    assert not actions.pass_alone(system("worker"), rx)
    assert store.step(rx) == Step.SIGNED


def test_the_worker_passes_what_the_rule_lets_it_and_it_can_be_seen(store: Store) -> None:
    actions.set_rule(store.also("pharmacy_head"), OPEN, "药事会 2026-11 决议")
    rx, ward = store.signed("outpatient", THREE_DAYS), store.signed("inpatient", THREE_DAYS)
    work.turn()
    assert (store.step(rx), store.step(ward)) == (Step.REVIEWED, Step.SIGNED)
    kept = Review.objects.get(prescription=rx)
    assert (kept.reviewer, kept.rule, kept.verdict) == (None, PassRule.objects.get(), "pass")
    assert LoopStep.objects.get(prescription=rx, step=Step.REVIEWED).staff is None
    (card,) = queries.reviews(rx)
    assert card.automatic
    client = at(store.pharmacist)
    assert "系统按规则" in page(client, "reviewed")
    assert "系统按规则" in page(client, "sheet", rx)
    entries = Entry.objects.filter(verb="prescription.pass").count()
    work.turn()
    assert Entry.objects.filter(verb="prescription.pass").count() == entries, "what waits leaves no trail of rounds"


def test_what_asks_stays(store: Store) -> None:
    actions.set_rule(store.also("pharmacy_head"), OPEN, "试行")
    rx = store.signed("outpatient", THREE_DAYS._replace(dose=Decimal(120)))
    assert queries.passable(50) == []
    assert not actions.pass_alone(system("worker"), rx)
    assert store.step(rx) == Step.SIGNED


def test_what_a_colleague_has_open_is_left_to_them(store: Store) -> None:
    actions.set_rule(store.also("pharmacy_head"), OPEN, "试行")
    rx = store.signed("outpatient", THREE_DAYS)
    actions.claim(store.pharmacist, rx)
    assert queries.passable(50) == []


def test_a_child_waits_for_a_pharmacist(store: Store) -> None:
    actions.set_rule(store.also("pharmacy_head"), OPEN, "试行")
    encounter = store.place.encounter("outpatient", birth=date(2015, 1, 1))
    rx = store.place.draft("outpatient", THREE_DAYS, encounter=encounter)
    store.place.sign(rx)
    assert queries.passable(50) == []
    assert not actions.pass_alone(system("worker"), rx)


def test_no_person_passes_in_the_programs_name(store: Store) -> None:
    actions.set_rule(store.also("pharmacy_head"), OPEN, "试行")
    rx = store.signed("outpatient", THREE_DAYS)
    with pytest.raises(Forbidden):
        actions.pass_alone(store.also("pharmacy_head"), rx)


def test_switched_off_it_passes_nothing_from_that_moment(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule is asked again inside the act: what was judged under the old one does not pass."""
    actions.set_rule(store.also("pharmacy_head"), OPEN, "试行")
    rx = store.signed("outpatient", THREE_DAYS)
    real = actions.passing.automatic.against

    def and_then_off(*args: Any) -> str:
        told = real(*args)
        actions.set_rule(store.also("pharmacy_head"), RuleWish(on=False), "停用")
        return told

    monkeypatch.setattr("luodi.pharmacy.actions.passing.automatic.against", and_then_off)
    assert not actions.pass_alone(system("worker"), rx)
    assert store.step(rx) == Step.SIGNED


@pytest.mark.law
def test_a_pharmacist_and_the_program_at_once_make_one_review(open_store: Store) -> None:
    store = open_store
    actions.set_rule(store.also("pharmacy_head"), OPEN, "试行")
    for _again in range(4):
        rx = store.signed("outpatient", THREE_DAYS)
        rev = store.rev(rx)
        together(
            [
                lambda rx=rx, rev=rev: actions.review(store.pharmacist, rx, "return", ["2-5"], rev=rev),
                lambda rx=rx: actions.pass_alone(system("worker"), rx),
            ]
        )
        assert Review.objects.filter(prescription=rx).count() == 1
        assert store.step(rx) in (Step.RETURNED, Step.REVIEWED)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (OPEN, "  "),
        (RuleWish(on=True), "没有类别"),
        (OPEN._replace(classes=("moon",)), "不存在的类别"),
        (OPEN._replace(youngest=70), "先大后小"),
        (OPEN._replace(oldest=500), "过大"),
    ],
)
def test_a_senseless_rule_is_refused(store: Store, wish: RuleWish, reason: str) -> None:
    with pytest.raises(BadReview):
        actions.set_rule(store.also("pharmacy_head"), wish, reason)
    assert queries.rule() is None


def test_only_the_head_of_the_pharmacy_sets_it(store: Store) -> None:
    with pytest.raises(Forbidden):
        actions.set_rule(store.pharmacist, OPEN, "试行")
    assert at(store.pharmacist).get(reverse("pharmacy:rule")).status_code == 403


def test_the_rule_is_set_and_stopped_on_its_page(store: Store) -> None:
    client = at(store.also("pharmacy_head"))
    assert "没有启用" in page(client, "rule")
    given = {
        "on": "on",
        "classes": ["outpatient"],
        "youngest": 18,
        "oldest": 60,
        "most_drugs": 3,
        "reason": "药事会决议",
    }
    shown(post(client, "rule", **given | {"reason": " "}), 422)
    assert queries.rule() is None
    for _twice in range(2):
        assert post(client, "rule", **given).status_code == 303
    assert PassRule.objects.count() == 1, "a form sent twice sets one rule"
    assert "自动通过正在运行" in page(client, "rule")
    assert (queries.rule().oldest, queries.rule().most_drugs) == (60, 3)
    assert post(client, "rule", stop="1").status_code == 303
    assert not queries.rule().on
    assert "药事会决议" in page(client, "rule"), "what was in force before is kept"


@pytest.mark.parametrize("wrong", ["stale", "unapproved"])
def test_knowledge_that_is_not_fit_passes_nothing_and_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    head = store.also("pharmacy_head")
    actions.set_rule(head, OPEN, "试行")
    rx = store.signed("outpatient", THREE_DAYS)
    assert queries.passable(50) == [rx]
    if wrong == "stale":
        monkeypatch.undo()  # as it is shipped
    else:
        monkeypatch.setattr(warrant, "bound", lambda: True)
    assert queries.passable(50) == []
    assert not actions.pass_alone(system("worker"), rx)
    assert store.step(rx) == Step.SIGNED
    assert Entry.objects.filter(verb="prescription.pass").exists()
    assert "自动通过已暂停" in page(at(head), "rule")


def test_knowledge_that_was_never_loaded_is_missing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    held = terms.provenance()._replace(loaded=False)
    monkeypatch.setattr(terms, "provenance", lambda: held)
    assert queries.knowledge() == "stale"


@pytest.mark.law
def test_a_rule_stopped_at_that_moment_lets_nothing_through_afterwards(open_store: Store) -> None:
    """Whichever comes first: no review stands in the ledger behind the row that stopped its rule."""
    store, head = open_store, open_store.also("pharmacy_head")
    for _turn in range(4):
        actions.set_rule(head, OPEN, "试行")
        rxs = [store.signed("outpatient", THREE_DAYS) for _each in range(3)]
        together(
            [lambda rx=rx: actions.pass_alone(system("worker"), rx) for rx in rxs]
            + [lambda: actions.set_rule(head, RuleWish(on=False), "停用")]
        )
        off = PassRule.objects.order_by("-pk")[0]
        assert not off.on
        seats = Review.objects.filter(prescription__in=rxs).values_list("entry__pk", flat=True)
        assert all(seat < off.entry.pk for seat in seats)
