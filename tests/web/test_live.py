"""Live updates: who may listen, what they hear, and that no listener holds the others up."""

import asyncio

import pytest

from luodi.web import topics
from luodi.web.pulse import Pulse
from luodi.web.walls import Full


def test_an_act_touches_its_worklists_and_its_noun() -> None:
    assert {"review", "prescription"} <= topics.touched("prescription.sign")
    assert "rounds" in topics.touched("medication.administer")
    assert topics.touched("login") == {"login"}


def test_topics_name_acts_that_exist() -> None:
    import re
    from pathlib import Path

    source = "".join(path.read_text() for path in Path(topics.__file__).parents[1].rglob("*.py"))
    acts = set(re.findall(r'@act\(\s*"([^"]+)"', source))
    assert set().union(*topics.WORKLISTS.values()) - acts == set()


def test_a_listener_hears_its_own_topics_once() -> None:
    async def story() -> None:
        pulse = Pulse()
        async with pulse.listening(["review"]) as listener:
            for told in ({"queue"}, {"review", "queue"}, {"review"}):
                for each in pulse.listeners:
                    each.offer(told)
            assert await listener.next(1) == ["review"]
            assert await listener.next(0.01) == []
        assert not pulse.listeners

    asyncio.run(story())


def test_listeners_are_bounded() -> None:
    async def story() -> None:
        pulse = Pulse(most=1)
        async with pulse.listening(["a"]):
            with pytest.raises(Full):
                async with pulse.listening(["b"]):
                    pass
        async with pulse.listening(["b"]):
            assert len(pulse.listeners) == 1

    asyncio.run(story())


def test_a_stranger_hears_nothing(transactional_db: None) -> None:
    from starlette.testclient import TestClient

    from luodi.web import live

    client = TestClient(live.application, base_url="http://127.0.0.1:8001")
    assert client.get("/live/?topics=review").status_code == 401
    assert client.get("/live/?topics=review", cookies={"luodi_session": "guessed"}).status_code == 401
    assert client.get("/live/?topics=board,review").status_code == 401


def test_the_board_on_the_wall_needs_no_login(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.testclient import TestClient

    from luodi.web import live

    async def one_event(token: str | None, topics: list[str]):
        yield f"{token} {topics}"

    monkeypatch.setattr(live, "_events", one_event)
    answer = TestClient(live.application, base_url="http://127.0.0.1:8001").get("/live/?topics=board")
    assert (answer.status_code, answer.text) == (200, "None ['board']")


def test_only_the_hospitals_own_pages_may_listen(transactional_db: None) -> None:
    from starlette.testclient import TestClient

    from luodi.web import live

    client = TestClient(live.application, base_url="http://127.0.0.1:8001")
    own = client.get("/live/?topics=review", headers={"origin": "http://127.0.0.1:8000"})
    other = client.get("/live/?topics=review", headers={"origin": "http://elsewhere.example"})
    assert own.headers["access-control-allow-origin"] == "http://127.0.0.1:8000"
    assert "access-control-allow-origin" not in other.headers
    assert client.get("/live/?topics=review", headers={"host": "elsewhere.example"}).status_code == 400
