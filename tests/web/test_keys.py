"""Keys: none acts without Alt or Ctrl, none collides, none is the browser's own, the sheet names them all."""

import re
from collections import Counter
from functools import reduce
from operator import or_
from pathlib import Path

import pytest

from luodi.web import keys

ROOMS = Path(__file__).parents[2] / "luodi"
TEMPLATES = {
    str(p).split("/templates/", 1)[1]: p.read_text(encoding="utf-8") for p in ROOMS.glob("*/templates/**/*.html")
}
KEY = re.compile(r'data-key="([^"{]+)"')
# the innermost "/" wins; Ctrl Enter is that of the form which has the focus
SHARED = {"/", "Ctrl Enter"}
PAGES = [name for name, text in TEMPLATES.items() if re.search(r'{% extends "web/(base|blank)\.html" %}', text)]


def declared() -> set[str]:
    return {key for text in TEMPLATES.values() for key in KEY.findall(text)}


def inlined(text: str, depth: int = 0) -> str:
    """The text of a template with what it includes put in its place."""
    if depth > 5:
        return text
    return re.sub(r'{% include "([^"]+)"[^%]*%}', lambda found: inlined(TEMPLATES.get(found[1], ""), depth + 1), text)


def layers(text: str) -> list[str]:
    """Page and panel apart: a key presses what lies in the innermost open layer."""
    panel = re.search(r"{% block panel %}(.*?){% endblock", text, re.S)
    if not panel:
        return [inlined(text)]
    return [inlined(text.replace(panel[0], "")), inlined(panel[1])]


def counted(text: str) -> Counter:
    """How often each key may stand on the page at once.

    Of the branches of an `if` only one is drawn; `if … == next` is true of one row alone.
    """
    stack: list[tuple[bool, list[Counter]]] = [(False, [Counter()])]
    once: set[str] = set()
    for word, condition, key in re.findall(r'{% (if|elif|else|endif)\b([^%]*)%}|data-key="([^"{]+)"', text):
        if key and any(single for single, _branches in stack):
            once.add(key)
        elif key:
            stack[-1][1][-1][key] += 1
        elif word == "if":
            stack.append((condition.strip().endswith("== next"), [Counter()]))
        elif word in {"elif", "else"}:
            stack[-1][1].append(Counter())
        else:
            _single, branches = stack.pop()
            stack[-1][1][-1] += reduce(or_, branches)
    return stack[0][1][0] + Counter(once)


def test_keys_that_act_need_alt_or_ctrl():
    for key in declared() - {"/", "?"}:
        assert re.fullmatch(r"(Ctrl|Alt|Ctrl Alt) ([A-Z0-9]|Enter|Delete|ArrowUp|ArrowDown)", key), key


def test_no_key_is_the_browsers_own():
    assert not declared() & keys.BROWSERS_OWN


@pytest.mark.parametrize("template", PAGES)
def test_no_two_elements_of_a_layer_share_a_key(template):
    base = set(KEY.findall(inlined(TEMPLATES["web/base.html"]))) | {f"Alt {n}" for n in range(1, 10)}
    for layer in layers(TEMPLATES[template]):
        keys_here = counted(layer)
        assert [key for key, times in keys_here.items() if times > 1 and key not in SHARED] == []
        assert not set(keys_here) & base


def test_the_sheet_names_every_key_and_invents_none():
    named = {key.keys for key in (*keys.EVERYWHERE, *keys.SCREENS)}
    by_hand = {"Alt 1 … Alt 9", "Esc", "↑ ↓", "Enter"}
    assert declared() <= named
    assert named - by_hand <= declared()
