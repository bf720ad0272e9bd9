"""Password rules, as data: length, kinds of characters, age, and no way back to the last ones."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from luodi.trust import policy
from luodi.trust.clock import now
from luodi.trust.models import Staff
from luodi.trust.refusal import Refusal

_COMMON = CommonPasswordValidator()


class WeakPassword(Refusal):
    """The new password breaks a rule; the message names which."""

    code = "weak_password"
    next = _("请换一个密码。")
    status = 422


def _classes(password: str) -> int:
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    return sum(any(kind(c) for c in password) for kind in kinds)


def _is_common(password: str) -> bool:
    try:
        _COMMON.validate(password)
    except ValidationError:
        return True
    return False


def require_good(staff: Staff, password: str) -> None:
    """Raises WeakPassword where `password` breaks a rule in force. Slow (Argon2): call it outside a transaction."""
    shortest = policy.number("password_min_length")
    if len(password) < shortest:
        raise WeakPassword("password_short", _("密码太短，至少 %(n)s 个字符。") % {"n": shortest})
    if len(password) > 200:
        raise WeakPassword("password_long", _("密码太长，最多 200 个字符。"))
    classes = policy.number("password_classes")
    if _classes(password) < classes:
        raise WeakPassword("password_plain", _("密码须含大写、小写、数字、符号中的至少 %(n)s 类。") % {"n": classes})
    if staff.login.lower() in password.lower():
        raise WeakPassword("password_login", _("密码不能包含工号。"))
    if _is_common(password):
        raise WeakPassword("password_common", _("这是常见的弱密码。"))
    last = policy.number("password_history")
    former = staff.old_passwords.order_by("-until").values_list("password", flat=True)[:last]
    if any(check_password(password, old) for old in (staff.password, *former)):
        raise WeakPassword("password_reused", _("不能使用最近用过的密码。"))


def aged(staff: Staff) -> bool:
    """True where the password is older than policy allows."""
    return now() - staff.password_at > timedelta(days=policy.number("password_days"))
