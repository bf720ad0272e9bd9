"""The screens as a browser without JavaScript uses them, and as htmx does."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from luodi.patients import queries as patients
from luodi.reception import actions, queries
from luodi.reception.models import Registration
from luodi.trust import ledger, sessions
from luodi.trust.clock import today
from luodi.trust.models import Holding

HTMX = {"HTTP_HX_REQUEST": "true"}
ID_NO = "11010519491231002X"  # the computed example of GB 11643


def log_in(who):
    client = Client()
    holding = Holding.objects.get(staff=who.staff)
    token, _row = sessions.begin(who.staff, "test", holding=holding.pk)
    client.cookies[sessions.COOKIE] = token
    return client


def shown(response):
    return response.content.decode()


@pytest.fixture
def clerk(house):
    return log_in(house.clerk)


@pytest.fixture
def doctor(house):
    return log_in(house.doctor)


def test_search_then_book_then_slip(house, clerk):
    session, patient = house.session(), house.patient()
    page = clerk.post(reverse("reception:register"), {"text": "欧阳建国"})
    assert reverse("reception:book", args=[patient]) in shown(page)
    there = reverse("reception:book", args=[patient])
    assert f'value="s{session}"' in shown(clerk.get(there))
    answer = clerk.post(there, {"place": f"s{session}", "priority": "ordinary", "idempotency": "a"})
    assert answer.status_code == 303
    booked = shown(clerk.get(answer.url))
    assert "1 号" in booked
    slip = shown(clerk.get(answer.url + "slip/"))
    assert "欧**国" in slip
    assert "欧阳建国" not in slip


def test_a_place_not_chosen_is_named_and_linked(house, clerk):
    house.session()
    answer = clerk.post(reverse("reception:book", args=[house.patient()]), {"priority": "ordinary"})
    assert answer.status_code == 422
    assert "请选择一个出诊" in shown(answer)
    assert "数据不完整" not in shown(answer)
    assert shown(answer).count('"#id_place"') == shown(answer).count('id="id_place"') == 1


def test_double_submit_books_once(house, clerk):
    session, patient = house.session(), house.patient()
    form = {"place": f"s{session}", "priority": "ordinary", "idempotency": "same"}
    first, second = (clerk.post(reverse("reception:book", args=[patient]), form) for _ in range(2))
    assert first.url == second.url
    assert Registration.objects.count() == 1


def test_full_session_keeps_what_was_typed(house, clerk, enrol):
    session = house.session(capacity=1)
    enrol(1, session)
    typed = {
        "place": f"s{session}", "name": "赵钱孙", "sex": "2", "id_kind": "none", "no_id_reason": "forgotten",
        "phone": "13800138000",
    }  # fmt: skip
    answer = clerk.post(reverse("reception:new"), typed)
    assert answer.status_code == 422
    assert "挂满" in shown(answer)
    assert 'value="13800138000"' in shown(answer)
    assert patients.search("赵钱孙") == []


def test_scan_of_an_unknown_id_number_fills_the_new_form(house, clerk):
    page = shown(clerk.post(reverse("reception:register"), {"text": ID_NO}))
    assert f'value="{ID_NO}"' in page
    assert 'value="1949-12-31"' in page


def test_scan_of_a_known_id_number_finds_the_patient(house, clerk):
    from luodi.patients.types import NewPatient

    made = actions.register_new(
        house.clerk, NewPatient(name="身份证", sex="2", id_kind="resident", id_no=ID_NO), house.session()
    )
    answer = clerk.post(reverse("reception:register"), {"text": ID_NO.lower()})
    assert (answer.status_code, answer.url) == (303, reverse("reception:book", args=[made.patient]))


def test_likely_duplicate_is_shown_before_a_new_identity(house, clerk):
    session, known = house.session(), house.patient("王小明", phone="13800138000")
    typed = {
        "place": f"s{session}", "name": "王小明", "sex": "1", "id_kind": "none", "no_id_reason": "forgotten",
        "phone": "13800138000",
    }  # fmt: skip
    first = clerk.post(reverse("reception:new"), typed)
    assert first.status_code == 422
    assert reverse("reception:book", args=[known]) in shown(first)
    assert f'name="another" value="{known}"' in shown(first)
    second = clerk.post(reverse("reception:new"), {**typed, "another": str(known)})
    assert second.status_code == 303
    assert len(patients.search("王小明")) == 2


def test_cancel_with_a_reason(house, clerk, enrol):
    (made,) = enrol(1, house.session())
    url = reverse("reception:cancellation", args=[made.registration])
    assert clerk.post(url, {"reason": ""}).status_code == 422
    answer = clerk.post(url, {"reason": "patient", "note": ""})
    assert answer.status_code == 303
    assert "患者要求退号" in shown(clerk.get(answer.url))


def test_unknown_patient_in_two_fields(house):
    nurse = log_in(house.ed_nurse)
    assert "无名氏" in shown(nurse.get(reverse("reception:unknown")))
    answer = nurse.post(reverse("reception:unknown"), {"unit": house.unit["ED"], "sex": "1"})
    assert f"无名氏{today():%m%d}-01" in shown(nurse.get(answer.url))


def test_sessions_open_resize_stop(house, clerk):
    url = reverse("reception:sessions")
    form = {
        "unit": house.unit["GIM"], "doctor": house.doctor.staff, "date": today().isoformat(), "part": "am",
        "room": "1 诊室",
        "capacity": 5,
    }  # fmt: skip
    assert clerk.post(url, form).status_code == 303
    assert clerk.post(url, form).status_code == 422
    (card,) = queries.sessions()
    assert "王医生" in shown(clerk.get(url))
    assert clerk.post(reverse("reception:capacity", args=[card.pk]), {"capacity": 7}).status_code == 303
    assert clerk.post(reverse("reception:capacity", args=[card.pk]), {"capacity": "x"}, **HTMX).status_code == 422
    assert clerk.post(reverse("reception:stop", args=[card.pk]), {"reason": ""}).status_code == 422
    assert clerk.post(reverse("reception:stop", args=[card.pk]), {"reason": "会诊"}).status_code == 303
    assert "停诊" in shown(clerk.get(reverse("reception:session", args=[card.pk]), **HTMX))


def test_queue_calls_and_starts(house, doctor, enrol):
    (made, *_rest) = enrol(2, house.session())
    page = shown(doctor.get(reverse("reception:queue")))
    assert page.count('data-key="Alt C"') == 1
    mine = reverse("reception:queue") + "?mine=1"
    assert f'hx-get="{mine}"' in shown(doctor.get(mine))
    call = reverse("reception:step", args=[made.ticket, "call"])
    assert doctor.post(call).status_code == 303
    again = doctor.post(call)
    assert again.status_code == 409
    assert "王医生" in shown(again)
    answer = doctor.post(reverse("reception:start", args=[made.ticket]))
    assert answer.status_code == 303
    assert answer.url == reverse("chart:encounter", args=[made.patient, made.encounter])


def test_every_step_of_the_queue_over_http(house, doctor, enrol):
    (made,) = enrol(1, house.session())
    for step, state in [("call", "called"), ("recall", "called"), ("pass", "missed"), ("return", "waiting")]:
        assert doctor.post(reverse("reception:step", args=[made.ticket, step])).status_code == 303
        assert queries.ticket(made.ticket).state == state
    doctor.post(reverse("reception:start", args=[made.ticket]))
    assert doctor.post(reverse("reception:step", args=[made.ticket, "finish"])).status_code == 303
    assert queries.ticket(made.ticket).state == "done"
    assert doctor.post(reverse("reception:step", args=[made.ticket, "steal"])).status_code == 404
    assert doctor.get(reverse("reception:step", args=[made.ticket, "call"])).status_code == 405


def test_desk_fragment_for_the_doctor(house, doctor, enrol):
    (made,) = enrol(1, house.session())
    fragment = shown(doctor.get(reverse("reception:desk_queue"), **HTMX))
    assert "<html" not in fragment
    assert "病人00" in fragment
    called = doctor.post(reverse("reception:step", args=[made.ticket, "call"]), {"at": "desk"}, **HTMX)
    assert called.status_code == 200
    assert 'id="desk-queue"' in shown(called)
    lost = doctor.post(reverse("reception:step", args=[made.ticket, "call"]), {"at": "desk"}, **HTMX)
    assert lost.status_code == 409
    started = doctor.post(reverse("reception:start", args=[made.ticket]), {"at": "desk"}, **HTMX)
    assert started["HX-Redirect"] == reverse("chart:encounter", args=[made.patient, made.encounter])


def test_a_clerk_sees_how_queues_stand_and_no_names(house, clerk, enrol):
    enrol(1, house.session())
    page = shown(clerk.get(reverse("reception:queue"))) + shown(
        clerk.get(reverse("reception:unit_queue", args=[house.unit["GIM"]]))
    )
    assert "普通内科门诊" in page
    assert "病人00" not in page


def test_board_is_public_and_masked(house):
    session = house.session()
    names = ["欧阳建国", "李明", "<script>alert(1)</script>"]
    made = [actions.register(house.clerk, house.patient(name), session) for name in names]
    actions.call(house.doctor, made[0].ticket)
    page = Client().get(reverse("reception:board", args=["GIM"]))
    assert page.status_code == 200
    text = shown(page)
    assert "欧**国" in text
    assert "3 诊室" in text
    assert not any(name in text for name in names)
    assert "alert(1)" not in text
    assert "<html" not in shown(Client().get(reverse("reception:board", args=["GIM"]), **HTMX))
    assert Client().get(reverse("reception:board", args=["REG"])).status_code == 404
    assert Client().get(reverse("reception:board", args=["nowhere"])).status_code == 404


def test_triage_over_http(house):
    nurse = log_in(house.ed_nurse)
    made = actions.register(house.ed_nurse, house.patient(), unit=house.unit["ED"])
    url = reverse("reception:assessment", args=[made.encounter])
    assert url in shown(nurse.get(reverse("reception:triage")))
    assert 'name="pulse"' in shown(nurse.get(url, **HTMX))
    suggestion = shown(nurse.post(reverse("reception:suggestion"), {"pulse": "190"}))
    assert "Ⅰ" in suggestion
    assert "血氧" in suggestion
    lowered = nurse.post(url, {"pulse": "190", "complaint": "心悸", "level": "3", "version": "0"})
    assert lowered.status_code == 422
    assert "理由" in shown(lowered)
    assert 'value="190"' in shown(lowered)
    saved = nurse.post(url, {"pulse": "190", "complaint": "心悸", "level": "1", "version": "0"})
    assert saved.status_code == 303
    stale = nurse.post(url, {"complaint": "心悸", "level": "2", "version": "0"}, **HTMX)
    assert stale.status_code == 422
    assert "再次分诊" in shown(stale)
    assert queries.latest_triage(made.encounter).level == 1
    assert "立即" in shown(nurse.get(reverse("reception:triage")))


def test_complaints_are_offered_as_typed(house):
    nurse = log_in(house.ed_nurse)
    assert nurse.post(reverse("reception:complaints"), {"complaint": ""}).status_code == 200
    assert nurse.post(reverse("reception:suggestion"), {"pulse": "abc"}).status_code == 200


def test_triage_belongs_to_the_emergency_unit(house, doctor):
    assert "不在急诊科" in shown(doctor.get(reverse("reception:triage")))


HOSTILE = [
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "😀😀",
    "A" * 400_000,
    "\x00",
    "\u202e倒",
    "%s%n",
    "s99999999999999999999",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_answered_in_words_everywhere(house, clerk, text):
    session, patient = house.session(), house.patient()
    posts = [
        (reverse("reception:register"), {"text": text}),
        (reverse("reception:new"), {"name": text, "place": f"s{session}", "id_kind": "none", "idempotency": text}),
        (reverse("reception:book", args=[patient]), {"place": text, "priority": text, "idempotency": text}),
        (reverse("reception:sessions"), dict.fromkeys(["unit", "doctor", "date", "part", "room", "capacity"], text)),
        (reverse("reception:stop", args=[session]), {"reason": text}),
    ]  # fmt: skip
    for url, data in posts:
        answer = clerk.post(url, data)
        assert answer.status_code in (200, 303, 422), url
        assert "<script>alert" not in shown(answer)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_at_triage(house, text):
    nurse = log_in(house.ed_nurse)
    made = actions.register(house.ed_nurse, house.patient(), unit=house.unit["ED"])
    form = {"complaint": text, "pulse": text, "level": "2", "version": "0", "reason": text, "consciousness": text}
    assert nurse.post(reverse("reception:assessment", args=[made.encounter]), form).status_code == 422
    assert nurse.post(reverse("reception:suggestion"), form).status_code == 200
    assert nurse.post(reverse("reception:complaints"), form).status_code == 200


def test_who_is_kept_out(house, doctor, enrol):
    (made,) = enrol(1, house.session())
    assert doctor.get(reverse("reception:register")).status_code == 403
    assert doctor.get(reverse("reception:sessions")).status_code == 403
    assert Client().get(reverse("reception:queue")).status_code == 302
    ed = log_in(house.ed_doctor)
    assert ed.post(reverse("reception:step", args=[made.ticket, "call"])).status_code == 403
    assert queries.ticket(made.ticket).state == "waiting"


def test_reading_names_leaves_evidence_and_urls_hold_none(house, clerk, enrol):
    (made,) = enrol(1, house.session())
    answer = clerk.get(reverse("reception:registration", args=[made.registration]))
    reads = list(ledger.entries(verb="read"))
    assert reads[-1].ref.patient == made.patient
    assert not re.search(r'(href|action)="[^"]*病人', shown(answer))


def test_no_inline_style_or_script(house, clerk, doctor, enrol):
    enrol(2, house.session())
    urls = [
        (clerk, "register"),
        (clerk, "new"),
        (clerk, "unknown"),
        (clerk, "sessions"),
        (doctor, "queue"),
        (clerk, "queue"),
    ]
    for browser, name in urls:
        page = shown(browser.get(reverse(f"reception:{name}")))
        assert not re.search(r'\sstyle="|\son[a-z]+="', page), name


def test_visits_left_open_are_folded_and_the_waiting_stay_in_sight(house, doctor):
    session = house.session()
    tickets = [actions.register(house.clerk, house.patient(f"张{n}"), session).ticket for n in "甲乙丙丁戊己"]
    for ticket in tickets[:5]:
        actions.call(house.doctor, ticket)
        actions.start(house.doctor, ticket)
    page = shown(doctor.get(reverse("reception:desk_queue"), **HTMX))
    before, folded = page.split("<details>")
    folded, after = folded.split("</details>")
    assert [name for name in ("张甲", "张乙", "张丙") if name in before] == ["张甲", "张乙", "张丙"]
    assert "其余 2 位" in folded
    assert folded.index("张丁") < folded.index("张戊")
    assert "张己" in after
    assert "有 {n} 处更新" in page
