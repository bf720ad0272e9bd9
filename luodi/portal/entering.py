"""A code is made by an act, and sent when the act has been written: a message cannot be taken back."""

from django.utils.translation import gettext as _

from luodi.trust import policy
from luodi.trust.actor import NOBODY

from . import actions, sender


def send_code(phone: str, device: str) -> None:
    """Send a telephone a fresh code. Raises Invalid, TooSoon, TooOften, NoSender."""
    sender.provider()  # nobody's tries are counted where nothing can be sent
    made = actions.new_code(NOBODY._replace(device=device), phone)
    minutes = policy.number("portal_code_minutes")
    text = _("您的登录验证码是 %(code)s，%(minutes)s 分钟内有效。请勿告诉他人。") % {
        "code": made.code,
        "minutes": minutes,
    }
    sender.send(made.phone, text)
