"""The first rows of a hospital: permissions, posts and the three administrators' posts, from the shipped tables.

Idempotent: what the hospital changed afterwards (grants withdrawn, posts renamed) is left alone.
"""

import csv
from pathlib import Path

from django.contrib.auth.hashers import make_password

from luodi.trust import ledger
from luodi.trust.actor import Ref, system
from luodi.trust.clock import now
from luodi.trust.models import Grant, Holding, Permission, Post, Staff, Unit
from luodi.trust.vault import keys
from luodi.trust.write import write

_DATA = Path(__file__).parent / "data"


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _permissions() -> dict[str, Permission]:
    known = set(Permission.objects.values_list("code", flat=True))
    Permission.objects.bulk_create(
        Permission(code=row["code"], name_zh=row["zh"], name_en=row["en"], record=row["record"] == "1")
        for row in _rows("permissions.csv")
        if row["code"] not in known
    )
    return {row.code: row for row in Permission.objects.all()}


def _posts(permissions: dict[str, Permission]) -> int:
    known = set(Post.objects.values_list("code", flat=True))
    fresh = [row for row in _rows("posts.csv") if row["code"] not in known]
    made = Post.objects.bulk_create(
        Post(code=row["code"], name_zh=row["zh"], name_en=row["en"], admin_kind=row["admin_kind"]) for row in fresh
    )
    Grant.objects.bulk_create(
        Grant(post=post, permission=permissions[code], since=now())
        for post, row in zip(made, fresh, strict=True)
        for code in row["permissions"].split()
    )
    return len(made)


def found() -> int:
    """Create what is missing of permissions and posts; returns how many posts are new."""
    keys.found()
    with write():
        made = _posts(_permissions())
        if made:
            ledger.record("found", by=system("command"), about=Ref("hospital", 1), facts={"posts": made})
    return made


def first_administrator(login: str, name_zh: str, password: str, *, must_change: bool = True) -> int:
    """Make the first system administrator, who makes everybody else. Raises ValueError where one exists."""
    hashed = make_password(password)
    with write():
        if Staff.objects.filter(admin_kind="system", left_at=None).exists():
            raise ValueError("there is a system administrator already")
        unit, _new = Unit.objects.get_or_create(
            code="IT", defaults={"name_zh": "信息科", "name_en": "Information department", "kind": "office"}
        )
        staff = Staff.objects.create(
            login=login.lower(),
            name_zh=name_zh,
            admin_kind="system",
            password=hashed,
            password_at=now(),
            must_change=must_change,
        )
        post = Post.objects.get(code="system_admin")
        Holding.objects.create(staff=staff, post=post, unit=unit, admin_kind="system", since=now())
        facts = {"login": login, "admin_kind": "system"}
        ledger.record("staff.first", by=system("command"), about=Ref("staff", staff.pk), facts=facts)
    return staff.pk
