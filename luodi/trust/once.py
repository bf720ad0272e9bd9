"""A form is kept once: it carries a token, and what that token wrote before is answered, not written again."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal

LONGEST = 64


class TokenUsed(Refusal):
    """A form's token comes with other content than it came with first, or is none that a form of ours carries."""

    code = "token_used"
    message = _("这张表单已经用过。")
    next = _("请重新打开页面，再办理一次。")


def column(**extra: Any) -> models.CharField:
    """Token of the form that a row was written from; `unique` unless one form writes several rows."""
    return models.CharField(max_length=LONGEST, null=True, **{"unique": True, **extra})


def token(text: str) -> str | None:
    """What is kept of a form's token: None of none. Raises TokenUsed for one that is longer than any of ours."""
    if len(text) > LONGEST:
        raise TokenUsed
    return text or None
