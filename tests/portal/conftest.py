"""The reception's small hospital, and telephones that come to it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from luodi.portal import actions, logins, sender
from luodi.trust import clock
from luodi.trust.actor import NOBODY, Actor
from tests.reception import conftest as reception

PHONE = "13900001234"
ID_NO = "11010519491231002X"  # the computed example of GB 11643
WEB = NOBODY._replace(device="198.51.100.7")

house = reception.house
shared = reception.shared
_no_keys_of_another_test = reception._no_keys_of_another_test


@pytest.fixture(autouse=True)
def messages(tmp_path: Any, monkeypatch: Any) -> Any:
    """Messages sent in this test, the oldest first."""
    file = sender.FileSender(tmp_path / "out" / "messages.jsonl")
    monkeypatch.setattr(sender, "_provider", lambda _spec: file)
    return lambda: [json.loads(line) for line in file.path.read_text().splitlines()] if file.path.exists() else []


def token_of(phone: str = PHONE) -> str:
    """The cookie of a telephone that logs in now."""
    made = actions.new_code(WEB, phone)
    token = actions.log_in(WEB, made.phone, made.code)
    assert token
    return token


def account(phone: str = PHONE) -> Actor:
    """The actor of a telephone that is logged in and agrees to what is needed."""
    by = logins.actor(token_of(phone))
    assert by is not None
    actions.agree(by, "privacy", given=True)
    return by


def browser(phone: str = PHONE, *, minutes: int = 0) -> Client:
    """A browser in which a telephone is logged in, `minutes` from now; it agrees to what is needed."""
    client = Client(REMOTE_ADDR=WEB.device)
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        token = token_of(phone)
    client.cookies[logins.COOKIE] = token
    by = logins.actor(token)
    assert by is not None
    actions.agree(by, "privacy", given=True)
    return client
