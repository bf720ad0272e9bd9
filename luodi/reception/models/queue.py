"""Tickets of the queue and what happened to them."""

from django.db import models
from django.db.models import Q

from luodi.trust.evidenced import Evidenced


class Ticket(Evidenced):
    """A place in the queue of a unit.

    `state` and `rev` are a projection of the events, moved by conditional updates alone. The place is
    (`rank`, `level_rank`, `place_at`, id): nothing that happens to another ticket changes it. `place_at` is the
    check-in time, moved back only when a missed patient returns; `checked_in_at` never moves: waiting counts from it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CALLED = "called"
        MISSED = "missed"
        SERVING = "serving"
        DONE = "done"
        CANCELLED = "cancelled"

    registration = models.OneToOneField("reception.Registration", models.PROTECT, related_name="ticket")
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    doctor = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    rev = models.PositiveIntegerField(default=1)
    priority = models.CharField(max_length=20, default="ordinary")
    rank = models.PositiveSmallIntegerField()
    level_rank = models.PositiveSmallIntegerField(default=0)
    checked_in_at = models.DateTimeField()
    place_at = models.DateTimeField()
    room = models.CharField(max_length=40)
    calls = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "called", "missed", "serving", "done", "cancelled"]),
                name="ticket_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="called") | Q(called_at__isnull=False, calls__gte=1), name="ticket_called_whole"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "checked_in_at"], name="ticket_in_queue")]


class TicketEvent(Evidenced):
    """One thing that happened to a ticket: who did it, when, where."""

    class Event(models.TextChoices):
        CHECKED_IN = "checked_in"
        CALLED = "called"
        RECALLED = "recalled"
        PASSED = "passed"
        RETURNED = "returned"
        STARTED = "started"
        DONE = "done"
        CANCELLED = "cancelled"
        RANKED = "ranked"

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    event = models.CharField(max_length=10, choices=Event.choices)
    at = models.DateTimeField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+", null=True)
    room = models.CharField(max_length=40, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "seq"], name="ticket_event_seq")]
