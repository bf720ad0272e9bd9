"""The clock of a served hospital is set back by an hour: new work waits, nothing is dated before what is there."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from luodi.cli.postgres import free_port
from tests.cli.conftest import Place
from tests.journeys.served import health, soon, token

pytestmark = pytest.mark.law
BACK = "服务器时钟倒退"
PASSWORD, OWN = "First-1-word!", "Second-2-word!"


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    file = tmp_path / "seconds"
    file.write_text("0")
    return file


@pytest.fixture
def url(standing: Place, clock: Path) -> Iterator[str]:
    """A hospital with one administrator, served by processes that all look at that clock."""
    wrong = {"DJANGO_SETTINGS_MODULE": "tests.cli.wrong_clock", "CLOCK_FILE": str(clock)}
    assert standing("administrator", "root1", "系统管理员", "--password", PASSWORD).returncode == 0
    port = free_port()
    serving = standing.start("serve", "--port", str(port), **wrong)

    def ready() -> bool:
        try:
            return health(f"http://127.0.0.1:{port}")[0] == 200
        except OSError:
            return False

    try:
        assert soon(ready, 60)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.communicate(timeout=30)


def _login(url: str, password: str) -> tuple[httpx.Client, httpx.Response]:
    client = httpx.Client(base_url=url, headers={"Origin": url}, timeout=20)
    client.get("/trust/login/")
    return client, client.post("/trust/login/", data={"login": "root1", "password": password, **token(client)})


def test_work_waits_while_the_clock_is_behind_and_goes_on_when_it_is_right(
    url: str, clock: Path, standing: Place
) -> None:
    mine, begun = _login(url, PASSWORD)
    assert begun.status_code == 303
    changed = mine.post("/trust/account/password/", data={"old": PASSWORD, "new": OWN, "again": OWN, **token(mine)})
    assert changed.status_code == 303, changed.text[-500:]

    clock.write_text("-3600")
    for _worker in range(6):  # both web processes, the one that wrote last among them
        refused = _login(url, OWN)[1]
        assert refused.status_code == 503
        assert BACK in refused.text
    assert mine.get("/trust/account/").status_code == 200, "who is logged in reads on"
    ended = mine.post("/trust/account/sessions/end/", data=token(mine))
    assert ended.status_code == 503
    assert BACK in ended.text
    assert mine.get("/trust/account/").status_code == 200

    clock.write_text("0")
    again, begun = _login(url, OWN)
    assert begun.status_code == 303
    assert again.get("/trust/account/").status_code == 200
    assert standing("ledger", "seal").returncode == 0
    assert standing.opens()
