"""Each part: hard values, hostile text, long names, unknown facts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.forms import CharField, Form
from django.template import Context, Template
from django.utils import translation

from luodi.trust import clock
from luodi.web import specimen
from luodi.web.parts import shapes

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>'\"&"


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON), translation.override("zh-hans"):
        yield


def draw(source, **values):
    return Template("{% load parts %}" + source).render(Context(values))


def test_an_empty_banner_says_unknown_and_not_asked():
    html = draw("{% patient_banner b %}", b={})
    assert html.count("未知") >= 8
    assert "过敏史未询问" in html
    assert "None" not in html


def test_a_full_banner_shows_each_fact():
    html = draw("{% patient_banner b %}", b=specimen.banners()[0])
    for fact in (
        "单建国",
        "shàn jiàn guó",
        "男",
        "1958-03-12",
        "M0000123",
        "03 床",
        "72.5",
        "41",
        "一级护理",
        "青霉素类",
        "过敏性休克",
    ):
        assert fact in html
    assert "72.50" not in html
    assert "隔离" not in html  # does not apply


def test_a_banner_takes_objects_too():
    facts = SimpleNamespace(name="李明", sex="2", allergies=SimpleNamespace(state="denied", items=[]))
    html = draw("{% patient_banner b %}", b=facts)
    assert "李明" in html
    assert "否认过敏" in html


@pytest.mark.parametrize("state", ["not_asked", "denied", "unconfirmed", "listed", "nonsense"])
def test_the_allergy_block_has_four_states_and_an_unknown_one_is_not_denied(state):
    html = draw("{% allergies a %}", a={"state": state, "items": []})
    expected = {"denied": "否认过敏", "unconfirmed": "过敏史未确认", "listed": "有过敏，明细未知"}.get(
        state, "过敏史未询问"
    )
    assert expected in html
    assert ("否认过敏" in html) == (state == "denied")


def test_hostile_text_is_escaped_in_every_part():
    facts = dict.fromkeys((*shapes.BANNER_KEYS, *shapes.DRUG_KEYS, *shapes.READING_KEYS), HOSTILE)
    facts |= {
        "birth_date": None,
        "weight": None,
        "egfr": None,
        "dose": None,
        "quantity": None,
        "value": None,
        "target": None,
    }
    facts |= {"top": None, "bottom": None, "as_of": None, "trend": [], "url": HOSTILE}
    facts |= {"allergies": {"state": "listed", "items": [{"label": HOSTILE, "severity": HOSTILE, "reaction": HOSTILE}]}}
    finding = {"grade": "ASK", "why": HOSTILE, "source": HOSTILE, "instead": HOSTILE, "key": HOSTILE}
    node = {"label": HOSTILE, "state": "done", "who": HOSTILE, "where": HOSTILE, "note": HOSTILE, "at": NOON}
    html = draw(
        "{% patient_banner f %}{% drug_line f number=h %}{% reading f %}{% findings fs answers=answers %}"
        "{% loop_strip nodes %}"
        "{% worklist title=h count=1 id='a' url=h empty=h %}"
        "<tr {% row h %}><td>{% open_link h h %}</td></tr>{% endworklist %}"
        "{% worklist title=h count=0 id='b' empty=h %}{% endworklist %}{% panel h back=h %}{{ h }}{% endpanel %}"
        "{% empty_state h action=h action_url=h %}{% error_state h next=h %}{% tag h h %}"
        "{% icon h h %}{% key h %}{% confirmbar h %}{% endconfirmbar %}"
        "{% barcode b %}{% qr h %}{% sheet title=h patient=f qr=h kind=h size=h %}{{ h }}{% endsheet %}",
        f=facts, fs=[finding], answers={HOSTILE: HOSTILE}, nodes=[node], h=HOSTILE, b='<a">&',
    )  # fmt: skip
    assert "<script>" not in html
    assert "'\"&" not in html


def test_a_drug_line_is_whole():
    html = draw("{% drug_line d %}", d=specimen.drugs()[0])
    order = [
        html.index(part)
        for part in ("阿莫西林胶囊", "0.25 g × 24 粒", ">胶囊<", "0.5<", "口服", "每日3次", "5 天", "共 2")
    ]
    assert order == sorted(order)
    assert "0.50" not in html


@pytest.mark.parametrize(
    ("control", "mark"), [("narcotic", "麻"), ("psych1", "精一"), ("psych2", "精二"), ("toxic", "毒")]
)
def test_controlled_medicines_carry_their_corner_mark(control, mark):
    html = draw("{% drug_line d %}", d={"generic": "甲", "control": control})
    assert f'<span class="corner">{mark}</span>' in html


def test_a_drug_line_without_a_dose_says_so():
    assert "未知" in draw("{% drug_line d %}", d={"generic": "甲", "dose": None})


def test_high_alert_is_a_word_and_not_a_colour_alone():
    assert "高警示" in draw("{% drug_line d %}", d={"generic": "甲", "high_alert": True})
    assert "高警示" not in draw("{% drug_line d %}", d={"generic": "甲"})


def test_findings_put_refusals_first_and_ask_for_reasons():
    html = draw("{% findings fs answers=a %}", fs=specimen.findings(), a={"days": "外出三周"})
    assert html.index("不可开具") < html.index("请说明理由") < html.index("提示")
    assert 'name="answer-days"' in html
    assert 'value="外出三周"' in html
    assert html.count("<input") == 1


def test_findings_read_only_show_the_given_reason():
    html = draw("{% findings fs answers=a editable=False %}", fs=specimen.findings(), a={"days": "外出三周"})
    assert "<input" not in html
    assert "外出三周" in html


def test_no_finding_is_said_in_words():
    assert "审查未发现问题" in draw("{% findings fs %}", fs=[])


def test_a_grade_may_be_an_enum_or_lower_case():
    enum = SimpleNamespace(name="REFUSE")
    assert shapes.finding({"grade": enum, "rule": "x"}, {})["grade"] == "REFUSE"
    assert shapes.finding({"grade": "ask", "rule": "x"}, {})["grade"] == "ASK"


def test_a_worklist_counts_and_names_the_oldest():
    source = (
        "{% worklist title='待审' count=2 oldest=o id='q' topic='review' url='/r/' %}"
        "<tbody><tr {% row 7 %}><td>x</td></tr></tbody>{% endworklist %}"
    )
    html = draw(source, o=NOON - timedelta(minutes=46))
    assert "<strong>2</strong>" in html
    assert "46 分钟" in html
    assert 'data-live-topic="review"' in html
    assert 'id="row-7"' in html
    assert "data-rows" in html


def test_an_empty_worklist_says_what_is_not_there():
    html = draw("{% worklist title='待审' count=0 id='q' empty='没有待审的处方' %}<tbody>旧行</tbody>{% endworklist %}")
    assert "没有待审的处方" in html
    assert "旧行" not in html


def test_a_link_of_a_row_works_without_javascript():
    html = draw("{% open_link '/rx/7/' '处方' %}")
    assert 'href="/rx/7/"' in html
    assert 'hx-target="#panel"' in html
    assert "hx-get" not in draw("{% open_link '/rx/7/' '处方' page=True %}")


def test_the_loop_says_its_state_in_words():
    html = draw("{% loop_strip nodes %}", nodes=specimen.broken_nodes())
    for words in ("已完成", "退回或拒绝", "跳过", "未到", "腕带破损", "审方药师乙"):
        assert words in html
    assert 'aria-current="step"' in draw("{% loop_strip nodes %}", nodes=specimen.nodes())


def test_a_reading_without_data_is_neither_zero_nor_passed():
    html = draw("{% reading r %}", r={"label": "率", "value": None, "top": 0, "bottom": 0, "verdict": "pass"})
    assert "数据不足" in html
    assert "达标" not in html


def test_a_reading_of_zero_is_a_value():
    html = draw(
        "{% reading r %}", r={"label": "率", "value": Decimal(0), "unit": "%", "target": Decimal(0), "test": "<="}
    )
    assert "<strong>0</strong>" in html
    assert "≤ 0" in html


def test_a_gap_in_a_trend_stays_a_gap():
    d = Decimal
    assert len(shapes.sparkline([d(1), d(2), None, d(3), d(4)])) == 2
    assert shapes.sparkline([d(1)]) == []
    assert len(shapes.sparkline([d(5), d(5), d(5)])) == 1


@pytest.mark.parametrize(("minutes", "state"), [(0, ""), (23, ""), (24, "将超时"), (30, "将超时"), (31, "超时")])
def test_a_wait_is_told_in_words_near_and_over_its_threshold(minutes, state):
    html = draw("{% wait m 30 %}", m=minutes)
    assert str(minutes) in html
    assert ("超时" in html) == bool(state)
    assert ("将超时" in html) == (state == "将超时")


def test_a_wait_from_a_moment_and_an_unknown_one():
    assert "<strong>52</strong>" in draw("{% wait s 30 %}", s=NOON - timedelta(minutes=52))
    assert "未知" in draw("{% wait s 30 %}", s=None)


@pytest.mark.parametrize(("minutes", "words"), [(119, "119"), (120, "2 小时"), (9469, "6 天")])
def test_a_long_wait_is_told_in_hours_and_days(minutes, words):
    html = draw("{% wait m 30 %}", m=minutes)
    assert f"<strong>{words}</strong>" in html
    assert "超时" in html


@pytest.mark.parametrize(
    ("level", "words"), [(1, "Ⅰ"), (2, "Ⅱ"), ("3", "Ⅲ"), (4, "Ⅳ"), (None, "未分诊"), (9, "未分诊")]
)
def test_triage_is_a_numeral(level, words):
    assert words in draw("{% badge_triage l %}", l=level)


class Named(Form):
    name = CharField(label="姓名", help_text="与证件一致")


def test_a_wrong_field_names_its_error_for_readers():
    form = Named({"name": ""})
    html = draw("{% form_errors f %}{% field f.name %}", f=form)
    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert 'href="#id_name"' in html


def test_a_refused_form_keeps_what_was_typed():
    form = Named({"name": HOSTILE})
    form.add_error(None, "没有号源")
    html = draw("{% form_errors f %}{% field f.name %}", f=form)
    assert "没有号源" in html
    assert "alert(1)" in html
    assert "<script>" not in html


def test_each_idempotency_token_is_new():
    one, two = draw("{% idempotency %}"), draw("{% idempotency %}")
    assert one != two
    assert 'name="idempotency"' in one


def test_a_refusal_shows_the_next_step():
    refused = SimpleNamespace(message="批号已过期", next="换一批再调配")
    html = draw("{% refusal r %}", r=refused)
    assert "批号已过期" in html
    assert "换一批再调配" in html
    assert 'role="alert"' in html


def test_a_sheet_names_patient_page_person_and_time():
    html = draw(
        "{% sheet title='处方笺' number=1 of=2 patient=p qr='luodi:1' kind='narcotic' %}正文{% endsheet %}",
        p={"name": "李明", "record_no": "M1"}, hospital="示范医院", header={"name": "药师甲"},
    )  # fmt: skip
    for part in (
        "示范医院",
        "处方笺",
        "李明",
        "M1",
        "第 1 / 2 页",
        "药师甲",
        "2026-03-10 12:00:00",
        "麻",
        'class="qr"',
        "正文",
    ):
        assert part in html


def test_long_names_are_never_cut():
    html = draw("{% patient_banner b %}{% drug_line d %}", b=specimen.banners()[2], d=specimen.drugs()[4])
    assert specimen.LONG in html
    assert specimen.drugs()[4]["generic"] in html


def test_a_birth_date_is_not_needed():
    assert "未知" in draw("{{ b|age }}", b=None)
    assert draw("{{ b|age }}", b=date(2000, 3, 10)) == "26 岁"
