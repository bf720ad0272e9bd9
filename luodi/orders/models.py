"""Private tables of the room: prescriptions, their lines by version, signatures, the steps of the loop, planned doses.

Nothing is overwritten: a line is dropped or replaced by a row, a signature belongs to one version, a step is a row.
`step`, `rev`, `version` of a prescription (with the columns that a signature sets) and `step` and `rev` of a task are
projections of those rows, moved by conditional updates alone. Free text is sealed with the key of the patient.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from luodi.orders.loop import LOOP, Step
from luodi.trust import once
from luodi.trust.evidenced import Evidenced

STEPS = [(step.value, step.value) for step in Step if LOOP[step].of == "prescription"]
TASK_STEPS = [(step.value, step.value) for step in Step if LOOP[step].of == "task"]


def dose_field(**extra: Any) -> models.DecimalField:
    """A dose, in the dose unit of its line, to a ten-thousandth."""
    return models.DecimalField(max_digits=14, decimal_places=4, **extra)


class Prescription(Evidenced):
    """处方: lines for one patient in one encounter, signed by one prescriber."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary"
        EMERGENCY = "emergency"
        PAEDIATRIC = "paediatric"
        NARCOTIC = "narcotic"
        PSYCH1 = "psych1"
        PSYCH2 = "psych2"

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    encounter = models.ForeignKey("chart.Encounter", models.PROTECT, related_name="+")
    visit_class = models.CharField(max_length=12)
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    prescriber = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ORDINARY)
    number = models.CharField(max_length=32, default="")
    step = models.CharField(max_length=12, choices=STEPS, default=Step.DRAFTED)
    rev = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)  # 欠药: set by the first hand-over of a part
    idempotency = once.column()  # token of the form that drafted it

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__in=[value for value, _ in STEPS]), name="prescription_step_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["ordinary", "emergency", "paediatric", "narcotic", "psych1", "psych2"]),
                name="prescription_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, valid_until__isnull=True, number="")
                | Q(signed_at__isnull=False, valid_until__isnull=False, valid_until__gt=F("signed_at")) & ~Q(number=""),
                name="prescription_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(step__in=[Step.DRAFTED, Step.STOPPED]) | Q(signed_at__isnull=False),
                name="prescription_moves_signed",
            ),
            models.CheckConstraint(
                condition=~Q(step=Step.OWED) | Q(rest_until__isnull=False), name="prescription_owed_until"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="prescription_number_once"),
        ]
        indexes = [
            models.Index(fields=["step", "valid_until"], name="prescription_waiting"),
            models.Index(fields=["patient", "signed_at"], name="prescription_of_patient"),
            models.Index(fields=["encounter"], name="prescription_of_encounter"),
            models.Index(fields=["prescriber", "step"], name="prescription_of_doctor"),
        ]


