"""Words of states, kinds and tabs."""

from typing import Any

from django.utils.translation import gettext_lazy as _

STATES = {
    "draft": _("草稿"),
    "submitted": _("待审批"),
    "approved": _("已批准"),
    "sent": _("已发出"),
    "partial": _("部分到货"),
    "done": _("完结"),
    "cancelled": _("已取消"),
    "asked": _("待出库"),
    "differs": _("有差异"),
    "received": _("已接收"),
    "counting": _("初点"),
    "recounting": _("复点"),
}
KINDS = {"central": _("药库"), "pharmacy": _("药房"), "cabinet": _("病区备药柜"), "cart": _("急救车")}
TABS = (
    ("stock:overview", _("库存")),
    ("stock:places", _("库存点")),
    ("stock:orders", _("采购")),
    ("stock:transfers", _("调拨")),
    ("stock:stocktakes", _("盘点")),
    ("stock:expiry", _("效期")),
    ("stock:months", _("月结")),
)
MARKS = {"differs": "critical", "submitted": "caution", "asked": "caution", "done": "done", "received": "done"}


def state(code: str) -> tuple[Any, str]:
    """A state in words, with the kind of its mark."""
    return STATES.get(code, code), MARKS.get(code, "info")
