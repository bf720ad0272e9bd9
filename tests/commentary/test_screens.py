"""Screens: every list and sheet opens for whom it is for, hides the names, and its files say what the report says."""

import csv
import io
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from luodi.commentary import actions
from luodi.commentary.models import Assignment, Case, Comment, Decision, Proposal, Report, Sample, Statement
from luodi.trust import clock, sessions
from luodi.trust.models import Entry, Holding
from tests.commentary.round import DAY, Round
from tests.sending import token_of, twice

PERIOD = {"first": DAY.isoformat(), "last": DAY.isoformat()}


def client(actor: Any) -> Client:
    """A browser of this person."""
    made = Client()
    holding = Holding.objects.get(staff=actor.staff, post__code=actor.post)
    token, _row = sessions.begin(actor.staff, "test", second_factor=True, holding=holding.pk)
    made.cookies[sessions.COOKIE] = token
    return made


def page(who: Client, name: str, *args: int, status: int = 200) -> str:
    answer = who.get(reverse(f"commentary:{name}", args=args))
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_a_sample_is_drawn_and_given_out_at_the_screen(round_: Round) -> None:
    round_.prescriptions(3)
    head = client(round_.head)
    assert "还没有抽取过样本" in page(head, "samples")
    answer = head.post(reverse("commentary:samples"), {"kind": "outpatient", **PERIOD})
    sample = Sample.objects.get()
    assert answer["Location"] == reverse("commentary:sample", args=[sample.pk])
    shown = page(head, "sample", sample.pk)
    assert "得到同一批样本" in shown
    assert sample.seed in shown
    answer = head.post(reverse("commentary:samples"), {"kind": "outpatient", **PERIOD})
    assert answer.status_code == 422
    assert "没有重新抽取" in answer.content.decode()
    answer = head.post(reverse("commentary:assignment", args=[sample.pk]), {"staff": [round_.one.staff]})
    assert answer.status_code == 303
    assert Assignment.objects.count() == 3


def test_the_commentator_sees_neither_patient_nor_prescriber(round_: Round) -> None:
    round_.prescriptions(2)
    round_.assigned("one")
    one = client(round_.one)
    pk = Assignment.objects.order_by("case__place").first().pk
    for shown in (page(one, "mine"), page(one, "case", pk)):
        assert "测试患者" not in shown
        assert "测试doctor" not in shown
    shown = page(one, "case", pk)
    assert "氨溴索" in shown or "氯雷他定" in shown
    assert "46 岁" in shown
    assert "J18" in shown
    page(client(round_.two), "case", pk, status=404)
    before = Entry.objects.filter(verb="read").count()
    page(one, "case", pk)
    assert Entry.objects.filter(verb="read").count() == before + 1


def test_a_comment_is_typed_and_the_next_case_opens(round_: Round) -> None:
    round_.prescriptions(2)
    round_.assigned("one")
    one = client(round_.one)
    first, second = Assignment.objects.order_by("case__place").values_list("pk", flat=True)
    url = reverse("commentary:case", args=[first])
    answer = one.post(url, {"codes": "2-5/9", "text": "留着"})
    assert answer.status_code == 422
    assert "没有第 9 行" in answer.content.decode()
    assert "留着" in answer.content.decode()
    assert "看不懂：abc" in one.post(url, {"codes": "abc"}).content.decode()
    answer = one.post(url, {"codes": "2-5/1", "ticked": ["1-10", "2-5"], "text": ""})
    assert answer["Location"] == reverse("commentary:case", args=[second])
    said = Comment.objects.get()
    assert sorted((item.code, item.line_id is not None) for item in said.items.all()) == [
        ("1-10", False),
        ("2-5", True),
    ]
    assert one.post(url, {"codes": ""}).status_code == 404
    answer = one.post(reverse("commentary:case", args=[second]), {"codes": ""})
    assert answer["Location"] == reverse("commentary:mine")
    assert "没有分配给您的点评" in page(one, "mine")


