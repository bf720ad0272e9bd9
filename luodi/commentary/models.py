"""Private tables of the commentary. Nothing is overwritten: where a case stands follows from the rows it has."""

from django.db import models
from django.db.models import F, Q

from luodi.trust import once
from luodi.trust.evidenced import Evidenced

STAFF = "trust.Staff"


class Sample(Evidenced):
    """抽样: what was drawn from, with which seed. Each day belongs to one sample of a kind and scope at most."""

    kind = models.CharField(max_length=20)
    scope = models.PositiveBigIntegerField(default=0)  # key of the doctor or unit of a special sample
    start = models.DateTimeField()
    end = models.DateTimeField()
    head = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)  # of the ledger block that ends at the head
    seed = models.CharField(max_length=64)
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    staff = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="sample_runs_forward"),
            models.CheckConstraint(condition=Q(size__lte=F("population")), name="sample_of_its_population"),
            models.UniqueConstraint(fields=["kind", "scope", "start"], name="sample_once_a_start"),
        ]


class Case(Evidenced):
    """One drawn prescription or record, with what is kept of it so that the table can be printed again."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="cases")
    place = models.PositiveIntegerField()  # in the order of the drawing
    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=0)
    encounter = models.ForeignKey("chart.Encounter", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    prescriber = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    visit_class = models.CharField(max_length=12)
    dated = models.DateTimeField()  # signed, or discharged
    age = models.CharField(max_length=8, blank=True)  # on that day: 46y, 5m, 12d; "" is unknown

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "place"], name="case_place_once"),
            models.UniqueConstraint(fields=["sample", "encounter", "prescription"], name="case_drawn_once"),
        ]


class Assignment(Evidenced):
    """A case given to a commentator. `role`: the first opinion, or a second one on a part of the cases."""

    class Role(models.TextChoices):
        FIRST = "first"
        SECOND = "second"

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=6, choices=Role.choices)
    staff = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "role"], name="assigned_once_a_role"),
            models.UniqueConstraint(fields=["case", "staff"], name="assigned_once_a_person"),
        ]


class Comment(Evidenced):
    """点评: what a commentator found. The verdict is that of the gravest code, reasonable without any."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="comment")
    verdict = models.CharField(max_length=14)
    words = models.BinaryField(default=b"")  # sealed with the patient's key
    at = models.DateTimeField()


class CommentItem(models.Model):
    """One item code of a comment, of one line or of the whole."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="items")
    code = models.CharField(max_length=6)
    line = models.ForeignKey("orders.Line", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "code", "line"], name="comment_item_once"),
            models.UniqueConstraint(
                fields=["comment", "code"], condition=Q(line__isnull=True), name="comment_item_once_whole"
            ),
        ]


class Statement(Evidenced):
    """医师答复: the prescriber accepts the comment or objects to it, once."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="statement")
    staff = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    objects_to_it = models.BooleanField()
    words = models.BinaryField(default=b"")
    at = models.DateTimeField()


class Ruling(Evidenced):
    """裁定: the final codes of a case on which two commentators differ, or to which the prescriber objected."""

    class Cause(models.TextChoices):
        SPLIT = "split"
        OBJECTION = "objection"

    case = models.ForeignKey(Case, models.PROTECT, related_name="rulings")
    cause = models.CharField(max_length=9, choices=Cause.choices)
    verdict = models.CharField(max_length=14)
    codes = models.CharField(max_length=200, blank=True)  # separated by blanks
    words = models.BinaryField()
    staff = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "cause"], name="ruled_once_a_cause")]


class Report(Evidenced):
    """点评报告: what was computed as of a ledger head, frozen when it was published."""

    start = models.DateTimeField()
    end = models.DateTimeField()
    head = models.PositiveBigIntegerField()
    body = models.TextField()  # canonical JSON of `figures.body`
    staff = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["start", "end"], name="report_once_a_period")]


class Proposal(Evidenced):
    """A consequence that the numbers suggest (处方管理办法 art. 45). Nothing follows of itself: somebody decides."""

    class Step(models.TextChoices):
        WARN = "warn"
        CANCEL = "cancel"

    report = models.ForeignKey(Report, models.PROTECT, related_name="proposals")
    doctor = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    step = models.CharField(max_length=6, choices=Step.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "doctor"], name="proposed_once_a_report")]


class ProposalCase(models.Model):
    """A case that a proposal rests on."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "case"], name="proposal_case_once")]


class Decision(Evidenced):
    """What the head of medical affairs decided on a proposal, and why."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="decision")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=500)
    staff = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()
