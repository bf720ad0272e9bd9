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
SCREENS = (
    Key("Alt N", _("新患者"), _("挂号")),
    Key("Alt C", _("叫下一位"), _("候诊")),
    Key("Alt R", _("红色"), _("群体事件")),
    Key("Alt Y", _("黄色"), _("群体事件")),
    Key("Alt G", _("绿色"), _("群体事件")),
    Key("Alt K", _("黑色"), _("群体事件")),
    Key("Alt O", _("接诊"), _("医生站")),
    Key("Alt S", _("保存病史体检"), _("医生站")),
    Key("Alt D", _("查找诊断"), _("医生站")),
    Key("Alt N", _("新开处方"), _("处方")),
    Key("Alt M", _("查找药品"), _("处方")),
    Key("Alt F", _("我的常用药"), _("处方")),
    Key("Alt A", _("加入这一行"), _("处方")),
    Key("Alt P", _("通过"), _("审方")),
    Key("Alt R", _("退回医师"), _("审方")),
    Key("Alt T", _("电话联系医师"), _("审方")),
    Key("Alt K", _("接手"), _("审方")),
    Key("Alt L", _("打印标签"), _("配发药")),
    Key("Alt W", _("欠药"), _("配发药")),
    Key("Alt H", _("发给病区"), _("配发药")),
    Key("Alt N", _("入库"), _("药库")),
    Key("Alt C", _("盘点"), _("药库")),
    Key("Alt G", _("去向"), _("药库")),
    Key("Alt R", _("到货验收"), _("药库")),
    Key("Alt S", _("保存并结束这一轮"), _("药库")),
    Key("Alt P", _("核对无误"), _("医嘱")),
    Key("Alt N", _("定义阶段门"), _("阶段门")),
    Key("Alt W", _("评估阶段门"), _("阶段门")),
)


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
