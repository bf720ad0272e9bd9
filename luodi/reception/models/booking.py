"""Templates of the roster, quotas of a session, and the appointments that take its slots before the day."""

from django.db import models
from django.db.models import F, Q

from luodi.trust import once
from luodi.trust.evidenced import Evidenced

from .sessions import Session

LIVE = ("held", "booked", "arrived")


class Template(Evidenced):
    """排班模板: a doctor of a unit on one weekday (ISO, Monday 1), from a date on and to one (included).

    `reserved_*` slots are kept for a channel until they are returned to all; the rest is everybody's.
    """

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    doctor = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=5, choices=Session.Part.choices)
    room = models.CharField(max_length=40)
    capacity = models.PositiveIntegerField()
    reserved_window = models.PositiveIntegerField(default=0)
    reserved_kiosk = models.PositiveIntegerField(default=0)
    reserved_portal = models.PositiveIntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="template_weekday"),
            models.CheckConstraint(
                condition=Q(capacity__gte=F("reserved_window") + F("reserved_kiosk") + F("reserved_portal")),
                name="template_reserves_no_more_than_it_has",
            ),
        ]


class Quota(Evidenced):
    """Slots of a session for one channel; channel "" is everybody's. `taken` moves by conditional updates alone."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="quotas")
    channel = models.CharField(max_length=10)
    most = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "channel"], name="quota_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("most")), name="quota_not_oversold"),
        ]


class Appointment(Evidenced):
    """预约: a slot of a session taken for a patient before the visit (FHIR Appointment).

    `state` and `rev` are a projection of the events, moved by conditional updates alone. `seq` is the slot: one
    living appointment holds it. `starts`, `ends` are its segment as told to the patient.
    """

    class State(models.TextChoices):
        HELD = "held"
        BOOKED = "booked"
        ARRIVED = "arrived"
        CANCELLED = "cancelled"
        LAPSED = "lapsed"
        MISSED = "missed"
        STOPPED = "stopped"

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, related_name="appointments")
    quota = models.ForeignKey(Quota, models.PROTECT, related_name="+", null=True)
    channel = models.CharField(max_length=10)
    seq = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices)
    rev = models.PositiveIntegerField(default=1)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "seq"], condition=Q(state__in=LIVE), name="appointment_slot_sold_once"
            ),
            models.UniqueConstraint(
                fields=["session", "patient"], condition=Q(state__in=LIVE), name="appointment_patient_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="appointment_held_until"
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "state"], name="appointment_of_patient"),
            models.Index(fields=["state", "ends"], name="appointment_by_end"),
        ]


class AppointmentEvent(Evidenced):
    """One thing that happened to an appointment: who did it, when, why."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    event = models.CharField(max_length=9, choices=Appointment.State.choices)
    at = models.DateTimeField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=20, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "seq"], name="appointment_event_seq")]


class Wait(Evidenced):
    """候补: a patient waits for a slot of a full session. Who asked first is offered first, by (`at`, id).

    offered: `appointment` is held for the patient until it is confirmed or lapses.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        OFFERED = "offered"
        LEFT = "left"

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, related_name="waits")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="wait", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "patient"], condition=Q(state="waiting"), name="wait_once_a_session"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(appointment__isnull=False), name="wait_offered_with_a_slot"
            ),
        ]
        indexes = [models.Index(fields=["session", "state", "at"], name="wait_in_turn")]


class Lift(Evidenced):
    """A ban from booking lifted for a patient: no-shows until then count no more."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    reason = models.BinaryField()  # sealed for the patient
    at = models.DateTimeField()
