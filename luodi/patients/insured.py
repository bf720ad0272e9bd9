"""The number under which an insurer knows a person, typed, read from a card or scanned from a QR code.

How a number looks and where it stands in a code differs by region: patterns with effective dates in
`data/insurance.csv`. A token that only the insurer's server can resolve names nobody here.
"""

import re
import unicodedata
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from luodi.trust.tables import in_force

from .refusals import Invalid

_TABLE = Path(__file__).parent / "data" / "insurance.csv"


def read(text: str) -> str:
    """The number in a typed or scanned text in capitals, "" where no pattern in force finds one."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text[:200])).upper()
    for row in in_force(_TABLE):
        found = re.fullmatch(row["pattern"], plain)
        if found and any(sign.isdigit() for sign in found[1]):
            return found[1]
    return ""


def number(text: str) -> str:
    """As `read`, for a field that may be empty. Raises Invalid for a text in which no number is found."""
    found = read(text)
    if text.strip() and not found:
        raise Invalid("insurance", _("医保号应为 8 到 28 位字母或数字，或可识别的医保二维码"), "insurance")
    return found
