"""绿色通道: a clock from the patient's arrival, with the time points that its kind asks for."""

from django.db import models

from luodi.trust.evidenced import Evidenced


class GreenChannel(Evidenced):
    """Opened for an emergency encounter; `starts` is the arrival, from which every limit counts."""

    encounter = models.ForeignKey("chart.Encounter", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    starts = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["encounter", "kind"], name="green_channel_once")]


class GreenPoint(Evidenced):
    """A time point that was reached; the duration is computed, never typed."""

    channel = models.ForeignKey(GreenChannel, models.PROTECT, related_name="points")
    point = models.CharField(max_length=20)
    at = models.DateTimeField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "point"], name="green_point_once")]


class GreenEnd(Evidenced):
    """The clock is stopped: what was to be done is done, or it was no case for it."""

    channel = models.OneToOneField(GreenChannel, models.PROTECT, related_name="end")
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()
