"""Codes of the tags that hang on the victims of a mass casualty event: printed before, scanned when needed."""

import secrets

from luodi.patients.codes import DRAWN, mod_37_36, scanned

RANDOM = 7  # 35 bits: the codes of a stack do not meet, and the database keeps each to one victim
LENGTH = 1 + RANDOM + 1


def new_tag() -> str:
    """`T`, seven random characters, a check character. It says nothing about who will wear it."""
    text = "T" + "".join(secrets.choice(DRAWN) for _ in range(RANDOM))
    return text + mod_37_36(text)


def read(text: str) -> str | None:
    """The tag that was scanned or typed; None for another code, or one with a wrong character."""
    code = scanned(text)
    whole = len(code) == LENGTH and code[0] == "T" and set(code[1:-1]) <= set(DRAWN)
    return code if whole and mod_37_36(code[:-1]) == code[-1] else None