def test_the_doctor_objects_the_head_rules_and_it_is_published(round_: Round) -> None:
    round_.prescriptions(2)
    case, _other = round_.judge(round_.assigned("one"), "3-1")
    doctor, head = client(round_.doctor), client(round_.head)
    assert "无适应证用药" in page(doctor, "comment", case)
    assert "点评one" not in page(doctor, "comment", case)
    url = reverse("commentary:comment", args=[case])
    assert doctor.post(url, {"answer": "object", "text": ""}).status_code == 422
    assert doctor.post(url, {"answer": "object", "text": "病历有记录"}).status_code == 303
    assert Statement.objects.get().objects_to_it
    answer = head.post(reverse("commentary:reports"), PERIOD)
    assert "还有 1 例没有完成" in answer.content.decode()
    assert "病历有记录" in page(head, "ruling", case)
    answer = head.post(reverse("commentary:ruling", args=[case]), {"codes": "1-10", "text": "诊断书写不全"})
    assert answer.status_code == 303
    assert "没有待办的点评" in page(head, "rulings")
    answer = head.post(reverse("commentary:reports"), PERIOD)
    report = Report.objects.get()
    assert answer["Location"] == reverse("commentary:report", args=[report.pk])
    shown = page(head, "report", report.pk)
    assert "逐项一致" in shown
    assert "未知" in shown
    assert "诊断书写不全" in page(doctor, "comment", case)


@pytest.fixture
def published(round_: Round) -> tuple[Round, int]:
    round_.prescriptions(3)
    for case in round_.judge(round_.assigned("one"), "3-1", "3-2", "3-4"):
        actions.state(round_.doctor, case, objects=False)
    return round_, actions.publish(round_.head, DAY, DAY)


def test_the_files_say_what_the_report_says_and_name_no_patient(published: tuple[Round, int]) -> None:
    round_, report = published
    head = client(round_.head)
    url = reverse("commentary:file", args=[report])
    answer = head.post(url, {"form": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows[0]) == 15
    assert [row[-1] for row in rows[1:4]] == ["3-1", "3-2", "3-4"]
    assert {row[9] for row in rows[1:4]} == {"未知"}
    figures = {row[0]: row[2] for row in rows if len(row) == 5}
    assert (figures["K"], figures["L"], figures["G"], figures["P"]) == ("未知", "未知", "未知", "0.00")
    pdf = head.post(url, {"form": "pdf"})
    assert pdf["Content-Type"] == "application/pdf"
    pages = [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(pdf.content)]
    text = "\n".join(pages)
    for words in (
        "处方点评工作表",
        "2026-11-23",
        "无适应证用药",
        "数据不足",
        "药学部主任：",
        f"账本位置 #{Report.objects.get().head}",
    ):
        assert words in text, words
    for number, one in enumerate(pages, 1):
        assert f"第 {number} 页，共 {len(pages)} 页" in one
    for said in (text, answer.content.decode("utf-8-sig")):
        assert "测试患者" not in said
    assert head.post(url, {"form": "pdf"}).content == pdf.content, "the same report, the same file"
    assert Entry.objects.filter(verb="commentary.export").count() == 3
    assert client(round_.one).post(url, {"form": "pdf"}).status_code == 403
    assert head.post(url, {"form": "exe"}).status_code == 404


def test_a_proposal_is_decided_once_by_medical_affairs(published: tuple[Round, int]) -> None:
    round_, _report = published
    affairs = client(round_.affairs)
    proposal = Proposal.objects.get()
    assert "警告并限制处方权" in page(affairs, "proposals")
    url = reverse("commentary:proposal", args=[proposal.pk])
    token = token_of(page(affairs, "proposal", proposal.pk))
    answer = twice(affairs, url, {"accepted": "1", "reason": "三例均无正当理由", "idempotency": token})
    assert answer.status_code == 422
    assert Decision.objects.get().accepted
    assert "三例均无正当理由" in page(affairs, "proposal", proposal.pk)
    page(client(round_.head), "proposal", proposal.pk, status=403)


def test_the_volumes_ask_what_for(round_: Round) -> None:
    round_.prescriptions(1)
    round_.draw()
    head = client(round_.head)
    url = reverse("commentary:doctors")
    assert head.post(url, {**PERIOD, "purpose": ""}).status_code == 422
    answer = head.post(url, {**PERIOD, "purpose": "quality"})
    assert "测试doctor" in answer.content.decode()
    page(client(round_.one), "doctors", status=403)


def test_a_missed_deadline_closes_the_case_on_the_doctors_list(round_: Round) -> None:
    round_.prescriptions(1)
    round_.judge(round_.assigned("one"), "2-5")
    doctor = round_.doctor
    assert "待医师答复" in page(client(doctor), "about_me")
    with clock.at(clock.now() + timedelta(days=6)):
        assert "已完成" in page(client(doctor), "about_me")
        assert "提出异议" not in page(client(doctor), "comment", Case.objects.get().pk)
