"""A telephone comes in: a code is made and sent, shown again, and a login begins."""

import hmac
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luodi.patients import identity
from luodi.trust import policy, vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.vault import sm

from .. import logins, tries
from ..models import Account, LoginCode
from ..refusals import Invalid

INDEX = "portal"
DIGITS = 6


class Made(NamedTuple):
    """A code that waits to be sent; it is kept nowhere in the clear."""

    phone: str
    code: str


@act("portal.code", may=None)
def new_code(by: Actor, phone: str) -> Made:
    """A fresh code for a telephone, those before it being void. To be sent when the act has been written.

    Raises Invalid, TooSoon, TooOften.
    """
    number = _phone(phone)
    about("portal_code", 0)
    tries.count("phone", number, policy.number("portal_code_phone"), gap=policy.number("portal_code_gap"))
    tries.count("source", by.device, policy.number("portal_code_source"))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    index = vault.blind(number, index=INDEX)
    moment = now()
    LoginCode.objects.filter(phone_index=index, used=None).update(used=moment)
    row = LoginCode.objects.create(
        phone_index=index,
        code=_coded(index, code),
        until=moment + timedelta(minutes=policy.number("portal_code_minutes")),
    )
    about("portal_code", row.pk)
    return Made(number, code)


@act("portal.login", may=None)
def log_in(by: Actor, phone: str, code: str) -> str | None:
    """Begin a login with a code; returns the cookie's token, None for a wrong one: each try is counted.

    A telephone that comes for the first time gets its account. Raises Invalid.
    """
    number = _phone(phone)
    about("portal_code", 0)
    index = vault.blind(number, index=INDEX)
    row = LoginCode.objects.filter(phone_index=index, used=None, until__gt=now()).order_by("-pk").first()
    if row is None or not _try(row) or not hmac.compare_digest(bytes(row.code), _coded(index, code.strip())):
        evidence(wrong=True)
        return None
    if not LoginCode.objects.filter(pk=row.pk, used=None).update(used=now()):
        return None
    account = account_of(number)
    about("portal_account", account)
    return logins.begin(account, by.device)


@act("portal.logout", may=None)
def log_out(by: Actor, token: str, *, everywhere: bool = False) -> None:
    """End this login, or all of the account."""
    about("portal_account", by.account)
    if everywhere:
        evidence(ended=logins.end_all(by.account, "everywhere"))
    else:
        logins.end(token, "logout")


def account_of(number: str) -> int:
    """The account of a telephone, made inside an act where it is new."""
    found = Account.objects.filter(phone_index__in=vault.blind_all(number, index=INDEX)).first()
    index = vault.blind(number, index=INDEX)
    if found is not None:
        if bytes(found.phone_index) != index:
            Account.objects.filter(pk=found.pk).update(phone_index=index)
        return int(found.pk)
    key = vault.new_key()
    try:
        made = Account.objects.create(
            key=key, phone=vault.seal(number, key, field="phone"), phone_index=index, at=now()
        )  # fmt: skip
    except IntegrityError:
        raise Invalid("phone", _("请再试一次。"), "phone") from None
    return int(made.pk)


def _try(row: LoginCode) -> int:
    most = policy.number("portal_code_tries")
    return LoginCode.objects.filter(pk=row.pk, used=None, tries__lt=most).update(tries=F("tries") + 1)


def _coded(index: bytes, code: str) -> bytes:
    return sm.hmac_sm3(vault.purpose_key("blind").secret, b"portal-code\0" + index + code.encode())


def _phone(text: str) -> str:
    """Raises Invalid for what is no telephone."""
    number = identity.phone(text)
    if not number:
        raise Invalid("phone", _("请填写手机号。"), "phone")
    return number
