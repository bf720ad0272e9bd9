"""Every pair of text and ground of the tokens, in light and dark (WCAG 2.2: 1.4.3 text 4.5:1, 1.4.11 shapes 3:1)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "luodi" / "web" / "static" / "luodi" / "css" / "2-tokens.css"
TEXT = [
    ("ink", "paper"), ("ink", "canvas"), ("ink", "hover"), ("ink", "accent-ground"), ("ink", "critical-ground"),
    ("ink", "controlled-ground"), ("ink", "emergency-ground"), ("ink", "paediatric-ground"),
    ("muted", "paper"), ("muted", "canvas"), ("muted", "hover"), ("muted", "accent-ground"),
    ("accent", "paper"), ("accent", "canvas"), ("accent", "accent-ground"), ("accent", "hover"),
    ("on-accent", "accent"),
    ("on-allergy", "allergy"), ("on-critical", "critical"), ("critical-ink", "paper"),
    ("critical-ink", "critical-ground"), ("critical-ink", "canvas"), ("critical-ink", "hover"),
    ("caution", "caution-ground"), ("caution", "paper"), ("caution", "hover"),
    ("done", "done-ground"), ("done", "paper"), ("on-controlled-mark", "controlled-mark"),
    ("on-triage-1", "triage-1"), ("on-triage-2", "triage-2"), ("on-triage-3", "triage-3"), ("on-triage-4", "triage-4"),
]  # fmt: skip
SHAPES = [
    ("border", "paper"), ("border", "canvas"), ("critical-ink", "critical-ground"), ("caution-line", "paper"),
    ("accent", "canvas"), ("done", "paper"), ("triage-line", "paper"), ("controlled-mark", "controlled-ground"),
]  # fmt: skip


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6})", block))


def blocks() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    css = CSS.read_text(encoding="utf-8")
    light = css[css.index(":root {") : css.index(':root[data-density="compact"]')]
    by_system = css[css.index("@media (prefers-color-scheme: dark)") : css.index(':root[data-theme="dark"]')]
    by_choice = css[css.index(':root[data-theme="dark"]') :]
    return tokens(light), tokens(by_system), tokens(by_choice)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


LIGHT, DARK, CHOSEN_DARK = blocks()


def test_the_measure_itself():
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_dark_by_system_and_dark_by_choice_are_the_same():
    assert DARK == CHOSEN_DARK


@pytest.mark.parametrize("theme", [LIGHT, {**LIGHT, **DARK}], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(theme, text, ground):
    assert ratio(theme[text], theme[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("theme", [LIGHT, {**LIGHT, **DARK}], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen(theme, shape, ground):
    assert ratio(theme[shape], theme[ground]) >= 3, (shape, ground)


def test_every_coloured_token_is_walked():
    grounds = {"line"}  # a hairline separates; nothing is read from it
    walked = {name for pair in (*TEXT, *SHAPES) for name in pair} | grounds
    assert set(LIGHT) == walked
