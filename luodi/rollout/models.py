"""Gates, what they ask, how they were weighed, and who signed.

Every row is made by an act and never changed. A gate that asks for something else is a new version of the gate; a
weighing keeps copies of what it read, so it stays readable whatever is defined later.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luodi.trust.evidenced import Evidenced


class Phase(models.TextChoices):
    """Phases of a rollout (reference: phase gates)."""

    START = "start", _("启动")
    PILOT = "pilot", _("试点")
    HOSPITAL = "hospital", _("全院推广")
    OPTIMISE = "optimise", _("持续优化")
    CLOSE = "close", _("结项")


class Bound(models.TextChoices):
    AT_LEAST = ">=", "≥"
    AT_MOST = "<=", "≤"


class Verdict(models.TextChoices):
    PASS = "pass", _("通过")
    FAIL = "fail", _("未通过")
    NO_DATA = "no_data", _("数据不足")


class Decision(models.TextChoices):
    """What the steering group decides. The data give the verdict; people decide, and both are kept."""

    GO = "go", _("通过，进入下一阶段")
    HOLD = "hold", _("暂缓，整改后再评")
    STOP = "stop", _("终止本阶段")


class Gate(Evidenced):
    """One version of a phase gate. `code` names the gate over all its versions."""

    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    phase = models.CharField(max_length=10, choices=Phase)
    scope = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="gate_version_once")]
        ordering = ["code", "-version"]


class Criterion(Evidenced):
    """A measure, the whole or one part of it, held against a target over a window, with a minimum sample."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="criteria")
    seq = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=40)
    part = models.CharField(max_length=40, blank=True)
    bound = models.CharField(max_length=2, choices=Bound)
    target = models.DecimalField(max_digits=14, decimal_places=6)
    window_days = models.PositiveSmallIntegerField()
    minimum = models.PositiveIntegerField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gate", "seq"], name="criterion_seq_once"),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="criterion_minimum_positive"),
            models.CheckConstraint(condition=Q(window_days__gte=1), name="criterion_window_positive"),
        ]
        ordering = ["seq"]


class Weighing(Evidenced):
    """A gate weighed at a ledger head."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="weighings")
    at = models.DateTimeField()
    head = models.PositiveBigIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict)

    class Meta:
        ordering = ["-pk"]


class FrozenReading(Evidenced):
    """What one criterion read when it was weighed."""

    weighing = models.ForeignKey(Weighing, models.PROTECT, related_name="readings")
    criterion = models.ForeignKey(Criterion, models.PROTECT)
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    top = models.DecimalField(max_digits=20, decimal_places=6)
    bottom = models.PositiveIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    measure_version = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["weighing", "criterion"], name="reading_once"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="reading_window_runs_forward"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(verdict=Verdict.NO_DATA), name="reading_unknown_is_no_verdict"
            ),
        ]
        ordering = ["criterion__seq"]


class GateSignature(Evidenced):
    """A decision on a weighing, signed with the signer's own SM2 key. The database refuses GO on all but a pass."""

    weighing = models.ForeignKey(Weighing, models.PROTECT, related_name="signatures")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    decision = models.CharField(max_length=4, choices=Decision)
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.CharField(max_length=500, blank=True)
    key_id = models.PositiveBigIntegerField()
    message = models.BinaryField()
    value = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["weighing", "staff"], name="signature_once_a_person"),
            models.CheckConstraint(
                condition=~Q(decision=Decision.GO) | Q(verdict=Verdict.PASS), name="signature_go_only_on_pass"
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.GO) | ~Q(reason=""), name="signature_other_than_go_has_reason"
            ),
        ]
        ordering = ["pk"]
