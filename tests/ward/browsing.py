"""A browser without JavaScript, at work as one of the people of a scene."""

import re
from typing import Any

from django.test import Client

from luodi.trust import sessions
from luodi.trust.actor import Actor
from luodi.trust.models import Holding


def at(who: Actor) -> Client:
    client = Client()
    holding = Holding.objects.filter(staff=who.staff, post__code=who.post).get()
    token, _row = sessions.begin(who.staff, "test", second_factor=True, holding=holding.pk)
    client.cookies[sessions.COOKIE] = token
    return client


def shown(response: Any, status: int = 200) -> str:
    """The page's text, after what holds on every page: no inline style or script, no key twice."""
    text = response.content.decode()
    assert response.status_code == status, text[:2000]
    assert " style=" not in text
    assert not re.search(r"\son\w+=", text)
    keys = re.findall(r'data-key="([^"]+)"', text)
    assert len(keys) == len(set(keys)), keys
    return text
