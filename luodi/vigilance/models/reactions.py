"""药品不良反应: a reaction with the versions of its form, and the rows that bring it to its end.

drafted by its own row · reported by a `Report` · assessed by an `Assessment` (the last holds) · submitted to the
national system by a `Submission` · followed up by `FollowUp`s · closed or withdrawn by an `End`. Words about the
patient are sealed with the patient's key.
"""

from django.db import models
from django.db.models import Q

from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Group(Evidenced):
    """群体不良事件: reactions of several people to one product. The title names no patient."""

    title = models.CharField(max_length=80)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Reaction(Evidenced):
    """One suspected reaction of one patient."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    reporter = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        indexes = [models.Index(fields=["patient"], name="reaction_of_patient")]


class Version(Evidenced):
    """The form as it was saved: the first by the reporter, later ones until the end, each by whom and when."""

    reaction = models.ForeignKey(Reaction, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    onset = models.DateTimeField()
    known_at = models.DateTimeField()  # 获知时间: the limits run from here
    seriousness = models.JSONField(default=list)  # codes; none: 一般
    new = models.BooleanField()  # not in the package insert
    terms = models.JSONField(default=list)  # codes of reactions
    outcome = models.CharField(max_length=12)
    action = models.CharField(max_length=12)
    dechallenge = models.CharField(max_length=12)
    rechallenge = models.CharField(max_length=12)
    impact = models.CharField(max_length=12)
    causality = models.CharField(max_length=14)  # by the reporter
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="versions")
    words = models.BinaryField()  # sealed: what happened
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reaction", "number"], name="reaction_version_once"),
            models.CheckConstraint(condition=Q(known_at__gte=models.F("onset")), name="reaction_known_after_onset"),
        ]


class Suspect(models.Model):
    """A drug of a version: a dose given at the bedside (`administration`) or a package handed over (`package`)."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="drugs")
    role = models.CharField(max_length=12)
    package = models.ForeignKey("pharmacy.Package", models.PROTECT, related_name="+")
    administration = models.ForeignKey("ward.Administration", models.PROTECT, null=True, related_name="+")
    medicine = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["suspect", "concomitant"]), name="suspect_role_known"),
            models.UniqueConstraint(fields=["version", "package"], name="suspect_once_a_version"),
        ]


class Report(Evidenced):
    """上报: from here on the officer has it."""

    reaction = models.OneToOneField(Reaction, models.PROTECT, related_name="report")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Assessment(Evidenced):
    """评价 by the hospital of one version: the six grades, and the Naranjo answers where they were given."""

    reaction = models.ForeignKey(Reaction, models.PROTECT, related_name="assessments")
    version = models.PositiveIntegerField()
    causality = models.CharField(max_length=14)
    naranjo = models.JSONField(default=dict)
    score = models.SmallIntegerField(null=True)
    words = models.BinaryField(default=b"")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reaction", "version"], name="assessment_once_a_version")]


class Submission(Evidenced):
    """The national system has it under this number. `due` and `limit` as they were when it went."""

    reaction = models.OneToOneField(Reaction, models.PROTECT, related_name="submission")
    version = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, unique=True)
    limit = models.CharField(max_length=16)
    due = models.DateTimeField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class FollowUp(Evidenced):
    """随访."""

    reaction = models.ForeignKey(Reaction, models.PROTECT, related_name="follow_ups")
    outcome = models.CharField(max_length=12)
    words = models.BinaryField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()


class End(Evidenced):
    """The end of a reaction: closed after it was submitted, or withdrawn with a reason."""

    reaction = models.OneToOneField(Reaction, models.PROTECT, related_name="end")
    kind = models.CharField(max_length=10)
    words = models.BinaryField(default=b"")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["closed", "withdrawn"]), name="reaction_end_known"),
        ]


class Dismissal(Evidenced):
    """A candidate of the triggers that the officer looked at and judged to be none."""

    trigger = models.CharField(max_length=12)
    source = models.PositiveBigIntegerField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    words = models.BinaryField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trigger", "source"], name="candidate_dismissed_once")]
