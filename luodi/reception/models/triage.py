"""Emergency triage, by version."""

from django.db import models
from django.db.models import F, Q

from luodi.trust.evidenced import Evidenced


class Triage(Evidenced):
    """分诊: the confirmed level beside the suggested one; the next assessment is the next version.

    `suggested` None: there was nothing to go by. `because` names the indicators that asked for the suggested level,
    worst first, as "pulse:2 pain:3"; `chart` the score chart used. Complaint and reason are sealed for the patient.
    """

    encounter = models.ForeignKey("chart.Encounter", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    suggested = models.PositiveSmallIntegerField(null=True)
    because = models.CharField(max_length=200, default="")
    missing = models.CharField(max_length=200, default="")
    chart = models.CharField(max_length=40)
    complaint_code = models.CharField(max_length=16, default="")
    complaint = models.BinaryField(null=True)
    reason = models.BinaryField(null=True)
    at = models.DateTimeField()
    nurse = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["encounter", "version"], name="triage_version_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="triage_level_known"),
            models.CheckConstraint(
                condition=Q(suggested__isnull=True) | Q(suggested__gte=1, suggested__lte=4),
                name="triage_suggestion_known",
            ),
            models.CheckConstraint(
                condition=Q(suggested__isnull=True) | Q(level__lte=F("suggested")) | Q(reason__isnull=False),
                name="triage_lowered_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(complaint_code="") | Q(complaint__isnull=False), name="triage_complaint_said"
            ),
        ]
