"""Private tables of the room: replays and what they found, decisions, launches, override rates put on the agenda.

Every row is made by an act and never changed; what a thing has become is a further row.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Replay(Evidenced):
    """Signatures of a span, as far as a ledger head knows them, checked against a version as it holds on `day`."""

    version = models.ForeignKey("terms.Version", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    start = models.DateTimeField()
    end = models.DateTimeField()
    head = models.PositiveBigIntegerField()
    day = models.DateField()
    total = models.PositiveIntegerField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(start__lt=F("end")), name="replay_runs_forward")]
        ordering = ["-pk"]


class ReplayPart(Evidenced):
    """One stretch of a replay: up to which signature, how many were checked, how many could not be."""

    replay = models.ForeignKey(Replay, models.PROTECT, related_name="parts")
    seq = models.PositiveIntegerField()
    upto = models.PositiveBigIntegerField()
    checked = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()
    counts = models.TextField()  # canonical JSON: rule → counts

    class Meta:
        constraints = [models.UniqueConstraint(fields=["replay", "seq"], name="replay_part_once")]
        ordering = ["seq"]


class ReplayChange(Evidenced):
    """A finding that the version adds, drops or grades otherwise; "" for no finding on that side."""

    replay = models.ForeignKey(Replay, models.PROTECT, related_name="changes")
    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    key = models.CharField(max_length=160)
    rule = models.CharField(max_length=80)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    why = models.TextField()
    why_en = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["replay", "prescription", "version", "key"], name="replay_change_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="replay_change_is_one"),
        ]
        indexes = [models.Index(fields=["replay", "rule"], name="replay_change_of_rule")]
        ordering = ["pk"]


class ReplayResult(Evidenced):
    """What a finished replay found, frozen. `digest`: SM3 over span, version, counts and every change."""

    replay = models.OneToOneField(Replay, models.PROTECT, related_name="result")
    checked = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()
    counts = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()


class Choice(models.TextChoices):
    APPROVE = "approve", _("批准")
    REJECT = "reject", _("不批准")


class Decision(Evidenced):
    """A member's decision on a version, signed with the member's own SM2 key over `terms.warrant.message`."""

    version = models.ForeignKey("terms.Version", models.PROTECT, related_name="+")
    replay = models.ForeignKey(ReplayResult, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    post = models.CharField(max_length=40)
    choice = models.CharField(max_length=8, choices=Choice)
    reason = models.CharField(max_length=500, blank=True)
    key_id = models.PositiveBigIntegerField()
    message = models.BinaryField()
    value = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "staff"], name="decision_once_a_member"),
            models.CheckConstraint(
                condition=Q(choice=Choice.APPROVE) | ~Q(reason=""), name="decision_against_has_reason"
            ),
        ]
        ordering = ["pk"]


class Launch(Evidenced):
    """A version is to go live at a time. `back`: it was in force before."""

    version = models.ForeignKey("terms.Version", models.PROTECT, related_name="+")
    due = models.DateTimeField()
    back = models.BooleanField()
    reason = models.CharField(max_length=300)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="launch_has_reason")]
        ordering = ["-pk"]


class Launched(Evidenced):
    """It went live."""

    launch = models.OneToOneField(Launch, models.PROTECT, related_name="launched")
    at = models.DateTimeField()


class Withdrawal(Evidenced):
    """It will not go live: somebody called it off, or it was refused when its time came (staff None)."""

    launch = models.OneToOneField(Launch, models.PROTECT, related_name="withdrawal")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()


class Threshold(Evidenced):
    """From which share of overridden questions on, and from how many cases, a rule is put before the committee."""

    rule = models.CharField(max_length=80)
    percent = models.PositiveSmallIntegerField()
    cases = models.PositiveIntegerField()
    effective_from = models.DateField()
    reason = models.CharField(max_length=300)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="threshold_is_percent"),
            models.CheckConstraint(condition=Q(cases__gte=1), name="threshold_has_cases"),
        ]


class Survey(Evidenced):
    """Override rates counted at a ledger head; what was too much is its items."""

    start = models.DateTimeField()
    end = models.DateTimeField()
    head = models.PositiveBigIntegerField()
    at = models.DateTimeField()


class Item(Evidenced):
    """A rule whose questions are overridden too often, with the counts that say so."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="items")
    rule = models.CharField(max_length=80)
    grade = models.CharField(max_length=10)
    answered = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    percent = models.DecimalField(max_digits=5, decimal_places=1)
    threshold = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "rule"], name="item_once_a_survey")]
        ordering = ["pk"]


class Verdict(models.TextChoices):
    KEEP = "keep", _("保留，不改")
    REGRADE = "regrade", _("改为提示")
    RETIRE = "retire", _("停用这条规则")


class Ruling(Evidenced):
    """What the committee decided on an item; `version` is the candidate that came of it."""

    item = models.OneToOneField(Item, models.PROTECT, related_name="ruling")
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.CharField(max_length=500)
    version = models.ForeignKey("terms.Version", models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="ruling_has_reason")]
