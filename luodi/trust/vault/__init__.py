"""The vault: what is secret stays sealed, what is signed stays signed.

Root key (file, environment or a module of the hospital's HSM) → purpose keys → one data key a patient. SM4-GCM seals,
HMAC-SM3 makes blind indexes and entry codes, SM2 signs.
"""

from luodi.trust.vault.blind import blind, blind_all
from luodi.trust.vault.keys import change_root, destroy_key, new_key, purpose_key, rewrap, rotate
from luodi.trust.vault.sealing import Destroyed, seal, unseal
from luodi.trust.vault.signer import Signature, sign, sign_as_ledger, sign_for, signer_of, verify_signature

__all__ = [
    "Destroyed",
    "Signature",
    "blind",
    "blind_all",
    "change_root",
    "destroy_key",
    "new_key",
    "purpose_key",
    "rewrap",
    "rotate",
    "seal",
    "sign",
    "sign_as_ledger",
    "sign_for",
    "signer_of",
    "unseal",
    "verify_signature",
]