class Line(Evidenced):
    """One drug of one version, with the facts of the formulary as they were when it was written."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()  # counts up in the version, never used again
    place = models.PositiveIntegerField()  # where it stands on the sheet; a replacement keeps the place
    medicine = models.CharField(max_length=16)  # terms code
    generic = models.CharField(max_length=120)
    brand = models.CharField(max_length=120, default="")
    strength = models.CharField(max_length=80, default="")
    form = models.CharField(max_length=60, default="")
    atc = models.CharField(max_length=8, default="")
    control = models.CharField(max_length=10, default="")
    antibiotic = models.CharField(max_length=12, default="")
    high_alert = models.BooleanField(default=False)
    dose = dose_field()
    dose_unit = models.CharField(max_length=20)
    route = models.CharField(max_length=10)
    frequency = models.CharField(max_length=10)
    per_day = models.DecimalField(max_digits=9, decimal_places=5, null=True)  # None: not fixed (prn, sos)
    days = models.DecimalField(max_digits=6, decimal_places=1)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)  # in the pack unit
    pack_unit = models.CharField(max_length=20)
    prn = models.BooleanField(default=False)
    skin_test = models.CharField(max_length=10, default="")
    skin_test_at = models.DateTimeField(null=True)  # when the result was read
    bag = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # 组: lines of one number are dripped together; 0: alone
    rate = models.DecimalField(max_digits=7, decimal_places=1, null=True)  # of the drip, in rate_unit
    rate_unit = models.CharField(max_length=8, default="", db_default="")
    words = models.BinaryField(default=b"")  # sealed JSON: usage, reason, chronic_reason, over_tier_reason, note

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prescription", "version", "seq"], name="line_seq_once"),
            models.CheckConstraint(condition=Q(dose__gt=0), name="line_dose_positive"),
            models.CheckConstraint(condition=Q(days__gt=0), name="line_days_positive"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(rate__isnull=True, rate_unit="") | Q(rate__gt=0, rate_unit__in=["ml/h", "gtt/min"]),
                name="line_rate_has_a_unit",
            ),
        ]


class Drop(Evidenced):
    """A line taken off an unsigned version, or replaced by another line."""

    line = models.OneToOneField(Line, models.PROTECT, related_name="drop")
    by_line = models.OneToOneField(Line, models.PROTECT, null=True, related_name="replaces")


class Signature(Evidenced):
    """电子签名: the bytes that were signed, by whose key, under which rule set, and what the check had found."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    key_id = models.PositiveBigIntegerField()
    message = models.BinaryField()
    value = models.BinaryField()
    ruleset = models.CharField(max_length=80)  # digest
    findings = models.TextField(default="[]")  # canonical JSON

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prescription", "version"], name="signature_once_a_version")]


class SecondSignature(Evidenced):
    """双签: the prescriber signed a second time for what is beyond the label (处方管理办法 art. 6(9))."""

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="second")
    findings = models.JSONField()  # keys of what asked for it
    key_id = models.PositiveBigIntegerField()
    message = models.BinaryField()
    value = models.BinaryField()
    at = models.DateTimeField()


class Basis(Evidenced):
    """What the check of a signature was asked, sealed: other rules can be asked the same."""

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="basis")
    sealed = models.BinaryField()


class Shown(Evidenced):
    """A finding that asks or refuses was shown to the prescriber while a version was written, before any signature."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    key = models.CharField(max_length=160)
    rule = models.CharField(max_length=80)
    grade = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prescription", "version", "key"], name="shown_once_a_version")]


class Answer(models.Model):
    """What the prescriber answered to a finding that asks: a code, or words sealed with the key of the patient."""

    signature = models.ForeignKey(Signature, models.PROTECT, related_name="answers")
    finding = models.CharField(max_length=160)
    rule = models.CharField(max_length=80)
    code = models.CharField(max_length=20, default="")
    words = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signature", "finding"], name="answer_once"),
            models.CheckConstraint(condition=~Q(code=""), name="answer_has_code"),
        ]


class Reply(Evidenced):
    """医师答复: what the doctor said to a return; `version` is the one that was signed with it."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed = models.BooleanField()  # lines changed, or confirmed as they were
    words = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prescription", "version"], name="reply_once_a_version")]


class Stop(Evidenced):
    """停止: one for a prescription, with a coded reason and sealed words."""

    prescription = models.OneToOneField(Prescription, models.PROTECT, related_name="stop")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    code = models.CharField(max_length=30)
    words = models.BinaryField(default=b"")


class Extension(Evidenced):
    """延长有效期 by the prescriber, never beyond three days from the day of issue (处方管理办法 art. 18)."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    valid_until = models.DateTimeField()
    words = models.BinaryField()


class Task(Evidenced):
    """执行单: one planned dose of a line, split at signing; or one asked for when it is needed (prn)."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    planned_at = models.DateTimeField()
    prn = models.BooleanField(default=False)
    idempotency = once.column()  # token of the form that asked for it
    step = models.CharField(max_length=12, choices=TASK_STEPS, default=Step.PLANNED)
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "seq"], name="task_seq_once"),
            models.UniqueConstraint(
                fields=["line"], condition=Q(prn=True, step__in=["planned", "held"]), name="task_prn_one_open"
            ),
            models.CheckConstraint(condition=Q(step__in=[value for value, _ in TASK_STEPS]), name="task_step_known"),
        ]
        indexes = [
            models.Index(fields=["step", "planned_at"], name="task_due"),
            models.Index(fields=["prescription"], name="task_of_prescription"),
        ]


