"""The web room's own pages, as a logged-in person gets them."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from luodi.web import keys, remap, today

OWN = ["web:today", "web:keys", "web:about", "web:design"]


@pytest.mark.parametrize("name", OWN)
def test_a_stranger_is_asked_to_log_in(db, name):
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("trust:login"))


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_person_at_work_may_open_it(at_work, name, language):
    client = at_work()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'<html lang="{language}"' in page
    assert "None" not in page


def test_the_header_names_person_post_and_unit(at_work):
    page = at_work().get("/").content.decode()
    for word in ("测试员", "测试岗", "测试科"):
        assert word in page


def test_a_post_without_worklists_is_told_so(at_work):
    assert "这个岗位没有工作列表" in at_work().get("/").content.decode()


def test_every_tile_counts_in_an_empty_hospital(at_work):
    page = at_work(*{tile.permission for tile in today.TILES}).get("/").content.decode()
    shown = page.count('class="tile none"')
    assert shown == len(today.TILES) - 2  # triage and green channels mean nothing outside an emergency unit


def test_the_rail_shows_what_the_post_may_open(at_work):
    page = at_work("measure.read").get("/").content.decode()
    assert f'href="{reverse("insight:measures")}"' in page
    assert f'href="{reverse("trust:staff")}"' not in page


def test_a_row_opens_alone_for_htmx_and_with_its_page_otherwise(at_work):
    client = at_work()
    fragment = client.get(reverse("web:design") + "?row=3", headers={"HX-Request": "true"}).content.decode()
    assert "data-panel-title" in fragment
    assert "<html" not in fragment
    whole = client.get(reverse("web:design") + "?row=3").content.decode()
    assert "data-panel-title" in whole
    assert "<html" in whole


def test_printed_specimens_number_their_pages(at_work):
    page = at_work().get(reverse("web:design") + "?print").content.decode()
    assert "第 2 / 2 页" in page
    assert "测试员" in page


def test_the_specimens_are_not_in_production(at_work, monkeypatch):
    client = at_work()
    monkeypatch.setattr(settings, "LUODI", replace(settings.LUODI, mode="production"))
    assert client.get(reverse("web:design")).status_code == 404


def test_keys_are_moved_and_a_collision_is_refused_with_what_was_typed(at_work, monkeypatch):
    monkeypatch.setattr(keys, "SCREENS", (keys.Key("Alt P", "通过", "审方"),))
    client, number = at_work(), keys.movable().index("Alt P")
    refused = client.post(reverse("web:keys"), {f"key-{number}": "Ctrl K"})
    assert refused.status_code == 422
    assert 'value="Ctrl K"' in refused.content.decode()
    kept = client.post(reverse("web:keys"), {f"key-{number}": "alt+o"})
    assert kept.status_code == 303
    assert remap.moved(SimpleNamespace(COOKIES={remap.COOKIE: client.cookies[remap.COOKIE].value})) == {
        "Alt P": "Alt O"
    }


@pytest.mark.parametrize("number", ["400", "403", "404", "409", "500"])
def test_error_pages_need_nothing_and_speak_both_languages(number):
    page = render_to_string(f"{number}.html")
    assert number in page
    assert 'lang="en"' in page
    assert "回到今日 · Today" in page


def test_a_wrong_address_gets_the_page_for_it(at_work):
    answer = at_work().get("/nowhere/")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


@pytest.mark.parametrize("english", [False, True])
def test_a_request_above_the_limit_is_told_in_our_frame(at_work, english):
    client = at_work("queue.read")
    if english:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    large = {"theme": "dark", "text": "长" * (5 * 1024 * 1024 // 3 + 1)}
    words = "too large" if english else "提交的内容太大"
    page = client.post("/preferences/", large)
    assert page.status_code == 413
    assert words in page.content.decode()
    assert 'class="rail"' in page.content.decode()
    assert "luodi_theme" not in page.cookies
    fragment = client.post("/preferences/", large, headers={"HX-Request": "true"})
    assert fragment.status_code == 413
    assert "data-refusal" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


def test_a_form_without_our_mark_is_told_in_our_frame(at_work):
    client = at_work("queue.read")
    client.handler.enforce_csrf_checks = True
    page = client.post("/preferences/", {"theme": "dark"})
    assert page.status_code == 403
    assert "这个页面的表单已失效" in page.content.decode()
    assert 'class="rail"' in page.content.decode()
    assert "luodi_theme" not in page.cookies
    fragment = client.post("/preferences/", {"theme": "dark"}, headers={"HX-Request": "true"})
    assert (fragment.status_code, "<html" in fragment.content.decode()) == (403, False)
    # what is too large is told so to a browser without our cookie, too
    stranger = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-hans"})
    answer = stranger.post("/trust/login/", {"login": "长" * (5 * 1024 * 1024 // 3 + 1)})
    assert (answer.status_code, "提交的内容太大" in answer.content.decode()) == (413, True)


def test_who_reviews_break_glass_has_a_tile_with_the_count(at_work):
    client = at_work("breakglass.review", "breakglass.use")
    client.post(reverse("trust:break_glass", args=[1]), {"reason": "昏迷患者急救，需查过敏史"})
    tile, watched = client.get("/").context["tiles"]
    assert (tile["url"], tile["count"]) == (reverse("trust:reviews"), 1)
    assert (watched["url"], watched["count"]) == (reverse("trust:watched"), 0)
    assert tile["oldest"] is not None
