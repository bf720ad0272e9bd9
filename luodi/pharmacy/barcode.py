"""Package barcodes: opaque, short, and protected by a check character.

A code is `Y` (药), ten random characters (50 bits) and an ISO/IEC 7064 MOD 37,36 check character, which finds every
single wrong character and nearly every swap of two neighbours. It tells nothing about patient, drug or day. Wristbands
begin with `W` and record numbers with `P`, so no two kinds of code are ever taken for each other.
"""

import secrets

from luodi.patients import codes

PREFIX = "Y"
RANDOM = 10
LENGTH = len(PREFIX) + RANDOM + 1


def new() -> str:
    """A fresh code; the database keeps it unique."""
    body = PREFIX + "".join(secrets.choice(codes.DRAWN) for _ in range(RANDOM))
    return body + codes.mod_37_36(body)


def clean(scanned: str) -> str:
    """What a scanner typed, without the space, GS and control bytes that some scanners add, in capitals."""
    return codes.scanned(scanned)


def is_valid(code: str) -> bool:
    """Whether `code` has the form and the check character of a package barcode."""
    if len(code) != LENGTH or not code.startswith(PREFIX) or not set(code) <= set(codes.ALPHANUMERIC):
        return False
    return codes.mod_37_36(code[:-1]) == code[-1]