class LoopStep(Evidenced):
    """One step taken: by whom, when, where, on which device, with what proof. `seq` is the rev that the step made."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    seq = models.PositiveIntegerField()
    step = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    visit_class = models.CharField(max_length=12)  # as it was at the step: a measure reads it at any ledger head
    at = models.DateTimeField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, null=True, related_name="+")  # None: the program itself
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    device = models.CharField(max_length=80, default="")
    proof = models.TextField(default="{}")  # canonical JSON
    words = models.BinaryField(default=b"")  # sealed: what was written to the next person, e.g. with a return

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prescription", "seq"], condition=Q(task__isnull=True), name="loop_step_once"
            ),
            models.UniqueConstraint(
                fields=["task", "seq"], condition=Q(task__isnull=False), name="loop_task_step_once"
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=True, step__in=[value for value, _ in STEPS])
                | Q(task__isnull=False, step__in=[value for value, _ in TASK_STEPS]),
                name="loop_step_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=False) | Q(step__in=[step.value for step in Step if LOOP[step].alone]),
                name="loop_step_has_a_person",
            ),
        ]
        indexes = [models.Index(fields=["step", "at"], name="loop_step_when")]


class DayNumber(models.Model):
    """Last number given on a day in one series: a doctor's own, or that of a controlled kind (处方管理办法 art. 39)."""

    day = models.DateField()
    series = models.CharField(max_length=24)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "series"], name="day_number_once")]


class PrescribingRight(Evidenced):
    """处方权 granted by this hospital after training and examination. A title grants nothing by itself."""

    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    antibiotic_tier = models.PositiveSmallIntegerField(default=0)  # 0 none, 1 非限制, 2 限制, 3 特殊
    narcotic = models.BooleanField(default=False)
    assistant = models.BooleanField(default=False)
    trained_on = models.DateField()
    since = models.DateTimeField()
    valid_to = models.DateField()  # last day

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(antibiotic_tier__lte=3), name="right_tier_0_to_3")]
        indexes = [models.Index(fields=["staff", "since"], name="right_of_staff")]


class Formality(Evidenced):
    """越级使用补办: an antibacterial above the own tier was signed to save a life; papers are due (art. 28)."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=16)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")  # who prescribed it
    tier = models.PositiveSmallIntegerField()  # that the drug asks for
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prescription", "medicine"], name="formality_once_a_drug")]
        indexes = [models.Index(fields=["due_at"], name="formality_due")]


class FormalityEnd(Evidenced):
    """Somebody of that tier looked at it: agreed that it was needed, or not, in words."""

    formality = models.OneToOneField(Formality, models.PROTECT, related_name="end")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agreed = models.BooleanField()
    words = models.BinaryField()


class PainDossier(Evidenced):
    """癌痛、中重度慢性疼痛患者档案: the first doctor examined in person and has the papers (处方管理办法 art. 21)."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    consent_on = models.DateField()  # 《知情同意书》 signed
    agent = models.BooleanField()  # the papers of an agent are kept too
    words = models.BinaryField()  # sealed: diagnosis and where it was proved

    class Meta:
        indexes = [models.Index(fields=["patient"], name="pain_dossier_of_patient")]


class PainReview(Evidenced):
    """复诊或随诊: the patient was seen again (art. 27)."""

    dossier = models.ForeignKey(PainDossier, models.PROTECT, related_name="reviews")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.BinaryField()


class PainEnd(Evidenced):
    """The dossier was closed, with a reason."""

    dossier = models.OneToOneField(PainDossier, models.PROTECT, related_name="end")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.BinaryField()
