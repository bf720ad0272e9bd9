"""Blind indexes: equal texts give equal values, and nothing else can be told from them without the key.

They leak equality within one index, which the threat model says.
"""

from luodi.trust.vault import sm
from luodi.trust.vault.keys import Key, purpose_key, purpose_keys

SIZE = 16


def _value(key: Key, text: str, index: str) -> bytes:
    return sm.hmac_sm3(key.secret, f"{index}\0{text}".encode())[:SIZE]


def blind(text: str, index: str) -> bytes:
    """The value (16 bytes) of `text` in `index` under the active key: what a new row stores."""
    return _value(purpose_key("blind"), text, index)


def blind_all(text: str, index: str) -> list[bytes]:
    """The values of `text` under every key version: what a search asks for while an index is being moved."""
    return [_value(key, text, index) for key in purpose_keys("blind")]
