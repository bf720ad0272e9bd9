"""Accounts, posts and grants. The system administrator makes accounts, the security administrator gives rights."""

from collections.abc import Set

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from luodi.trust import sessions
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now, today
from luodi.trust.models import Grant, Holding, Permission, Policy, Post, Staff, Unit
from luodi.trust.policy import shipped
from luodi.trust.refusal import Refusal


class Separated(Refusal):
    """The three administrators are kept apart, and from the records."""

    code = "separated"
    message = _("系统、安全、审计管理员必须由不同账号担任，且不得兼任其他岗位。")
    next = _("请为该人员使用另一个账号。")


class GrantsMoved(Refusal):
    """Somebody else changed the grants of this post while the page was open."""

    code = "grants_moved"
    message = _("这个岗位的权限刚被别人改过，没有保存。")
    next = _("请重新打开页面，在最新的权限上勾选。")


def _prepare_hash(by: Actor, *args: object, password: str, **rest: object) -> str:
    return make_password(password)


@act("unit.new", may="staff.manage")
def new_unit(by: Actor, code: str, name_zh: str, name_en: str, kind: str) -> int:
    """Add a unit; returns its key."""
    unit = Unit.objects.create(code=code, name_zh=name_zh, name_en=name_en, kind=kind)
    about("unit", unit.pk)
    evidence(code=code)
    return unit.pk


@act("post.new", may="staff.manage")
def new_post(by: Actor, code: str, name_zh: str, name_en: str) -> int:
    """Add a post that may do nothing yet; returns its key."""
    if Post.objects.filter(code=code).exists():
        raise Refusal("post_exists", _("已有这个岗位代码。"), _("请换一个代码。"))
    post = Post.objects.create(code=code, name_zh=name_zh, name_en=name_en)
    about("post", post.pk)
    evidence(code=code)
    return post.pk


@act("staff.hire", may="staff.manage", prepare=_prepare_hash)
def hire(
    by: Actor,
    login: str,
    name_zh: str,
    *,
    password: str,
    name_en: str = "",
    title: str = "",
    admin_kind: str = "",
    must_change: bool = True,
    prepared: str = "",
) -> int:
    """Make an account with a first password; returns its key. Raises Refusal where the login name is taken."""
    login = login.strip().lower()
    if Staff.objects.filter(login=login).exists():
        raise Refusal("login_taken", _("这个工号已被使用。"), _("工号一经使用不得重复分配，请换一个。"))
    staff = Staff.objects.create(
        login=login,
        name_zh=name_zh,
        name_en=name_en,
        title=title,
        admin_kind=admin_kind,
        password=prepared,
        password_at=now(),
        must_change=must_change,
    )
    about("staff", staff.pk)
    evidence(login=login, admin_kind=admin_kind)
    return staff.pk


@act("staff.leave", may="staff.manage")
def leave(by: Actor, staff: int) -> None:
    """Close an account: the person has left. Sessions end, holdings end; the row stays for ever."""
    about("staff", staff)
    Staff.objects.filter(pk=staff, left_at=None).update(left_at=now())
    Holding.objects.filter(staff=staff, until=None).update(until=now())
    sessions.end_all(staff, "left")


@act("password.reset", may="staff.manage", prepare=_prepare_hash)
def reset_password(by: Actor, staff: int, *, password: str, prepared: str = "") -> None:
    """Give a person a first password anew; it must be changed at the next login."""
    about("staff", staff)
    Staff.objects.filter(pk=staff).update(password=prepared, password_at=now(), must_change=True)
    sessions.end_all(staff, "password_reset")


def _require_apart(staff: Staff, post: Post) -> None:
    if staff.admin_kind != post.admin_kind:
        raise Separated(facts={"post": post.code})


@act("post.assign", may="staff.manage")
def assign(by: Actor, staff: int, post: str, unit: int) -> int:
    """Let a person hold a post in a unit from now on; returns the holding. Raises Separated."""
    person, row = Staff.objects.get(pk=staff), Post.objects.get(code=post)
    about("staff", staff)
    _require_apart(person, row)
    held = Holding.objects.filter(staff=staff, post=row, unit=unit, until=None).first()
    if held is None:
        held = Holding.objects.create(staff=person, post=row, unit_id=unit, admin_kind=row.admin_kind, since=now())
    evidence(post=post, unit=unit, holding=held.pk)
    return held.pk


@act("post.unassign", may="staff.manage")
def unassign(by: Actor, holding: int) -> None:
    """End a holding; whoever works in it now is out at the next request."""
    row = Holding.objects.get(pk=holding)
    about("staff", row.staff_id)
    Holding.objects.filter(pk=holding, until=None).update(until=now())
    evidence(holding=holding)


@act("post.grant", may="post.grant")
def grant(by: Actor, post: str, permission: str) -> None:
    """Give a permission to a post. Raises Separated for an administrator's post and a permission that opens records."""
    row, what = Post.objects.get(code=post), Permission.objects.get(code=permission)
    about("post", row.pk)
    if row.admin_kind and what.record:
        raise Separated(facts={"permission": permission})
    if not Grant.objects.filter(post=row, permission=what, until=None).exists():
        Grant.objects.create(post=row, permission=what, since=now())
    evidence(permission=permission)


@act("post.withdraw", may="post.grant")
def withdraw(by: Actor, post: str, permission: str) -> None:
    """Take a permission from a post: it is gone at the next request."""
    row = Post.objects.get(code=post)
    about("post", row.pk)
    Grant.objects.filter(post=row, permission__code=permission, until=None).update(until=now())
    evidence(permission=permission)


@act("post.grants", may="post.grant")
def set_grants(by: Actor, post: str, wanted: Set[str], *, seen: Set[str]) -> None:
    """Leave a post with exactly these permissions, all of the change or none of it.

    seen: what it held on the page that was ticked. Raises GrantsMoved where it holds something else by now, unless
    what it holds is what is wanted; Separated as `grant`.
    """
    row = Post.objects.select_for_update().get(code=post)
    about("post", row.pk)
    held = set(Grant.objects.filter(post=row, until=None).values_list("permission__code", flat=True))
    if held not in (wanted, seen):
        raise GrantsMoved
    for permission in sorted(wanted - held):
        grant(by, post, permission)
    for permission in sorted(held - wanted):
        withdraw(by, post, permission)
    evidence(given=len(wanted - held), taken=len(held - wanted))


@act("policy.set", may="policy.set")
def set_policy(by: Actor, key: str, value: str, source: str) -> None:
    """Set a number of the house from today on. Raises Refusal for an unknown key or no number."""
    if key not in shipped() or not value.isdigit():
        raise Refusal("policy_unknown", _("策略名称或数值不正确。"), _("数值应为非负整数。"), status=422)
    row, _made = Policy.objects.update_or_create(
        key=key, effective_from=today(), defaults={"value": value, "source": source, "unit": shipped()[key]["unit"]}
    )
    about("policy", row.pk)
    evidence(key=key, value=value)
