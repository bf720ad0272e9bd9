"""Private tables of 审方: verdicts on versions of prescriptions, who has one open, and calls to the prescriber."""

from django.db import models
from django.db.models import Q

from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class PassRule(Evidenced):
    """自动通过: what the head of the pharmacy lets the program pass, from this row on; the newest row counts.

    Without a row nothing passes by itself. Controlled medicines never do.
    """

    on = models.BooleanField()
    classes = models.CharField(max_length=80, default="")  # visit classes, a space between them
    told = models.BooleanField(default=False)  # findings that only tell may be there
    antibiotics = models.BooleanField(default=False)
    high_alert = models.BooleanField(default=False)
    youngest = models.PositiveSmallIntegerField(default=18)  # years
    oldest = models.PositiveSmallIntegerField(default=64)
    most_drugs = models.PositiveSmallIntegerField(default=5)
    reason = models.CharField(max_length=200)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(youngest__lte=models.F("oldest")), name="pass_rule_ages_in_order"),
        ]


class Review(Evidenced):
    """审方: a verdict on one version of a prescription, by a pharmacist, or by the program under a rule of the house.

    `since` is when that version was signed and `due` when its review was to be made, as it stood then.
    """

    class Verdict(models.TextChoices):
        PASS = "pass"  # noqa: S105 (a verdict, no secret)
        RETURN = "return"

    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    text = models.BinaryField(default=b"")  # sealed with the patient's key
    reviewer = models.ForeignKey("trust.Staff", models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(PassRule, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["pass", "return"]), name="review_verdict_known"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=False, rule__isnull=True)
                | Q(reviewer__isnull=True, rule__isnull=False, verdict="pass"),
                name="review_by_a_person_or_a_rule",
            ),
        ]


class ReviewReason(models.Model):
    """A coded reason (`reasons.by_code`) of a return."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="reasons")
    code = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "code"], name="review_reason_once")]


class Claim(Evidenced):
    """在审: who has a prescription open; the newest row counts, for a while. It tells, it does not lock."""

    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["prescription", "at"], name="claim_of_prescription")]


class Call(Evidenced):
    """电话联系医师 about one version: whether the doctor was reached, and what was said (sealed)."""

    class Outcome(models.TextChoices):
        AGREED = "agreed"  # will change it
        CONFIRMED = "confirmed"  # stays with it, and says why
        UNREACHED = "unreached"

    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    words = models.BinaryField(default=b"")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["agreed", "confirmed", "unreached"]), name="call_outcome_known"
            ),
        ]
