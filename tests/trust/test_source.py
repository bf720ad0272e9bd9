"""Where a request comes from, with a proxy in front and without."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

from luodi.trust.middleware import source


@pytest.mark.parametrize(
    ("tls", "direct", "claimed", "found"),
    [
        ("proxy", "127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("proxy", "127.0.0.1", "1.1.1.1, 10.1.2.3", "10.1.2.3"),
        ("proxy", "::1", "2001:db8::1", "2001:db8::1"),
        ("proxy", "127.0.0.1", "<script>", "127.0.0.1"),
        ("proxy", "127.0.0.1", "", "127.0.0.1"),
        ("proxy", "10.9.9.9", "10.1.2.3", "10.9.9.9"),
        ("none", "127.0.0.1", "10.1.2.3", "127.0.0.1"),
    ],
)
def test_the_address_is_what_the_proxy_saw_and_never_what_a_client_claims(
    monkeypatch: Any, tls: str, direct: str, claimed: str, found: str
) -> None:
    monkeypatch.setattr(settings, "LUODI", replace(settings.LUODI, tls=tls))
    asked = RequestFactory().get("/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=claimed)
    assert source(asked) == found
