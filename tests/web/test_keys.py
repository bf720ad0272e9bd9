"""Keys: none acts without Alt or Ctrl, none collides, none is the browser's own, the sheet names them all."""

import re
from pathlib import Path

import pytest

from luodi.web import keys

ROOMS = Path(__file__).parents[2] / "luodi"
TEMPLATES = {
    str(p).split("/templates/", 1)[1]: p.read_text(encoding="utf-8") for p in ROOMS.glob("*/templates/**/*.html")
}
KEY = re.compile(r'data-key="([^"{]+)"')
BROWSERS_OWN = {f"Ctrl {k}" for k in "TNWQCVXAZ"} | {
    "Ctrl Tab",
    "Alt F4",
    "Alt ArrowLeft",
    "Alt ArrowRight",
    "Alt Home",
    "Ctrl Shift T",
}
PAGES = [name for name, text in TEMPLATES.items() if re.search(r'{% extends "web/(base|blank)\.html" %}', text)]


def declared() -> set[str]:
    return {key for text in TEMPLATES.values() for key in KEY.findall(text)}


def with_includes(text: str, seen: frozenset[str] = frozenset()) -> str:
    """The text of a template with what it includes and what it extends short of the base."""
    for name in re.findall(r'{% (?:include|extends) "([^"]+)"', text):
        if name in TEMPLATES and name not in seen and name not in {"web/base.html", "web/blank.html"}:
            seen |= {name}
            text += with_includes(TEMPLATES[name], seen)
    return text


def layers(text: str) -> list[str]:
    """Page and panel apart: a key presses what lies in the innermost open layer."""
    panel = re.search(r"{% block panel %}(.*?){% endblock", text, re.S)
    if not panel:
        return [with_includes(text)]
    return [with_includes(text.replace(panel[0], "")), with_includes(panel[1])]


def test_keys_that_act_need_alt_or_ctrl():
    for key in declared() - {"/", "?"}:
        assert re.fullmatch(r"(Ctrl|Alt|Ctrl Alt) ([A-Z0-9]|Enter|Delete|ArrowUp|ArrowDown)", key), key


def test_no_key_is_the_browsers_own():
    assert not declared() & BROWSERS_OWN


@pytest.mark.parametrize("page", PAGES)
def test_no_two_elements_of_a_layer_share_a_key(page):
    base = set(KEY.findall(TEMPLATES["web/base.html"] + TEMPLATES["web/_top.html"] + TEMPLATES["web/_rail.html"]))
    for layer in layers(TEMPLATES[page]):
        found = [key for key in KEY.findall(layer) if key != "/"]
        assert len(found) == len(set(found)), found
        assert not set(found) & (base | {f"Alt {n}" for n in range(1, 10)})


def test_the_sheet_names_every_key_and_invents_none():
    named = {key.keys for key in (*keys.EVERYWHERE, *keys.SCREENS)}
    by_hand = {"Alt 1 … Alt 9", "Esc", "↑ ↓", "Enter"}
    assert declared() <= named
    assert named - by_hand <= declared()
