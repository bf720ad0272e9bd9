"""SM2 signatures: each prescriber with a key of their own, the ledger with another.

The private half is wrapped by the purpose key `signer` and opens only within the signing window after the person's
last authentication in that session. A vault key is no qualified signature (可靠电子签名); a UKey or a third party's
service takes the same two functions.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.trust import policy
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import Session, SigningKey
from luodi.trust.question import MOMENT, NUMBER, Question
from luodi.trust.refusal import Refusal
from luodi.trust.vault import sm
from luodi.trust.vault.keys import purpose_key
from luodi.trust.write import write

_KEY = Question(lambda pk: SigningKey.objects.filter(pk=pk), NUMBER)
_OF_STAFF = Question(lambda staff: SigningKey.objects.filter(staff=staff, retired=None), NUMBER)
_OF_LEDGER = Question(lambda: SigningKey.objects.filter(staff=None, retired=None))
_SHOWN = Question(
    lambda session, staff, edge: Session.objects.filter(
        pk=session, staff=staff, ended=None, authenticated__gte=edge
    ).values_list("pk", flat=True),
    NUMBER, NUMBER, MOMENT,
)  # fmt: skip


class Signature(NamedTuple):
    """key_id: the signing key's row; value: SM2 signature, DER."""

    key_id: int
    value: bytes


class Reauthenticate(Refusal):
    """The signing window is closed: the person must show again who they are."""

    code = "reauthenticate"
    message = _("签名时限已过，需要重新验证身份。")
    next = _("请输入密码后再签名，已填写的内容不会丢失。")
    status = 401


def _key_of(staff: int | None) -> SigningKey:
    row = _OF_LEDGER.first() if staff is None else _OF_STAFF.first(staff)
    if row is not None:
        return row
    public, private = sm.sm2_keys()
    top = purpose_key("signer")
    try:
        with write():
            row = SigningKey.objects.filter(staff=staff, retired=None).first()
            return row or SigningKey.objects.create(
                staff_id=staff,
                public=public,
                wrapped=sm.sm4_seal(top.secret, private, public),
                purpose_version=top.version,
                made=now(),
            )
    except IntegrityError:
        # two first signatures of one person at once: the other one made the key
        return SigningKey.objects.get(staff=staff, retired=None)


def _sign_with(row: SigningKey, message: bytes) -> Signature:
    top = purpose_key("signer")
    if row.purpose_version != top.version:
        top = purpose_key("signer", row.purpose_version)
    public = bytes(row.public)
    private = sm.sm4_open(top.secret, bytes(row.wrapped), public)
    return Signature(row.pk, sm.sm2_sign(private, public, message))


def window_open(by: Actor) -> bool:
    """True where the session's last authentication is recent enough to sign."""
    edge = now() - timedelta(minutes=policy.number("signing_window_minutes"))
    return _SHOWN.first(by.session, by.staff, edge) is not None


def sign(by: Actor, message: bytes) -> Signature:
    """Sign `message` with the person's own key. Raises Reauthenticate outside the signing window."""
    if not window_open(by):
        raise Reauthenticate
    return _sign_with(_key_of(by.staff), message)


def sign_for(staff: int, message: bytes) -> Signature:
    """Sign with the key of a person who has just shown who they are at another's screen (`actions.show_second`)."""
    return _sign_with(_key_of(staff), message)


def sign_as_ledger(message: bytes) -> Signature:
    """Sign with the ledger's key (blocks)."""
    return _sign_with(_key_of(None), message)


def verify_signature(key_id: int, message: bytes, value: bytes) -> bool:
    """True where `value` is the signature of `message` by that key; False for an unknown key."""
    row = _KEY.first(key_id)
    return row is not None and sm.sm2_verify(bytes(row.public), message, bytes(value))


def signer_of(key_id: int) -> int | None:
    """The person whose key it is; None for the ledger's key and for an unknown one."""
    row = _KEY.first(key_id)
    return row.staff_id if row is not None else None
