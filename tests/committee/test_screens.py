"""The committee's screens: who sees what, what a form does, what is said where it can not be done."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from luodi.committee import actions, queries
from luodi.committee.models import Decision, Item, Launch, Replay, Ruling, Threshold
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.terms import versions
from luodi.trust import sessions
from luodi.trust.actor import Actor
from tests.committee.board import WORKER, Board, later
from tests.committee.test_replay import asked, line, regraded
from tests.orders.place import AMOXICILLIN
from tests.sending import token_of


def browser(by: Actor) -> Client:
    token, row = sessions.begin(by.staff, "test")
    assert sessions.actor_of(row).post == by.post
    client = Client()
    client.cookies[sessions.COOKIE] = token
    return client


def text(client: Client, url: str, **how) -> str:
    page = client.get(url, **how)
    assert page.status_code == 200, page.status_code
    return page.content.decode()


def test_a_version_is_uploaded_compared_replayed_signed_and_put_in_force(board: Board) -> None:
    rule, _key = asked(board)
    row = line(board, rule)
    body = (board.base / "rules.csv").read_text(encoding="utf-8").replace(row, row.replace(",ask,", ",tell,", 1))
    secretary, chair, pharmacist = map(browser, (board.secretary, board.chair, board.pharmacist))
    with later(minutes=1):
        sent = secretary.post(
            "/committee/new/",
            {"tables": [SimpleUploadedFile("rules.csv", body.encode())], "note": "皮试改为提示"},
        )
        assert sent.status_code == 303
        url = sent["Location"]
        page = text(secretary, url)
        assert "候选" in page
        assert "改动 1" in page
        assert "<del>询问</del> → <ins>提示</ins>" in text(secretary, f"{url}changes/")
        asked_for = secretary.post(f"{url}replay/", {"days": "30", "idempotency": token_of(page)})
        again = secretary.post(f"{url}replay/", {"days": "30", "idempotency": token_of(page)})
        assert asked_for["Location"] == again["Location"]
        assert "后台正在重放" in text(secretary, asked_for["Location"])
        refused = chair.post(f"{url}decision/", {"choice": "approve", "seen": "0"})
        assert refused.status_code == 422
        assert "重放" in refused.content.decode()
        assert actions.go_on(WORKER, Replay.objects.get().pk)
        found = text(secretary, asked_for["Location"])
        assert "减轻" in found
        assert "打开" not in found, "the secretary may not read prescriptions"
        assert "打开" in text(pharmacist, asked_for["Location"])
        for client in (chair, pharmacist):
            seen = re.search(r'name="seen" value="(\d+)"', text(client, url))
            assert seen
            assert client.post(f"{url}decision/", {"choice": "approve", "seen": seen[1]}).status_code == 303
        assert "已批准" in text(chair, url)
        page = text(chair, url)
        sent = {"reason": "第 1 次会议", "due": "", "idempotency": token_of(page)}
        assert chair.post(f"{url}launch/", sent).status_code == 303
        assert chair.post(f"{url}launch/", sent).status_code in (303, 422)
        assert "现行" in text(chair, url)
        assert Launch.objects.count() == 1
        assert "已经药事会批准" in text(chair, "/committee/")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing.csv", b"a"),
        ("../rules.csv", b"a"),
        ("rules.csv", b"code\n"),
        ("rules.csv", b"\xff\xfe"),
        ("rules.csv", b""),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(board: Board, name: str, content: bytes) -> None:
    secretary = browser(board.secretary)
    before = len(versions.versions())
    page = secretary.post("/committee/new/", {"tables": [SimpleUploadedFile(name, content)], "note": "试"})
    assert page.status_code == 422
    assert "试" in page.content.decode(), "what was typed stays"
    assert len(versions.versions()) == before
    assert secretary.post("/committee/new/", {"note": "试"}).status_code == 422


def test_a_rejection_needs_its_reason_and_ends_it(board: Board) -> None:
    version = board.candidate()
    chair, url = browser(board.chair), f"/committee/versions/{version}/"
    assert chair.post(f"{url}decision/", {"choice": "reject", "seen": "0"}).status_code == 422
    assert chair.post(f"{url}decision/", {"choice": "reject", "reason": "依据不足", "seen": "0"}).status_code == 303
    page = text(chair, url)
    assert "已否决" in page
    assert "依据不足" in page
    assert "launch/" not in page
    assert Decision.objects.count() == 1


def test_in_production_the_button_is_shut_and_the_post_is_refused(board: Board, real: None) -> None:
    version = board.candidate()
    secretary, url = browser(board.secretary), f"/committee/versions/{version}/"
    assert "药事会批准之前不能启用" in text(secretary, url)
    page = secretary.post(f"{url}launch/", {"reason": "启用", "due": ""})
    assert page.status_code == 422
    assert "没有药事会的有效批准" in page.content.decode()
    assert not versions.version(version).live
    assert "从未批准" in text(secretary, "/committee/")


def test_a_launch_ahead_waits_and_is_called_off(board: Board) -> None:
    version = board.candidate()
    secretary, url = browser(board.secretary), f"/committee/versions/{version}/"
    assert secretary.post(f"{url}launch/", {"reason": "启用", "due": "2026-12-01T08:00"}).status_code == 303
    page = text(secretary, url)
    assert "已安排启用" in page
    assert "2026-12-01 08:00" in page or "12-01 08:00" in page
    pk = Launch.objects.get().pk
    assert secretary.post(f"/committee/launches/{pk}/withdrawal/", {"reason": ""}).status_code == 422
    assert secretary.post(f"/committee/launches/{pk}/withdrawal/", {"reason": "再议"}).status_code == 303
    assert "再议" in text(secretary, url)


def test_a_pharmacist_reviews_a_row_and_a_table(board: Board) -> None:
    pharmacist = browser(board.pharmacist)
    url = f"/committee/versions/{board.live}/tables/rule/"
    assert "还没有药师审核" in text(pharmacist, f"{url}?key=five")
    assert pharmacist.post(f"{url}review/", {"key": "five", "note": ""}).status_code == 422
    assert pharmacist.post(f"{url}review/", {"key": "five", "note": "核对第六条"}).status_code == 303
    assert "核对第六条" in text(pharmacist, f"{url}?key=five")
    assert pharmacist.post(f"{url}review/", {"key": "", "note": "全部核对"}).status_code == 303
    assert "汇编，未审核" not in text(pharmacist, url)
    assert browser(board.secretary).post(f"{url}review/", {"key": "five", "note": "x"}).status_code == 403
    assert pharmacist.get(f"/committee/versions/{board.live}/tables/nothing/").status_code == 404
    assert "没有找到" in text(pharmacist, f"{url}?q=zzzz")


def overridden(board: Board, times: int = 3) -> str:
    """A rule whose question was signed over that many times; its code."""
    rule, _key = asked(board)
    for _ in range(times - 1):
        board.place.signed("outpatient", AMOXICILLIN)
    return rule


def test_override_rates_thresholds_and_the_agenda(board: Board) -> None:
    rule = overridden(board)
    secretary, chair = browser(board.secretary), browser(board.chair)
    with later(minutes=1):
        __import__("luodi.trust.ledger", fromlist=["seal"]).seal()
        page = text(secretary, "/committee/overrides/")
        assert "100.0%" in page
        assert "例数不足" in page
        assert chair.get(f"/committee/overrides/{rule}/").status_code == 403
        bad = secretary.post(f"/committee/overrides/{rule}/", {"percent": "101", "cases": "2", "reason": "试"})
        assert bad.status_code == 422
        good = {"percent": "50", "cases": "2", "reason": "提醒过多"}
        assert secretary.post(f"/committee/overrides/{rule}/", good).status_code == 303
        assert Threshold.objects.get().percent == 50
        assert "超过" in text(secretary, "/committee/overrides/")
        assert "没有等待决定的议题" in text(chair, "/committee/agenda/")
        assert secretary.post("/committee/agenda/survey/").status_code == 303
        assert secretary.post("/committee/agenda/survey/").status_code == 303
        item = Item.objects.get()
        assert (item.rule, item.answered, item.percent) == (rule, 3, 100)
        url = f"/committee/agenda/{item.pk}/"
        assert "由秘书记录" in text(chair, url)
        assert chair.post(url, {"verdict": "keep", "reason": "x"}).status_code in (403, 422)
        assert secretary.post(url, {"verdict": "regrade", "reason": ""}).status_code == 422
        assert secretary.post(url, {"verdict": "regrade", "reason": "改为提示"}).status_code == 303
        made = Ruling.objects.get().version_id
        assert "由此产生的候选版本" in text(chair, url)
        assert versions.version(made).live is False
        (section,) = __import__("luodi.terms.comparing", fromlist=["difference"]).difference(made)
        assert [(f.old, f.new) for f in section.changes[0].fields] == [("ask", "tell")]
        assert secretary.post(url, {"verdict": "keep", "reason": "again"}).status_code == 422
        assert secretary.post("/committee/agenda/survey/").status_code == 303
        assert Item.objects.count() == 1, "what was decided within the span is not put forward again"


def test_doctors_and_strangers_see_nothing(board: Board) -> None:
    doctor = browser(board.place.doctor)
    for url in ("", "new/", "overrides/", "agenda/", f"versions/{board.live}/", f"versions/{board.live}/changes/"):
        assert doctor.get(f"/committee/{url}").status_code == 403
        assert Client().get(f"/committee/{url}").status_code == 302


def test_every_page_is_read_in_english(board: Board) -> None:
    version = regraded(board, asked(board)[0], "tell")
    with later(minutes=1):
        result = board.replayed(version)
        client = browser(board.secretary)
        client.cookies["luodi_language"] = "en"
        for url in (
            "", "new/", "overrides/", "agenda/", f"versions/{version}/", f"versions/{version}/changes/",
            f"versions/{version}/tables/rule/", f"replays/{result.replay_id}/",
        ):  # fmt: skip
            page = text(client, f"/committee/{url}")
            main = page.split("<main", 1)[1].split("</main", 1)[0]
            left = re.findall(r"[\u4e00-\u9fff]{2,}", re.sub(r"<[^>]+>", " ", main))
            assert set(left) <= ALLOWED, (url, left)


ALLOWED = {"测试"}  # names of the staff


def test_stale_sources_are_said_on_the_pad_and_the_review_sheet(board: Board) -> None:
    rx = board.place.draft("outpatient", AMOXICILLIN)
    encounter = prescriptions.prescription(rx).encounter
    doctor = browser(board.place.doctor)
    pad = text(doctor, f"/orders/encounter/{encounter}/")
    assert "2016-08" in pad
    board.place.sign(rx)
    sheet = text(browser(board.place.pharmacist), f"/pharmacy/review/{rx}/")
    assert "2016-08" in sheet
    assert "未经药师审核" in sheet


def test_what_the_pad_showed_and_the_doctor_changed_is_counted(board: Board) -> None:
    """Shown, then taken off the sheet: changed. Shown and signed over: overridden."""
    rx = board.place.draft("outpatient", AMOXICILLIN)
    doctor = browser(board.place.doctor)
    encounter = prescriptions.prescription(rx).encounter
    text(doctor, f"/orders/encounter/{encounter}/?rx={rx}")
    text(doctor, f"/orders/encounter/{encounter}/?rx={rx}")
    orders.drop_line(board.place.doctor, rx, 1)
    from tests.orders.place import AMBROXOL

    orders.put_line(board.place.doctor, rx, AMBROXOL)
    with later(minutes=1):
        board.place.sign(rx)
    rule, _key = asked(board)
    with later(minutes=2):
        from luodi.trust import clock, ledger

        ledger.seal()
        end = clock.now()
        span = queries.Span(end.replace(hour=0), end)
        found = {(rate.rule, rate.grade): rate for rate in queries.rates(span)}[rule, "ask"]
        assert (found.shown, found.answered, found.changed, found.percent) == (2, 1, 1, 50)
    with translation.override("en"):
        assert found.returned == 0


def test_a_rule_graded_by_its_parameters_is_told_wherever_it_asked() -> None:
    from luodi.committee.actions.agenda import _told

    row = {
        "grade": "ask",
        "parameters": '{"policy":[{"grade":"refuse"},{"grade":"ask"}],"ask_atc":["L01"],"low":"tell"}',
    }
    assert _told(row, "ask") == {
        "grade": "tell",
        "parameters": '{"policy": [{"grade": "refuse"}, {"grade": "tell"}], "ask_atc": ["L01"], "low": "tell"}',
    }
    assert _told({"grade": "refuse", "parameters": "{}"}, "ask") == {"grade": "refuse", "parameters": "{}"}
