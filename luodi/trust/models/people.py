"""Units, posts, permissions, staff, and who holds which post where."""

from django.db import models
from django.db.models import Q

from luodi.trust.spoken import spoken

ADMIN_KINDS = [("", "-"), ("system", "系统管理员"), ("security", "安全管理员"), ("audit", "审计管理员")]


class Unit(models.Model):
    """A department, ward, pharmacy or office (科室)."""

    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)

    @property
    def name(self) -> str:
        """In the language of the screen."""
        return spoken(self.name_zh, self.name_en)


class Permission(models.Model):
    """What may be done. `record` marks those that open a patient's record: no administrator may hold them."""

    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    record = models.BooleanField(default=False)

    @property
    def name(self) -> str:
        """In the language of the screen."""
        return spoken(self.name_zh, self.name_en)


class Post(models.Model):
    """A post (岗位). A new one may do nothing until something is granted to it."""

    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    admin_kind = models.CharField(max_length=10, default="", blank=True, choices=ADMIN_KINDS)

    @property
    def name(self) -> str:
        """In the language of the screen."""
        return spoken(self.name_zh, self.name_en)


class Grant(models.Model):
    """A permission given to a post; withdrawn by an end, never deleted."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="grants")
    permission = models.ForeignKey(Permission, on_delete=models.PROTECT, related_name="grants")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "permission"], condition=Q(until=None), name="grant_once")
        ]


class Staff(models.Model):
    """A person who works here: one account, never shared, its id never reused.

    admin_kind is fixed when the account is made, so that no account can ever hold two administrator posts.
    """

    login = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, default="")
    title = models.CharField(max_length=40, default="", blank=True)
    admin_kind = models.CharField(max_length=10, default="", blank=True, choices=ADMIN_KINDS)
    password = models.CharField(max_length=200)
    password_at = models.DateTimeField()
    must_change = models.BooleanField(default=True)
    totp = models.BinaryField(null=True)
    totp_last = models.BigIntegerField(default=0)
    left_at = models.DateTimeField(null=True)

    @property
    def name(self) -> str:
        """In the language of the screen."""
        return spoken(self.name_zh, self.name_en)


class Holding(models.Model):
    """A person holds a post in a unit, from a time, until an end."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holdings")
    admin_kind = models.CharField(max_length=10, default="", blank=True, choices=ADMIN_KINDS)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "post", "unit"], condition=Q(until=None), name="holding_once"),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(until=None) & ~Q(admin_kind=""), name="one_administrator_post"
            ),
        ]


class Policy(models.Model):
    """A rule of the house with a number in it (password length, lock-out, limits), with effective dates."""

    key = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, default="")
    source = models.CharField(max_length=200, default="")
    effective_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "effective_from"], name="policy_once_a_day")]
