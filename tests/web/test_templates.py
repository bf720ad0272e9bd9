"""What no template of any room may hold, because the security policy would refuse it or a person could not see it."""

import re
from pathlib import Path

import pytest

from luodi.web.parts import icons

ROOMS = Path(__file__).parents[2] / "luodi"
TEMPLATES = sorted(ROOMS.glob("*/templates/**/*.html"))
FORBIDDEN = {
    "an inline style": r"\sstyle\s*=|<style\b",
    "an inline script": r"<script(?![^>]*\b(?:src=|type=\"application/json\"))",
    "an event attribute": r"\son[a-z]+\s*=\s*[\"']",
    "an htmx expression that needs eval": r"hx-on\b|hx-on:|(?:hx-vals|hx-headers)=['\"]js:|hx-trigger=\"[^\"]*\[",
    "an address outside": r"(?:src|href|action)=\"(?:https?:)?//",
    "an emoji": r"[\U0001F300-\U0001FAFF\u2600-\u26FF]",
}


def short(path: Path) -> str:
    return str(path.relative_to(ROOMS))


def test_there_are_templates():
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    found = [short(path) for path in TEMPLATES if re.search(FORBIDDEN[what], path.read_text(encoding="utf-8"))]
    assert found == []


def test_every_icon_exists():
    known = set(icons.names())
    used = {
        name for path in TEMPLATES for name in re.findall(r"{% icon \"([^\"]+)\"", path.read_text(encoding="utf-8"))
    }
    assert used <= known


def test_no_scripts_or_styles_reach_outside():
    for path in (ROOMS / "web" / "static").rglob("*.*"):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//cdn|@import", text), path.name


def test_scripts_keep_nothing_in_the_browser():
    for path in (ROOMS / "web" / "static").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        if path.name == "wall.js":  # a public screen remembers by their keys which calls it has spoken
            text = re.sub(r"sessionStorage\.[gs]etItem\(memory\b", "", text)
        assert not re.search(
            r"localStorage|sessionStorage\.(?!removeItem)|indexedDB|\beval\(|innerHTML|document\.cookie", text
        ), path.name


def test_styles_stay_within_the_oldest_browser():
    """Chromium 109: no nesting (112), color-mix (111), light-dark (123), popover (114), subgrid (117)."""
    for path in (ROOMS / "web" / "static").rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"color-mix\(|light-dark\(|subgrid|:popover-open|oklch\(|^\s*&|[{;]\s*&", text, re.M), (
            path.name
        )
