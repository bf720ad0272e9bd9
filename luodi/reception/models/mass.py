"""群体事件: many victims at once, each known by the tag that was hung on them, triaged by colour."""

from django.db import models
from django.db.models import Q

from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class MassEvent(Evidenced):
    """An event with three victims or more, from its opening until its MassEnd. `expected`: how many were announced."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    what = models.CharField(max_length=80)
    expected = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expected__gte=3), name="mass_event_of_three")]


class MassEnd(Evidenced):
    """The event is over: no victim is added to it any more."""

    event = models.OneToOneField(MassEvent, models.PROTECT, related_name="end")
    at = models.DateTimeField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")


class Victim(Evidenced):
    """A patient of an event. One tag hangs on one person for ever; the identity follows later, the tag stays."""

    event = models.ForeignKey(MassEvent, models.PROTECT, related_name="victims")
    tag = models.CharField(max_length=12, unique=True)
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    encounter = models.OneToOneField("chart.Encounter", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class VictimTriage(Evidenced):
    """A colour given to a victim; the next one is the next version. `place`: where the victim was then, "" unknown."""

    victim = models.ForeignKey(Victim, models.PROTECT, related_name="colours")
    version = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=8)
    place = models.CharField(max_length=40, default="")
    at = models.DateTimeField()
    nurse = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    idempotency = once.column()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["victim", "version"], name="victim_colour_version_once")]
