"""Logging in and out, the second factor, passwords, and ending one's sessions. Success and failure are evidence."""

import pyotp
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from luodi.trust import lockout, people, sessions
from luodi.trust.access.permissions import holdings_now
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import PasswordHistory, Session, Staff
from luodi.trust.passwords import aged, require_good
from luodi.trust.refusal import Refusal
from luodi.trust.vault.factor import open_factor, seal_factor

_STEP = 30


class WrongCode(Refusal):
    """The one-time code is wrong, too old, or was used already."""

    code = "wrong_code"
    message = _("动态口令不正确或已使用过。")
    next = _("请等待下一个口令后重试，并检查手机时间。")
    status = 401


def _prepare_log_in(by: Actor, login: str, password: str) -> int:
    return people.credentials(login, password, source=by.device)


@act("login", may=None, prepare=_prepare_log_in)
def log_in(by: Actor, login: str, password: str, *, prepared: int = 0) -> str:
    """Begin a session of the person with these credentials; returns the cookie's token.

    Raises people.WrongCredentials, lockout.Locked.
    """
    staff = Staff.objects.get(pk=prepared)
    if aged(staff) and not staff.must_change:
        Staff.objects.filter(pk=staff.pk).update(must_change=True)
    token, row = sessions.begin(staff.pk, by.device)
    about("staff", staff.pk)
    evidence(session=row.pk, must_change=staff.must_change)
    return token


@act("logout", may=None)
def log_out(by: Actor) -> None:
    """End the session that the actor works in."""
    about("staff", by.staff)
    sessions.end(by.session, "logout")


@act("session.end_all", may=None)
def end_my_sessions(by: Actor, *, keep_this: bool = False) -> int:
    """End all sessions of the actor's person at once; returns how many."""
    about("staff", by.staff)
    ended = sessions.end_all(by.staff, "ended_by_person", but=by.session if keep_this else 0)
    evidence(ended=ended)
    return ended


@act("post.choose", may=None)
def choose_post(by: Actor, holding: int) -> None:
    """Go to work in one of the posts that the person holds. Raises Refusal for a post not held now."""
    about("staff", by.staff)
    if not holdings_now().filter(pk=holding, staff=by.staff).exists():
        raise Refusal("post_not_held", _("您目前没有这个岗位。"), _("请选择列表中的岗位。"))
    Session.objects.filter(pk=by.session, staff=by.staff).update(holding=holding)
    evidence(holding=holding)


def _prepare_reauthenticate(by: Actor, password: str) -> None:
    login = Staff.objects.values_list("login", flat=True).get(pk=by.staff)
    people.credentials(login, password, source=by.device)


@act("reauthenticate", may=None, prepare=_prepare_reauthenticate)
def reauthenticate(by: Actor, password: str, *, prepared: None = None) -> None:
    """Show again who one is: opens the signing window anew. Raises people.WrongCredentials."""
    about("staff", by.staff)
    sessions.authenticated_now(by.session)


def _prepare_password(by: Actor, old: str, new: str) -> str:
    staff = Staff.objects.get(pk=by.staff)
    people.credentials(staff.login, old, source=by.device)
    require_good(staff, new)
    return make_password(new)


@act("password.change", may=None, prepare=_prepare_password)
def change_password(by: Actor, old: str, new: str, *, prepared: str = "") -> None:
    """Change one's password; other sessions end. Raises people.WrongCredentials, passwords.WeakPassword."""
    about("staff", by.staff)
    staff = Staff.objects.get(pk=by.staff)
    PasswordHistory.objects.create(staff=staff, password=staff.password, until=now())
    Staff.objects.filter(pk=staff.pk).update(password=prepared, password_at=now(), must_change=False)
    sessions.end_all(by.staff, "password_changed", but=by.session)


def new_secret() -> str:
    """A fresh TOTP secret (RFC 6238), base32."""
    return pyotp.random_base32()


def provisioning(login: str, secret: str, hospital: str) -> str:
    """The otpauth URI for the QR code of a secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=hospital)


def _counter(secret: str, code: str) -> int:
    """The time step that a code belongs to, the one before and after allowed. Raises WrongCode."""
    step = int(now().timestamp()) // _STEP
    totp = pyotp.TOTP(secret)
    for counter in (step, step - 1, step + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(counter), code.strip()):
            return counter
    raise WrongCode


@act("second_factor.enrol", may=None)
def enrol_second_factor(by: Actor, secret: str, code: str) -> None:
    """Take up a TOTP secret after a first code from it proves that the phone holds it. Raises WrongCode."""
    about("staff", by.staff)
    counter = _counter(secret, code)
    Staff.objects.filter(pk=by.staff).update(totp=seal_factor(by.staff, secret), totp_last=counter)
    _second_factor_shown(by)


def _secret_of(staff: Staff) -> str:
    return open_factor(staff.pk, bytes(staff.totp or b""))


def _second_factor_shown(by: Actor) -> None:
    Session.objects.filter(pk=by.session, staff=by.staff).update(second_factor=True)


def _prepare_code(by: Actor, code: str) -> int:
    # A wrong code must count although the act that it belongs to is undone: it is checked and noted before.
    account = f"totp:{by.staff}"
    lockout.require_open(account, by.device)
    try:
        counter = _counter(_secret_of(Staff.objects.get(pk=by.staff)), code)
    except WrongCode:
        lockout.tried(account, by.device, ok=False)
        raise
    lockout.tried(account, by.device, ok=True)
    return counter


@act("second_factor", may=None, prepare=_prepare_code)
def show_second_factor(by: Actor, code: str, *, prepared: int = 0) -> None:
    """Complete a login with a one-time code, each of which works once. Raises WrongCode, lockout.Locked."""
    about("staff", by.staff)
    fresh = Staff.objects.filter(pk=by.staff, totp_last__lt=prepared).update(totp_last=prepared)
    if not fresh:
        raise WrongCode
    _second_factor_shown(by)
