"""What every answer carries, what readiness says, and what a log line may never hold."""

import logging
import sys
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import Client

from luodi.trust.vault.root import provider
from luodi.web import health
from luodi.web.logs import Line

pytestmark = pytest.mark.django_db


def test_every_answer_is_guarded(client: Client) -> None:
    answer = client.get("/healthz")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_pages_are_never_stored_and_errors_are_guarded_too(client: Client) -> None:
    answer = client.get("/nowhere/at/all/")
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_language_is_the_persons_choice_not_the_browsers(client: Client) -> None:
    assert client.get("/healthz", headers={"accept-language": "en"})["Content-Language"] == "zh-hans"
    client.cookies["luodi_language"] = "en"
    assert client.get("/healthz")["Content-Language"] == "en"
    client.cookies["luodi_language"] = "../../etc"
    assert client.get("/healthz")["Content-Language"] == "zh-hans"


@pytest.mark.law
def test_ready_when_all_is_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "faults": {}})


@pytest.mark.law
@pytest.mark.parametrize("check", sorted(health.CHECKS))
def test_readiness_names_what_is_wrong_and_no_secret(client: Client, check: str) -> None:
    def broken() -> str:
        raise OSError("postgresql://luodi:geheim@db/luodi")

    with patch.dict(health.CHECKS, {check: broken}):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "faults": {check: "OSError"}}


def test_a_lost_root_key_is_noticed(client: Client) -> None:
    with patch.object(settings, "LUODI_ROOT_KEY", "file:/nowhere/root.key"):
        assert client.get("/healthz").json()["faults"] == {"root_key": "RootKeyUnavailable"}
    provider.cache_clear()


def test_a_log_line_holds_no_value() -> None:
    try:
        raise ValueError("张三 11010519491231002X")
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Internal: %s", ("/x/?q=张三",), fault)
    line = Line().format(record)
    assert "张三" not in line
    assert "11010519491231002X" not in line
    assert "ValueError" in line
