"""Sessions with their capacity, and the registrations that take their slots."""

from django.db import models
from django.db.models import F, Q

from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Session(Evidenced):
    """出诊: a doctor (or a unit, where none is named) seeing patients in one part of one day.

    `capacity` None means without limit: emergency. `taken` counts slots in use, by registration or appointment,
    `issued` the last number given out at the desk, `placed` the last slot given to an appointment. All move by
    conditional updates alone, so a cancelled number is never given twice and no slot is sold twice.
    """

    class Part(models.TextChoices):
        AM = "am", "上午"
        PM = "pm", "下午"
        NIGHT = "night", "夜间"
        DAY = "day", "全天"

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    doctor = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+", null=True)
    date = models.DateField()
    part = models.CharField(max_length=5, choices=Part.choices)
    room = models.CharField(max_length=40)
    capacity = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    placed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(taken__lte=F("capacity")), name="session_not_oversold"
            ),
            models.UniqueConstraint(fields=["doctor", "date", "part"], name="session_doctor_in_one_place"),
            models.UniqueConstraint(
                fields=["unit", "date", "part"], condition=Q(doctor__isnull=True), name="session_of_unit_once"
            ),
        ]
        indexes = [models.Index(fields=["date", "unit"], name="session_of_day")]


class Stop(Evidenced):
    """停诊: nobody is registered in this session any more."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="stop")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()


class Registration(Evidenced):
    """挂号: a patient's place in a session, with the encounter that it began."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, related_name="registrations")
    encounter = models.OneToOneField("chart.Encounter", models.PROTECT, related_name="+")
    visit_class = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    idempotency = once.column()
    appointment = models.OneToOneField("reception.Appointment", models.PROTECT, related_name="+", null=True)
    quota = models.ForeignKey("reception.Quota", models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="registration_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="registration_number_from_one"),
        ]
        indexes = [models.Index(fields=["patient", "at"], name="registration_of_patient")]


class Cancellation(Evidenced):
    """退号: the slot goes back, the number does not."""

    registration = models.OneToOneField(Registration, models.PROTECT, related_name="cancellation")
    reason = models.CharField(max_length=20)
    note = models.CharField(max_length=200, default="")
    at = models.DateTimeField()
