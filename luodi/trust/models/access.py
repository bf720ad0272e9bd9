"""Who has to do with a patient, and who broke the glass."""

from django.db import models
from django.db.models import Q

from luodi.trust.evidenced import Evidenced
from luodi.trust.models.people import Staff


class CareRelation(Evidenced):
    """A unit, a person or everybody in a post has to do with a patient.

    `patient` is a plain number: this is the lowest floor.
    """

    patient = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    unit = models.BigIntegerField(default=0)
    staff = models.BigIntegerField(default=0)
    post = models.CharField(max_length=40, default="", blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "until"], name="care_patient")]
        constraints = [
            models.CheckConstraint(condition=~Q(unit=0) | ~Q(staff=0) | ~Q(post=""), name="care_relates_somebody")
        ]


class Bond(Evidenced):
    """A portal account may act for a patient (本人、亲属). `account` and `patient` are plain numbers of rooms above.

    proof: what was shown for it (a code of the room above); "" until somebody has looked at a document: such an account
    may book, but not read.
    """

    account = models.BigIntegerField()
    patient = models.BigIntegerField()
    kind = models.CharField(max_length=10)  # self | child | parent | other
    proof = models.CharField(max_length=20, default="", blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "patient"], condition=Q(until=None), name="bond_once"),
            models.CheckConstraint(condition=~Q(account=0), name="bond_of_an_account"),
        ]
        indexes = [models.Index(fields=["patient", "until"], name="bond_of_patient")]


class SamePerson(models.Model):
    """A record that is read together with others: `person` is the one that stands for all of them.

    A projection of the merges of a room above, with rows for persons of several records only, and no evidence of its
    own. `since`: when the last of the person's records joined.
    """

    patient = models.BigIntegerField(primary_key=True)
    person = models.BigIntegerField(db_index=True)
    since = models.DateTimeField()


class BreakGlass(Evidenced):
    """Emergency access (紧急访问) to one patient, with a reason and an expiry."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    patient = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["staff", "patient", "until"], name="glass_active")]


class BreakGlassReview(Evidenced):
    """What the security administrator found afterwards."""

    glass = models.OneToOneField(BreakGlass, on_delete=models.PROTECT, related_name="review")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    justified = models.BooleanField()
    note = models.CharField(max_length=300, default="", blank=True)


class WatchedPatient(models.Model):
    """A record whose readings are looked at afterwards. `staff`: whose own record it is, 0 for nobody's who works here.

    A projection of what a room above decided, with the reasons there.
    """

    patient = models.BigIntegerField(primary_key=True)
    staff = models.BigIntegerField(default=0)


class WatchedReading(models.Model):
    """Somebody read a watched record outside its treating unit, or their own or a colleague's: once a person and day.

    `entry` is the first reading of the day; all of them are in the ledger.
    """

    entry = models.ForeignKey("trust.Entry", on_delete=models.PROTECT, related_name="+")
    patient = models.BigIntegerField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    unit = models.BigIntegerField()
    day = models.DateField()
    at = models.DateTimeField()
    screen = models.CharField(max_length=60)
    why = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "patient", "day"], name="watched_reading_once_a_day"),
            models.CheckConstraint(condition=Q(why__in=["own", "colleague", "outside"]), name="watched_reading_why"),
        ]


class WatchedReview(Evidenced):
    """What the security administrator found of such a reading."""

    reading = models.OneToOneField(WatchedReading, on_delete=models.PROTECT, related_name="review")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    justified = models.BooleanField()
    note = models.CharField(max_length=300, default="", blank=True)
