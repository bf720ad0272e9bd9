"""Sealing a field under its owner's data key. The bytes are bound to the key's row and the field's name."""

from luodi.trust.models import DataKey
from luodi.trust.vault import sm
from luodi.trust.vault.keys import secret_of

_FORM = b"\x01"


class Destroyed(Exception):
    """The data key was destroyed: the content is gone by design."""


def _secret(key: DataKey) -> bytes:
    secret = secret_of(key)
    if secret is None:
        raise Destroyed
    return secret


def seal(text: str, key: DataKey, field: str) -> bytes:
    """`text` sealed with SM4-GCM for one owner and one field. Raises Destroyed."""
    return _FORM + sm.sm4_seal(_secret(key), text.encode(), f"{key.pk}:{field}".encode())


def unseal(blob: bytes | memoryview, key: DataKey, field: str) -> str:
    """The text that `seal` was given. Raises Destroyed; sm.Forged for bytes changed or moved from elsewhere."""
    data = bytes(blob)
    if data[:1] != _FORM:
        raise sm.Forged
    return sm.sm4_open(_secret(key), data[1:], f"{key.pk}:{field}".encode()).decode()
