"""退药: the reasons for taking goods back, and why some may not go to the shelf again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.stock import figures
from luodi.trust.tables import Named, in_force

_FILE = Path(__file__).parent / "data" / "take_back.csv"
WINDOW, WARD = "window", "ward"
OUTCOMES = {"restock": _("合格，放回货架"), "waste": _("不合格，报损销毁"), "refused": _("不予退药，交还")}


class Reason(NamedTuple):
    """Why goods come back; `restock`: they may go to the shelf if they are found whole."""

    named: Named
    restock: bool


def reasons(origin: str) -> dict[str, Reason]:
    """Code → reason, of those in force today for goods from the window or from a ward."""
    return {
        row["code"]: Reason(Named(row["code"], row["zh"], row["en"]), row["restock"] == "yes")
        for row in in_force(_FILE)
        if row["from"] == origin
    }


def named(origin: str, code: str) -> str:
    """The words of a reason; the code itself once it left the list."""
    found = reasons(origin).get(code)
    return found.named.name if found else code


def barred(origin: str, code: str, medicine: str, *, intact: bool, blocked: Iterable[Any]) -> list[Any]:
    """Why goods may not go to the shelf, in words; empty where they may.

    blocked: for each of their lots why it may not be used now, "" where it may.
    """
    reason = reasons(origin).get(code)
    found: list[Any] = [each for each in blocked if each]
    if reason is None or not reason.restock:
        found.append(_("按退药原因不能放回货架"))
    if not intact:
        found.append(_("包装或标签不完好"))
    if origin == WINDOW and figures.is_cold(medicine):
        found.append(_("冷藏药品离开过医院"))
    return found
