"""The key sheet. Templates declare keys with `data-key`; this table says what each does.

A test holds the two together.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Key(NamedTuple):
    """Keys, what they do, and on which screens ("" = everywhere)."""

    keys: str
    does: Promise | str
    where: Promise | str = ""


EVERYWHERE = (
    Key("Ctrl K", _("查找患者或页面")),
    Key("Alt 1 … Alt 9", _("打开左侧第 1 至 9 个页面")),
    Key("/", _("筛选当前列表")),
    Key("?", _("这张快捷键表")),
    Key("Esc", _("只关闭最上面的一层")),
    Key("↑ ↓", _("在列表中移动")),
    Key("Enter", _("在侧栏打开这一行")),
    Key("Ctrl Enter", _("保存、签名或提交当前表单")),
)
SCREENS: tuple[Key, ...] = ()


BROWSERS_OWN = frozenset(
    {f"Ctrl {letter}" for letter in "TNWQCVXAZ"}
    | {"Ctrl Tab", "Alt F4", "Alt ArrowLeft", "Alt ArrowRight", "Alt Home", "Ctrl Shift T"}
)
"""Combinations that a browser keeps for itself, or that a person needs in a text."""

FIXED = frozenset({"Alt 1 … Alt 9", "/", "?", "Esc", "↑ ↓", "Enter"})
"""Not to be moved: the rail's numbers, and keys without Alt or Ctrl."""


def groups() -> list[tuple[object, list[Key]]]:
    """Keys by where they work, everywhere first, the screens in the table's order."""
    grouped: dict[object, list[Key]] = {_("所有页面"): list(EVERYWHERE)}
    for key in SCREENS:
        grouped.setdefault(key.where, []).append(key)
    return list(grouped.items())


def movable() -> list[str]:
    """The default combinations that a person may move, each once."""
    return list(dict.fromkeys(key.keys for key in (*EVERYWHERE, *SCREENS) if key.keys not in FIXED))
