"""Every way in which the book says no, in words a person understands. None holds a patient's identifier."""

from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal


class NotFound(Refusal):
    """There is no such account, issue or mismatch here."""

    code = "controlled_not_found"
    message = _("没有找到。")
    next = _("请从麻精药品的列表重新打开。")
    status = 404


class SecondMissing(Refusal):
    """A controlled drug moves by two persons alone."""

    code = "second_missing"
    message = _("麻醉药品和第一类精神药品须由两人办理。")
    next = _("请第二人在同一屏幕输入自己的工号和密码；入库、报损请到「麻精药品」办理。")
    status = 422


class Blocked(Refusal):
    """A mismatch is open, or a day was not reconciled: nothing is issued."""

    code = "controlled_blocked"


class Uncorrected(Refusal):
    """A difference is no matter of a stocktake."""

    code = "controlled_adjust"
    message = _("麻精药品账物不符，不能直接盘点调整。")
    next = _("请在「麻精药品」双人清点，由负责人写明原因后处理。")


class BooksApart(Refusal):
    """The book and the shelf do not say the same: nothing is written."""

    code = "books_apart"
    message = _("专用账册与库存数量不一致，没有保存。")
    next = _("请停止发药并通知麻精专管员和信息科。")


class BadEntry(Refusal):
    """What was entered makes no sense."""

    code = "controlled_invalid"
    status = 422


class Moved(Refusal):
    """Something moved since the person looked."""

    code = "controlled_moved"
    message = _("打开页面之后有新的出入库或回收，没有保存。")
    next = _("请刷新后重新清点。")


class Counter(Refusal):
    """Who counted does not resolve what the count found."""

    code = "controlled_counter"
    message = _("清点人不能处理自己清点出的账物不符。")
    next = _("请另一位有处理权限的负责人登录后处理。")
    status = 403
