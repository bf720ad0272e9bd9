"""Messages about appointments: noted by an act first, then sent, so that nobody gets the same one twice."""

from django.utils.translation import gettext as _

from luodi.trust.actor import Actor

from . import actions, queries, sender

# Neither name nor illness: a telephone lies on a table with its screen up.
_TEXTS = {
    "stopped": lambda: _("您的预约因停诊取消，不算爽约。请登录手机服务改约，或到窗口办理。"),
    "offered": lambda: _("您候补的号已为您保留，请尽快登录手机服务确认，过时将让给下一位。"),
}


def tell_all(by: Actor, limit: int) -> int:
    """Send up to `limit` messages that wait; returns how many. Raises NoSender."""
    waiting = queries.to_tell(limit)
    if waiting:
        sender.provider()
    for message in waiting:
        actions.tell(by, message.account, message.appointment, message.kind)
        sender.send(queries.phone_of(message.account), _TEXTS[message.kind]())
    return len(waiting)
