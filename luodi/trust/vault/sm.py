"""The national algorithms, each from one library: SM3 and SM4 from `cryptography`, SM2 from `gmssl-pyx`.

Standards: SM2 GB/T 32918, SM3 GB/T 32905, SM4 GB/T 32907. SM2 signs e = SM3(ZA ‖ M), never SM3(M) alone.
"""

import secrets

import gmssl_pyx
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NONCE, TAG, KEY = 12, 16, 16


class Forged(Exception):
    """Sealed bytes that do not open: changed, moved to another row, or sealed with another key."""


def sm3(data: bytes) -> bytes:
    """SM3 digest, 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC-SM3, 32 bytes."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


def sm4_seal(key: bytes, data: bytes, bound_to: bytes) -> bytes:
    """SM4-GCM under a fresh random nonce: nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes)."""
    nonce = secrets.token_bytes(NONCE)
    seal = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    seal.authenticate_additional_data(bound_to)
    body = seal.update(data) + seal.finalize()
    return nonce + body + seal.tag


def sm4_open(key: bytes, blob: bytes, bound_to: bytes) -> bytes:
    """Undo `sm4_seal`. Raises Forged where key, bytes or `bound_to` are not those of the sealing."""
    if len(blob) < NONCE + TAG:
        raise Forged
    nonce, body, tag = blob[:NONCE], blob[NONCE:-TAG], blob[-TAG:]
    opened = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    opened.authenticate_additional_data(bound_to)
    try:
        return opened.update(body) + opened.finalize()
    except InvalidTag:
        raise Forged from None


def sm2_keys() -> tuple[bytes, bytes]:
    """A new SM2 key pair: (public, 64 bytes X ‖ Y; private, 32 bytes)."""
    public, private = gmssl_pyx.sm2_key_generate()
    return public, private


def sm2_sign(private: bytes, public: bytes, message: bytes) -> bytes:
    """SM2 signature of `message` with the default signer id, ASN.1 DER."""
    return bytes(gmssl_pyx.sm2_sign(private, public, message))


def sm2_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """True where `signature` (DER) is that of `message` under `public`; False for all else, malformed bytes too."""
    try:
        return bool(gmssl_pyx.sm2_verify(public, message, signature))
    except (gmssl_pyx.GmsslInnerError, gmssl_pyx.InvalidValueError):
        return False
