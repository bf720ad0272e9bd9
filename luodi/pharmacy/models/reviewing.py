"""Private tables of 审方: verdicts on versions of prescriptions, with their coded reasons."""

from django.db import models
from django.db.models import Q

from luodi.trust.evidenced import Evidenced


class Review(Evidenced):
    """审方: a pharmacist's verdict on one version of a prescription."""

    class Verdict(models.TextChoices):
        PASS = "pass"  # noqa: S105 (a verdict, no secret)
        RETURN = "return"

    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    text = models.BinaryField(default=b"")  # sealed with the patient's key
    reviewer = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["pass", "return"]), name="review_verdict_known"),
        ]


class ReviewReason(models.Model):
    """A coded reason (`reasons.by_code`) of a return."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="reasons")
    code = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "code"], name="review_reason_once")]
