"""The one way to say no.

A refusal is an answer to a person, not a fault of the program: it says what is wrong, in words, and what to do next.
Its text and facts never hold a patient's identifier.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """Raised by an act or a query that will not do what was asked.

    code: stable name, kept in the ledger; message, next: words for the person, Chinese source strings;
    status: HTTP status of the answer; facts: JSON for the ledger entry.
    """

    code = "refused"
    message: Any = _("不能这样做。")
    next: Any = ""
    status = 409

    def __init__(
        self,
        code: str = "",
        message: Any = "",
        next: Any = "",
        status: int = 0,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        self.code = code or self.code
        self.message = message or self.message
        self.next = next or self.next
        self.status = status or self.status
        self.facts = dict(facts or {})
        super().__init__(self.code)

    def __str__(self) -> str:
        return f"{self.message} {self.next}".strip()


class Forbidden(Refusal):
    """The post worked in does not hold the permission."""

    code = "forbidden"
    message = _("您当前的岗位没有这项权限。")
    next = _("请切换岗位，或请安全管理员授权。")
    status = 403


class StorageFull(Refusal):
    """The disk under the database is full: nothing was written, nothing is lost."""

    code = "storage_full"
    message = _("服务器磁盘已满，本次操作没有保存。")
    next = _("已保存的数据没有丢失。请立即通知信息科清理磁盘，然后重试。")
    status = 507


class ClockBackwards(Refusal):
    """The server's clock stands behind the ledger's last entry."""

    code = "clock_backwards"
    message = _("服务器时钟倒退，暂停记录新的操作。")
    next = _("请通知信息科校准服务器时间。")
    status = 503
