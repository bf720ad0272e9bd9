"""A post sees the screens that its permissions open, and no other."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse

from luodi import trust
from luodi.trust.actor import Actor
from luodi.web import navigation, today
from luodi.web.parts import icons

PERMISSIONS = Path(trust.__file__).parent / "data" / "permissions.csv"


def request(path: str, *permissions: str):
    return SimpleNamespace(path=path, actor_permissions=frozenset(permissions))


def test_every_screen_leads_somewhere():
    assert navigation.missing() == []


def test_every_screen_has_an_icon():
    assert {screen.icon for screen in navigation.SCREENS} <= set(icons.names())


def test_a_post_without_permissions_sees_what_anybody_may():
    seen = {screen.url for screen in navigation.allowed(frozenset())}
    assert "web:today" in seen
    assert not seen & {screen.url for screen in navigation.SCREENS if screen.permission}


@pytest.mark.parametrize("screen", [s for s in navigation.SCREENS if s.permission], ids=lambda s: s.url)
def test_each_permission_opens_its_screens_and_no_other(screen):
    opened = [s for s in navigation.allowed(frozenset({screen.permission})) if s.permission]
    assert {s.permission for s in opened} == {screen.permission}
    assert screen in opened


@pytest.mark.parametrize(("mode", "open_"), [("demo", True), ("trial", True), ("production", False)])
def test_the_specimens_are_never_in_production(monkeypatch, mode, open_):
    monkeypatch.setattr(settings, "LUODI", SimpleNamespace(mode=mode))
    assert ("web:design" in {screen.url for screen in navigation.allowed(frozenset())}) == open_


def test_the_rail_numbers_the_first_nine_and_marks_where_one_is():
    everything = [screen.permission for screen in navigation.SCREENS]
    rail = navigation.rail(request(reverse("stock:overview"), *everything))
    assert [item["key"] for item in rail[:9]] == [f"Alt {n}" for n in range(1, 10)]
    assert all(item["key"] == "" for item in rail[9:])
    assert [item["url"] for item in rail if item["current"]] == [reverse("stock:overview")]


def test_the_most_exact_screen_is_the_open_one():
    assert navigation.current("/ward/rounds/7/", ["/", "/ward/", "/ward/rounds/"]) == "/ward/rounds/"
    assert navigation.current("/", ["/", "/ward/"]) == "/"
    assert navigation.current("/elsewhere/", ["/", "/ward/"]) == ""


def test_the_palette_finds_a_screen_by_initials_and_by_english():
    (entry,) = [
        e for e in navigation.palette(request("/", "prescription.review")) if e["url"] == reverse("pharmacy:review")
    ]
    assert entry["pinyin"].split()[0] == "sf"
    assert "审方" in entry["other"]
    assert "Review" in entry["other"]


def test_nobody_has_no_header():
    assert navigation.header(SimpleNamespace(session_row=None)) == {}


def test_every_tile_leads_somewhere_and_asks_a_known_permission():
    known = {row.split(",")[0] for row in PERMISSIONS.read_text(encoding="utf-8").splitlines()}
    assert {screen.permission for screen in navigation.SCREENS} <= known | {""}
    assert today.TILES
    for tile in today.TILES:
        assert reverse(tile.url)
        assert tile.permission in known
        assert tile.icon in icons.names()


def test_tiles_are_filtered_counted_and_what_waits_comes_first(monkeypatch):
    tiles = (
        today.Tile("a.read", "甲", "web:today", "queue", lambda actor: (0, None)),
        today.Tile("a.read", "乙", "web:today", "queue", lambda actor: (3, None)),
        today.Tile("b.read", "丙", "web:today", "queue", lambda actor: (9, None)),
        today.Tile("a.read", "丁", "web:today", "queue", lambda actor: None),
    )
    monkeypatch.setattr(today, "TILES", tiles)
    shown = today.tiles(Actor(1, "doctor", 1, "test"), frozenset({"a.read"}))
    assert [(tile["label"], tile["count"]) for tile in shown] == [("乙", 3), ("甲", 0)]
