"""Check characters of the codes that people copy and scanners read."""

import secrets
import unicodedata

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DRAWN = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U, which people confuse
# quasigroup of order 10, H. Michael Damm, Total anti-symmetrische Quasigruppen (Marburg 2004)
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
RECORD_DIGITS, WRISTBAND_RANDOM = 8, 10
LONGEST_SCAN = 200
WRISTBAND_LENGTH = 1 + WRISTBAND_RANDOM + 1


def damm(digits: str) -> str:
    """The Damm check digit: finds every wrong digit and every swap of two neighbours."""
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim


def mod_37_36(text: str) -> str:
    """The ISO/IEC 7064 MOD 37,36 check character of digits and capital letters."""
    product = 36
    for character in text:
        total = (product + ALPHANUMERIC.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHANUMERIC[(37 - product) % 36]


def new_record_no() -> str:
    """`P`, eight random digits, a check digit. Random, so that it cannot be guessed from the row number in a URL."""
    digits = f"{secrets.randbelow(10**RECORD_DIGITS):0{RECORD_DIGITS}d}"
    return "P" + digits + damm(digits)


def is_record_no(text: str) -> bool:
    digits = text[1:]
    shaped = text[:1] == "P" and len(digits) == RECORD_DIGITS + 1 and digits.isascii() and digits.isdigit()
    return shaped and damm(digits) == "0"


def new_wristband() -> str:
    """`W`, ten random characters (50 bits), a check character. It tells nothing about the patient."""
    text = "W" + "".join(secrets.choice(DRAWN) for _ in range(WRISTBAND_RANDOM))
    return text + mod_37_36(text)


def scanned(text: str) -> str:
    """What a scanner typed, in capitals, without the space, GS and control bytes that some scanners add.

    Full-width letters and digits, which an input method makes of them, become plain ones.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_SCAN])
    return "".join(c for c in plain[:LONGEST_SCAN] if c.isprintable() and not c.isspace()).upper()


def is_wristband(text: str) -> bool:
    known = len(text) == WRISTBAND_LENGTH and text[0] == "W" and set(text) <= set(ALPHANUMERIC)
    return known and mod_37_36(text[:-1]) == text[-1]
