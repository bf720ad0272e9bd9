"""The second of two persons shows who they are at the screen of the first (双人)."""

from django.utils.translation import gettext_lazy as _

from luodi.trust import lockout, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actions.login import WrongCode, _counter, _secret_of
from luodi.trust.actor import Actor
from luodi.trust.models import Staff
from luodi.trust.refusal import Refusal

CREDENTIALS = "second_credentials", _("第二人的工号或密码不正确"), _("请第二人重新输入；多次失败账号会暂时锁定")
SAME = "second_same", _("第二人不能是您自己"), _("请另一位有权限的人员在此输入工号和密码")
POST = "second_post", _("第二人没有这项双人操作的权限"), _("请有权限的人员作为第二人")


def _prepare(by: Actor, login: str, password: str, *, permission: str, code: str = "") -> tuple[int, int | None]:
    try:
        staff = people.credentials(login, password, by.device)
    except people.WrongCredentials as wrong:
        # a status of the form, not of the session: the first person's own login stands
        raise Refusal(*CREDENTIALS, status=422) from wrong
    if staff == by.staff:
        raise Refusal(*SAME, status=422)
    if not people.holds(staff, permission, by.unit):
        raise Refusal(*POST, status=422)
    row = Staff.objects.get(pk=staff)
    if not row.totp:
        return staff, None
    account = f"totp:{staff}"
    lockout.require_open(account, by.device)
    try:
        counter = _counter(_secret_of(row), code)
    except WrongCode as wrong:
        lockout.tried(account, by.device, ok=False)
        raise Refusal("second_code", WrongCode.message, WrongCode.next, status=422) from wrong
    lockout.tried(account, by.device, ok=True)
    return staff, counter


@act("second.show", may=None, prepare=_prepare)
def show_second(
    by: Actor,
    login: str,
    password: str,
    *,
    permission: str,
    code: str = "",
    prepared: tuple[int, int | None] = (0, None),
) -> int:
    """Another person than the actor shows password and, where they have one, second factor. Returns their staff id.

    permission: what they must hold in the actor's unit. Raises Refusal (second_credentials, second_same, second_post,
    second_code), lockout.Locked.
    """
    staff, counter = prepared
    about("staff", staff)
    if counter is not None and not Staff.objects.filter(pk=staff, totp_last__lt=counter).update(totp_last=counter):
        raise Refusal("second_code", WrongCode.message, WrongCode.next, status=422)
    evidence(permission=permission)
    return staff
