"""The official vectors of the national algorithms (GB/T 32905, 32907, 32918; RFC 8998 appendix A.1)."""

import gmssl_pyx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from luodi.trust.vault import sm

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
R = "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
S = "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3(message: bytes, digest: str) -> None:
    assert sm.sm3(message).hex() == digest


def test_hmac_sm3() -> None:
    mac = sm.hmac_sm3(b"key", b"The quick brown fox jumps over the lazy dog")
    assert mac.hex() == "bd4a34077888162b210645b8ebf74b9af357303789357a27c7fc457244ebd398"


def test_sm4_block() -> None:
    seal = Cipher(algorithms.SM4(KEY), modes.ECB()).encryptor()
    assert (seal.update(KEY) + seal.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_opens_the_official_ciphertext() -> None:
    nonce = bytes.fromhex("00001234567800000000abcd")
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    body = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    tag = bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec")
    plain = "".join(letter * 16 for letter in "abcdefea")
    assert sm.sm4_open(KEY, nonce + body + tag, bound).hex() == plain


def test_sm2_verifies_the_official_signature() -> None:
    raw = [int(R, 16), int(S, 16)]
    parts = [b"\x02" + bytes([len(n)]) + n for n in (_der(value) for value in raw)]
    der = b"\x30" + bytes([sum(map(len, parts))]) + b"".join(parts)
    assert sm.sm2_verify(PUBLIC, b"message digest", der)
    assert not sm.sm2_verify(PUBLIC, b"message digesT", der)


def _der(value: int) -> bytes:
    data = value.to_bytes(32, "big").lstrip(b"\0")
    return b"\0" + data if data[0] & 0x80 else data


def test_sm2_signs_the_digest_with_za_and_not_the_bare_message() -> None:
    signature = sm.sm2_sign(PRIVATE, PUBLIC, b"message digest")
    assert sm.sm2_verify(PUBLIC, b"message digest", signature)
    assert not gmssl_pyx.sm2_verify(PUBLIC, b"message digest", signature, None)


@pytest.mark.parametrize("junk", [b"", b"\x30", b"\x00" * 70, b"\xff" * 300])
def test_a_malformed_signature_is_only_false(junk: bytes) -> None:
    assert sm.sm2_verify(PUBLIC, b"x", junk) is False


def test_sealed_bytes_open_only_where_they_belong() -> None:
    blob = sm.sm4_seal(KEY, b"secret", b"here")
    assert sm.sm4_open(KEY, blob, b"here") == b"secret"
    for wrong in (blob[:-1] + bytes([blob[-1] ^ 1]), blob[:5], b""):
        with pytest.raises(sm.Forged):
            sm.sm4_open(KEY, wrong, b"here")
    with pytest.raises(sm.Forged):
        sm.sm4_open(KEY, blob, b"there")


def test_equal_texts_are_sealed_differently() -> None:
    assert sm.sm4_seal(KEY, b"same", b"") != sm.sm4_seal(KEY, b"same", b"")
