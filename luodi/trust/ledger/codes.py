"""The codes that bind entries, seats and blocks."""

from collections.abc import Sequence

from luodi.trust import canonical
from luodi.trust.models import Entry
from luodi.trust.vault import sm

GENESIS = bytes(32)
_FIELDS = [field.attname for field in Entry._meta.concrete_fields if field.attname != "mac"]
_LATER = {"account"}


def _plain(value: object) -> object:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value


def of_entry(entry: Entry, key: bytes) -> bytes:
    """HMAC-SM3 over every field of an entry but its own code."""
    # a field that came later is coded where it says something, so that entries of before keep their codes
    coded = [name for name in _FIELDS if name not in _LATER or getattr(entry, name) is not None]
    return sm.hmac_sm3(key, canonical.data({name: _plain(getattr(entry, name)) for name in coded}))


def of_seat(position: int, entry_id: int, entry_mac: bytes, key: bytes) -> bytes:
    """HMAC-SM3 that binds an entry to its position."""
    return sm.hmac_sm3(key, position.to_bytes(8, "big") + entry_id.to_bytes(8, "big") + entry_mac)


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """SM3 Merkle root; leaves and nodes are told apart by a first byte, as in RFC 6962 section 2.1."""
    level = [sm.sm3(b"\0" + leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [sm.sm3(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def of_block(number: int, first: int, last: int, root: bytes, previous: bytes) -> bytes:
    """SM3 digest of a block: what its signature signs and the next block names."""
    return sm.sm3(
        canonical.data({"number": number, "first": first, "last": last, "root": root.hex(), "previous": previous.hex()})
    )
