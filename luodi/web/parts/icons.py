"""The names of the icon sprite, read from the sprite itself."""

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).parent.parent / "static" / "luodi" / "icons.svg"


@cache
def names() -> list[str]:
    """All icons in the sprite's order."""
    return re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8"))
