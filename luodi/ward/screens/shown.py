"""The five rights in words: what was ordered, what was found, and a tick or a cross."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.terms.vocabulary import said

from ..bedside import Bedside
from ..refusals import local
from ..rights import Right, State

LABEL = {
    "patient": gettext_lazy("患者"),
    "drug": gettext_lazy("药品"),
    "dose": gettext_lazy("剂量"),
    "route": gettext_lazy("途径"),
    "time": gettext_lazy("时间"),
}
WORDS = {
    State.RIGHT: gettext_lazy("正确"),
    State.WRONG: gettext_lazy("不对"),
    State.UNSCANNED: gettext_lazy("未扫描"),
}


class Line(NamedTuple):
    """One right as it is shown."""

    state: str
    label: Any
    ordered: str
    words: Any


def five(seen: Bedside) -> list[Line]:
    """The five rights of a dose for the screen."""
    return [
        Line(right.state.value, LABEL[right.code], _ordered(seen, right), WORDS[right.state]) for right in seen.rights
    ]


def _ordered(seen: Bedside, right: Right) -> str:
    line = seen.line
    if right.code == "patient":
        return _("腕带与医嘱的患者") if right.state is State.UNSCANNED else _("腕带、药包与医嘱的患者")
    if right.code == "drug":
        return f"{line.generic} {line.strength}"
    if right.code == "dose":
        return f"{line.dose.normalize():f} {said(line.dose_unit, line.form)}"
    if right.code == "route":
        return line.said_route
    return _("计划 %(at)s，可在 %(opens)s 至 %(closes)s 给药") % {
        "at": local(seen.task.planned_at), "opens": local(seen.opens), "closes": local(seen.closes)
    }  # fmt: skip
