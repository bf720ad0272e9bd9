"""Names held in Chinese and English, said in the language of the screen."""

from django.utils.translation import get_language


def spoken(zh: str, en: str) -> str:
    """The English name on an English screen, where there is one; else the Chinese."""
    return en if en and (get_language() or "zh").startswith("en") else zh
