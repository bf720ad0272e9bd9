"""Screens of a recall: opened once, who is told and how, where the goods came from, the letter to a supplier."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from luodi.stock import actions as stock
from luodi.stock.models import SentBack
from luodi.trust import clock, sessions
from luodi.trust.models import Holding
from luodi.vigilance import queries
from luodi.vigilance.models import Contact, RecallCase, RecallEnd, Recovery
from tests.pharmacy.store import FAR
from tests.sending import token_of
from tests.vigilance.safe import AMBROXOL, Safe
from tests.ward.scene import hire

STARTED = {"medicine": AMBROXOL, "level": "1", "source": "holder", "notice": "国召 12", "reason": "含量不合格"}


def browser(actor: Any) -> Client:
    made = Client()
    holding = Holding.objects.get(staff=actor.staff, post__code=actor.post)
    token, _row = sessions.begin(actor.staff, "test", second_factor=True, holding=holding.pk)
    made.cookies[sessions.COOKIE] = token
    return made


@pytest.fixture
def officer(safe: Safe) -> Client:
    return browser(safe.recaller)


def page(who: Client, name: str, *args: Any, status: int = 200) -> str:
    answer = who.get(reverse(f"vigilance:{name}", args=args))
    assert answer.status_code == status
    return answer.content.decode()


def _delivered(safe: Safe, supplier: str, qty: str, accepted: str, lot_no: str = "A1") -> int:
    pk = stock.new_supplier(hire(f"buyer-{supplier}", "purchaser", safe.units["PHA"]), supplier)
    taken = Decimal(accepted)
    goods = stock.Arrived(
        AMBROXOL, lot_no, FAR, Decimal(qty), taken, Decimal("0.5"), certificate="合格",
        reason="" if taken == Decimal(qty) else "damaged",
    )  # fmt: skip
    stock.inspect(safe.keeper, pk, [goods], invoice="FP-7")
    return pk


def test_a_form_sent_twice_opens_one_case(safe: Safe, officer: Client) -> None:
    address = reverse("vigilance:recalling")
    found = officer.post(address, {"text": AMBROXOL}).content.decode()
    assert f'value="{AMBROXOL}"' in found
    form = officer.post(address, {"medicine": AMBROXOL}).content.decode()
    sent = STARTED | {"lot_nos": "A1 ，A2", "noticed_at": _typed(), "idempotency": token_of(form)}
    first, again = officer.post(address, sent), officer.post(address, sent)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first["Location"] == again["Location"]
    case = RecallCase.objects.get()
    assert sorted(case.lots.values_list("lot_no", flat=True)) == ["A1", "A2"]
    other = officer.post(address, sent | {"idempotency": "another"})
    assert other.status_code in (409, 422), "a lot number is recalled once"
    assert RecallCase.objects.count() == 1
    assert "国召 12" in page(officer, "recall", case.pk)
    assert reverse("vigilance:recall", args=[case.pk]) in page(officer, "recalls")


def _typed() -> str:
    moment = (clock.now() - timedelta(hours=1)).astimezone(clock.HOSPITAL_ZONE)
    return moment.strftime("%Y-%m-%dT%H:%M")


def test_what_is_missing_is_said_and_nothing_opens(safe: Safe, officer: Client) -> None:
    sent = STARTED | {"lot_nos": " ", "noticed_at": _typed()}
    assert officer.post(reverse("vigilance:recalling"), sent).status_code == 422
    ahead = (clock.now() + timedelta(days=1)).astimezone(clock.HOSPITAL_ZONE).strftime("%Y-%m-%dT%H:%M")
    answer = officer.post(reverse("vigilance:recalling"), STARTED | {"lot_nos": "A1", "noticed_at": ahead})
    assert answer.status_code == 422
    assert "收到通知的时间不能在将来" in answer.content.decode()
    assert not RecallCase.objects.exists()


def test_only_the_officer_of_recalls_sees_them(safe: Safe) -> None:
    case = safe.recall()
    for actor in (safe.officer, safe.doctor):
        for name, args in (("recalls", ()), ("recall", (case,)), ("letter", (case, 1, "pdf"))):
            assert browser(actor).get(reverse(f"vigilance:{name}", args=args)).status_code == 403


def test_somebody_is_told_brings_some_back_and_the_case_is_closed(safe: Safe, officer: Client) -> None:
    patient = safe.patient_of(safe.at_home())
    case = safe.recall()
    shown = page(officer, "person", case, patient)
    address = reverse("vigilance:contacting", args=[case, patient])
    sent = {"state": "told", "how": "phone", "words": "已停用", "idempotency": token_of(shown)}
    assert {officer.post(address, sent).status_code for _again in range(2)} == {303}
    assert Contact.objects.count() == 1
    piece = queries.recall(case).people[0].pieces[0].carried
    back = reverse("vigilance:recovering", args=[case, piece.package, piece.lot])
    assert officer.post(back, {"qty": "99"}).status_code == 422
    assert officer.post(back, {"qty": "4"}).status_code == 303
    assert Recovery.objects.get().qty == 4
    closing = reverse("vigilance:recall_closing", args=[case])
    assert officer.post(closing, {"words": ""}).status_code == 422
    assert officer.post(closing, {"words": "全部处理完毕"}).status_code == 303
    assert RecallEnd.objects.get().figures["back"] == "4"
    assert "全部处理完毕" in page(officer, "recall_paper", case)


def test_the_case_says_which_supplier_delivered_and_what_nobody_did(safe: Safe, officer: Client) -> None:
    first = _delivered(safe, "供应商甲", "100", "60")
    _delivered(safe, "供应商乙", "30", "30", lot_no="B7")
    case = safe.recall()
    shown = page(officer, "recall", case)
    assert "供应商甲" in shown
    assert "FP-7" in shown
    assert "供应商乙" not in shown, "another lot number"
    assert "供应商未登记" in shown, "the opening stock of the number has no supplier"
    card = queries.recall(case)
    assert card.trace is not None
    assert card.trace.sums.came_in == 560
    assert not SentBack.objects.exists()
    paper = page(officer, "recall_paper", case)
    assert "供应商甲" in paper
    assert reverse("vigilance:letter", args=[case, first, "pdf"]) not in paper


def test_the_letter_names_the_deliveries_and_no_patient(safe: Safe, officer: Client) -> None:
    supplier = _delivered(safe, "供应商甲", "100", "60")
    patient = safe.patient_of(safe.at_home())
    case = safe.recall("A1", "B7")
    name = queries.recall(case).people[0].card.name
    assert queries.recall(case).people[0].patient == patient
    answer = officer.get(reverse("vigilance:letter", args=[case, supplier, "pdf"]))
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(leaf.get_textpage().get_text_range() for leaf in pypdfium2.PdfDocument(answer.content))
    for said in ("药品召回通知函", "供应商甲", "A1", "含量不合格", "FP-7"):
        assert said in text
    assert name not in text
    assert "B7" not in text, "a number that others delivered is not this supplier's matter"
    table = officer.get(reverse("vigilance:letter", args=[case, supplier, "csv"])).content.decode("utf-8-sig")
    _head, row = csv.reader(io.StringIO(table))
    assert row[0] == "供应商甲"
    assert row[-3:] == ["100", "60", "40"]
    assert officer.get(reverse("vigilance:letter", args=[case, supplier + 99, "pdf"])).status_code == 404
