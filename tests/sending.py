"""A form sent twice: what a double click, a lost answer or a bouncing scanner does."""

import re
from typing import Any

from django.apps import apps
from django.test import Client

ROOMS = ("chart", "commentary", "controlled", "orders", "patients", "pharmacy", "reception", "stock", "ward")
# of the trust room what people decide; its ledger and sessions grow with every request
DECIDED = ("staff", "post", "holding", "grant", "policy", "purposekey", "breakglass")


def facts() -> dict[str, int]:
    """How many rows each table of the medication path holds, and each of what is decided about staff and house."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    models.remove(apps.get_model("orders", "Shown"))  # what an answer showed, not what the form wrote
    models += [apps.get_model("trust", name) for name in DECIDED]
    return {model._meta.label: model.objects.count() for model in models}


def token_of(page: str) -> str:
    """The token that a page's form carries."""
    found = re.search(r'name="idempotency" value="([^"]+)"', page)
    assert found, "the form carries no token"
    return found[1]


def twice(client: Client, url: str, posted: dict[str, Any]) -> Any:
    """Send a form, then the very same again: the first writes, the second adds no fact. Returns the second answer."""
    before = facts()
    first = client.post(url, posted)
    assert first.status_code in (200, 302, 303, 422), first.content.decode()[:2000]
    after = facts()
    assert after != before, "the first writes"
    second = client.post(url, posted)
    assert second.status_code < 500
    assert facts() == after
    return second
