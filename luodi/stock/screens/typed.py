"""What a person typed into a form of the store."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from luodi.stock import refusals
from luodi.terms import queries as terms


def number(text: str) -> Decimal | None:
    """What was typed; None for nothing. Raises BadStock for what is no number."""
    try:
        return Decimal(text.strip()) if text.strip() else None
    except InvalidOperation:
        raise refusals.BadStock(message=_("请填写数字。")) from None


def rev_of(request: Any) -> int:
    text = request.POST.get("rev", "")
    if not text.isdigit():
        raise refusals.PaperMoved
    return int(text)


def pk_of(request: Any, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() else 0


def drug(text: str) -> str:
    """The code of a medicine by code, or by a name that only one has. Raises BadStock."""
    text = text.strip()
    if terms.medicine(text.upper()):
        return text.upper()
    found = terms.find_medicines(text, 3)
    if len(found) == 1:
        return found[0].code
    names = "、".join(f"{card.code} {card.generic} {card.strength}" for card in found)
    raise refusals.BadStock(message=_("「%(text)s」不能确定是哪一种药品。") % {"text": text[:40]}, next=names)
