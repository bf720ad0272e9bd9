"""Names of staff and units, who holds what, and a second person's credentials."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext_lazy as _

from luodi.trust import lockout
from luodi.trust.access.permissions import holdings_now
from luodi.trust.models import Post, Staff, Unit
from luodi.trust.question import NUMBER, NUMBERS, TEXT, Question
from luodi.trust.refusal import Refusal
from luodi.trust.spoken import spoken

_NAMES = Question(lambda pks: Staff.objects.filter(pk__in=pks).values_list("pk", "name_zh", "name_en"), NUMBERS)
_TITLE = Question(lambda pk: Staff.objects.filter(pk=pk).values_list("title", flat=True), NUMBER)
_UNITS = Question(lambda pks: Unit.objects.filter(pk__in=pks), NUMBERS)
_UNIT_OF_CODE = Question(lambda code: Unit.objects.filter(code=code), TEXT)


class WrongCredentials(Refusal):
    """Login name or password is wrong; which of the two is not said."""

    code = "wrong_credentials"
    message = _("工号或密码不正确。")
    next = _("请重新输入；多次失败账号会暂时锁定。")
    status = 401


class UnitCard(NamedTuple):
    """A unit as other rooms know it."""

    pk: int
    code: str
    name: str
    kind: str


def names(ids: Iterable[int]) -> dict[int, str]:
    """Staff id → name in the language of the screen; an unknown id is left out."""
    return {pk: spoken(zh, en) for pk, zh, en in _NAMES.all(list(set(ids)))}


def name(staff: int) -> str:
    """Name of one member of staff; "" for nobody."""
    return names([staff]).get(staff, "")


def title(staff: int) -> str:
    """Professional title (职称), "" where none is known."""
    return _TITLE.first(staff) or ""


def _card(unit: Unit) -> UnitCard:
    return UnitCard(unit.pk, unit.code, unit.name, unit.kind)


def units(kind: str | None = None) -> list[UnitCard]:
    """All units, or those of a kind, by code."""
    rows = Unit.objects.order_by("code")
    return [_card(unit) for unit in (rows.filter(kind=kind) if kind else rows)]


def unit(pk: int) -> UnitCard | None:
    """One unit by its key."""
    row = _UNITS.first([pk])
    return _card(row) if row else None


def unit_by_code(code: str) -> UnitCard | None:
    """One unit by its code."""
    row = _UNIT_OF_CODE.first(code)
    return _card(row) if row else None


def unit_name(pk: int) -> str:
    """Name of a unit; "" for none."""
    card = unit(pk)
    return card.name if card else ""


def unit_names(ids: Iterable[int]) -> dict[int, str]:
    """Unit id → name."""
    return {row.pk: _card(row).name for row in _UNITS.all(list(set(ids)))}


def in_post(post: str, unit: int | None = None) -> list[int]:
    """Staff who hold a post now, in a unit or anywhere, by id."""
    held = holdings_now().filter(post__code=post)
    if unit is not None:
        held = held.filter(unit=unit)
    return sorted(set(held.values_list("staff", flat=True)))


def holds(staff: int, permission: str, unit: int | None = None) -> bool:
    """True where any post that the person holds now has the permission (in that unit, where one is given)."""
    held = holdings_now().filter(staff=staff, post__grants__permission__code=permission, post__grants__until=None)
    if unit is not None:
        held = held.filter(unit=unit)
    return held.exists()


def who_may(permission: str) -> list[int]:
    """Staff who hold, now and anywhere, a post with the permission, by id."""
    held = holdings_now().filter(post__grants__permission__code=permission, post__grants__until=None)
    return sorted(set(held.values_list("staff", flat=True)))


def credentials(login: str, password: str, source: str = "") -> int:
    """Staff id of the person who shows these credentials (a witness, a checker).

    Slow by design (Argon2): call it in an act's `prepare`. Failures count for the lock-out.
    Raises WrongCredentials, lockout.Locked.
    """
    login = login.strip().lower()
    lockout.require_open(login, source)
    row = Staff.objects.filter(login=login, left_at=None).first()
    good = check_password(password, row.password if row else lockout.decoy())
    lockout.tried(login, source, ok=bool(row and good))
    if row is None or not good:
        raise WrongCredentials(facts={"account": row.pk if row else 0})
    return row.pk


def confirm(staff: int, password: str, source: str = "") -> None:
    """The person at the screen shows once more who they are. Slow by design, as `credentials`; raises the same."""
    credentials(Staff.objects.values_list("login", flat=True).get(pk=staff), password, source=source)


def is_login(login: str) -> bool:
    """True where an account has this login name."""
    return Staff.objects.filter(login=login).exists()


def by_login(login: str) -> int:
    """Staff id of a login name. Raises Staff.DoesNotExist."""
    return Staff.objects.values_list("pk", flat=True).get(login=login)


def known_by(login: str) -> int | None:
    """Staff id of a login name as somebody typed it; None where nobody has it."""
    return Staff.objects.filter(login=login.strip().lower()[:40]).values_list("pk", flat=True).first()


class PostCard(NamedTuple):
    """A post as other rooms know it."""

    code: str
    name_zh: str
    name_en: str


def posts() -> list[PostCard]:
    """All posts, in the order they were made."""
    return [PostCard(*row) for row in Post.objects.order_by("pk").values_list("code", "name_zh", "name_en")]
