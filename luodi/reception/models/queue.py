"""Tickets of the queue and what happened to them."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from luodi.trust.evidenced import Evidenced


class Ticket(Evidenced):
    """A place in the queue of a unit.

    `state` and `rev` are a projection of the events, moved by conditional updates alone. The place is a key that
    `order.py` defines from this row alone: nothing that happens to another ticket changes it. `place_at` is the
    check-in time or the segment; it and `turn` move when a missed patient or one with results comes back.
    `checked_in_at` never moves; waiting counts from it, or from `back_at` for who came back with results (`returns`
    times). `moved_to`, `moved_from`, `moved_number`: the session that the patient was transferred to, the
    one before it, and the number in the new one.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CALLED = "called"
        MISSED = "missed"
        SERVING = "serving"
        DONE = "done"
        CANCELLED = "cancelled"

    class Why(models.TextChoices):
        """Why the ticket stands where it stands."""

        CHECKED_IN = "checked_in"
        SEGMENT = "segment"
        LATE = "late"
        MISSED = "missed"
        RESULTS = "results"

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
    turn = models.BigIntegerField(null=True)
    place_why = models.CharField(max_length=10, choices=Why.choices, default=Why.CHECKED_IN)
    place_behind = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    back_at = models.DateTimeField(null=True)
    moved_to = models.ForeignKey("reception.Session", models.PROTECT, related_name="+", null=True)
    moved_from = models.ForeignKey("reception.Session", models.PROTECT, related_name="+", null=True)
    moved_number = models.PositiveIntegerField(null=True)
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
            models.CheckConstraint(
                condition=Q(returns=0, back_at__isnull=True) | Q(returns__gte=1, back_at__isnull=False),
                name="ticket_back_whole",
            ),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True, moved_from__isnull=True, moved_number__isnull=True)
                | Q(moved_to__isnull=False, moved_from__isnull=False, moved_number__gte=1),
                name="ticket_moved_whole",
            ),
            models.UniqueConstraint(fields=["moved_to", "moved_number"], name="ticket_moved_number_once"),
        ]
        indexes = [models.Index(fields=["unit", "state", "checked_in_at"], name="ticket_in_queue")]

    @property
    def number(self) -> int:
        """The number that is called: that of the session where the patient waits."""
        return int(self.moved_number or self.registration.number)

    @property
    def session(self) -> int:
        """Key of the session where the patient waits."""
        return int(self.moved_to_id or self.registration.session_id)

    @property
    def since(self) -> datetime:
        """Since when the patient waits."""
        moment: datetime = self.back_at or self.checked_in_at
        return moment


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
        CAME_BACK = "came_back"
        MOVED = "moved"

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    event = models.CharField(max_length=10, choices=Event.choices)
    at = models.DateTimeField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+", null=True)
    room = models.CharField(max_length=40, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "seq"], name="ticket_event_seq")]
