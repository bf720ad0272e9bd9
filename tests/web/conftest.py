"""A person at work, so that the web room's own pages can be opened."""

import pytest
from django.test import Client

from luodi.trust import sessions
from luodi.trust.clock import now
from luodi.trust.models import Grant, Holding, Permission, Post, Staff, Unit
from luodi.trust.write import write


@pytest.fixture
def at_work(db):
    """`at_work("queue.read", …)` is a client logged in as somebody whose post has these permissions alone."""

    def log_in(*codes: str) -> Client:
        with write():
            unit = Unit.objects.create(code="T1", name_zh="测试科", name_en="Test unit", kind="office")
            post = Post.objects.create(code="tester", name_zh="测试岗", name_en="Tester")
            for code in codes:
                permission, _made = Permission.objects.get_or_create(code=code)
                Grant.objects.create(post=post, permission=permission, since=now())
            staff = Staff.objects.create(
                login="tester", name_zh="测试员", password="!", password_at=now(), must_change=False
            )
            Holding.objects.create(staff=staff, post=post, unit=unit, since=now())
        token, _row = sessions.begin(staff.pk, "test")
        client = Client()
        client.cookies[sessions.COOKIE] = token
        return client

    return log_in
