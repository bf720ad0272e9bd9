"""Keys may be moved, and never onto one another or onto the browser's own."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from luodi.web import keys, remap


@pytest.fixture(autouse=True)
def two_keys(monkeypatch):
    monkeypatch.setattr(keys, "SCREENS", (keys.Key("Alt P", "通过", "审方"), keys.Key("Alt R", "退回", "审方")))


def with_cookie(value):
    return SimpleNamespace(COOKIES={remap.COOKIE: value})


def test_what_is_saved_is_what_is_read():
    pairs = {"Alt P": "Alt O", "Alt R": "Ctrl Enter", "Ctrl Enter": "Alt S"}
    assert remap.faults(pairs) == []
    assert remap.moved(with_cookie(remap.packed(pairs))) == pairs


def test_the_form_takes_a_plus_and_small_letters():
    number = keys.movable().index("Alt P")
    assert remap.wished({f"key-{number}": "alt + o"}) == {"Alt P": "Alt O"}
    assert remap.wished({f"key-{number}": "alt p"}) == {}


@pytest.mark.parametrize("own", ["P", "Shift P", "Ctrl T", "Alt 3", "Alt R", "", "Alt PP"])
def test_a_bad_wish_is_refused(own):
    assert remap.faults({"Alt P": own})


@pytest.mark.parametrize("cookie", ["", "nonsense", "Alt P=Ctrl T", "Alt P=Alt R", "Alt Y=Alt Z", '"><script>=Alt O'])
def test_a_bad_cookie_counts_as_unset(cookie):
    assert remap.moved(with_cookie(cookie)) == {}


def test_the_page_shows_the_persons_own_key():
    request = RequestFactory().get("/")
    request.COOKIES[remap.COOKIE] = "Alt P=Alt O"
    html = Template("{% load parts chrome %}{% key 'Alt P' %}{% person_settings %}").render(
        Context({"request": request})
    )
    assert '<kbd aria-hidden="true">Alt O</kbd>' in html
    assert "{&quot;Alt O&quot;: &quot;Alt P&quot;}" in html
