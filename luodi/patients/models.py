from django.db import models

from luodi.trust import once
from luodi.trust.evidenced import Evidenced

from .types import MERGE_REASONS, MOST_BORN, UNMERGE_REASONS


class Patient(Evidenced):
    """A person known to the hospital. Who they are is in their latest Identity; this row and its key never change."""

    record_no = models.CharField(max_length=12, unique=True)
    key = models.OneToOneField("trust.DataKey", models.PROTECT, related_name="+")
    idempotency = once.column()  # token of the form that registered them


class Identity(Evidenced):
    """One version of what is known of a person. A correction adds a version and never touches the one before."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="identities")
    version = models.PositiveIntegerField()
    sex = models.CharField(max_length=1)
    birth_date = models.DateField(null=True)
    id_kind = models.CharField(max_length=20)
    no_id_reason = models.CharField(max_length=20, blank=True)
    name = models.BinaryField()
    pinyin = models.BinaryField()
    id_no = models.BinaryField()
    phone = models.BinaryField()
    address = models.BinaryField()
    insurance = models.BinaryField(null=True)  # none in versions from before it was asked
    reason = models.BinaryField(null=True)  # why it was corrected; none for the first version

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "version"], name="identity_version_once"),
            models.CheckConstraint(condition=models.Q(sex__in=["0", "1", "2", "9"]), name="identity_sex_gbt_2261"),
            models.CheckConstraint(
                condition=models.Q(version=1) | models.Q(reason__isnull=False), name="identity_correction_has_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(id_kind="none") | ~models.Q(no_id_reason=""), name="identity_none_has_reason"
            ),
        ]


class BlindIndex(models.Model):
    """What finds a patient without reading them: HMAC values of the latest identity, rebuilt by every correction."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    index = models.CharField(max_length=8)  # name | pinyin | id | phone4 | phone | insured
    value = models.BinaryField(max_length=16)
    key_version = models.PositiveIntegerField()
    sole = models.BooleanField(default=False)  # a document number that one living person alone may hold

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "index", "value"], name="blind_once"),
            models.UniqueConstraint(fields=["value"], condition=models.Q(sole=True), name="blind_document_of_one"),
        ]
        indexes = [
            # with the patient, so that the newest of many come first without reading and sorting them all
            models.Index(fields=["index", "value", "patient"], name="blind_newest"),
            models.Index(fields=["key_version", "patient"], name="blind_of_version"),  # to move after a rotation
        ]


class Wristband(Evidenced):
    """The code on a band, one band in force for an encounter."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    encounter = models.BigIntegerField()  # of the chart, one floor up: no foreign key may climb
    code = models.CharField(max_length=16, unique=True)
    number = models.PositiveIntegerField()  # 1 for the first band of the encounter, 2 for its replacement

    class Meta:
        constraints = [models.UniqueConstraint(fields=["encounter", "number"], name="wristband_number_once")]


class WristbandEnd(Evidenced):
    """A band that no longer names anybody: lost, damaged, or put on the wrong wrist."""

    band = models.OneToOneField(Wristband, models.PROTECT, related_name="end")
    reason = models.CharField(max_length=20)


class Merge(Evidenced):
    """Two records are one person from now on, and `survivor` stands for both. No row of either is touched.

    `live` is the only column moved in place, once, together with the MergeEnd that says who, when and why.
    """

    survivor = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    merged = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20)
    words = models.BinaryField(null=True)  # sealed for the merged record
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=models.Q(live=True), name="merged_into_one"),
            models.CheckConstraint(condition=~models.Q(survivor=models.F("merged")), name="merge_of_two"),
            models.CheckConstraint(condition=models.Q(reason__in=MERGE_REASONS), name="merge_reason"),
        ]
        indexes = [models.Index(fields=["survivor", "live"], name="merge_of_survivor")]


class MergeEnd(Evidenced):
    """A merge taken back: the two records are read apart again, each with what was written to it."""

    merge = models.OneToOneField(Merge, models.PROTECT, related_name="end")
    reason = models.CharField(max_length=20)
    words = models.BinaryField()  # sealed for the merged record
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(reason__in=UNMERGE_REASONS), name="unmerge_reason")]


class Apart(Evidenced):
    """Somebody compared two records that look alike and found two people; the smaller number is `one`."""

    one = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    other = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="apart_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="apart_in_order"),
        ]


class Birth(Evidenced):
    """A baby born here, and whose child it is. `encounter` is the mother's: one delivery has each place once."""

    baby = models.OneToOneField(Patient, models.PROTECT, related_name="+")
    mother = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    encounter = models.BigIntegerField()  # of the chart, one floor up: no foreign key may climb
    at = models.DateTimeField()
    place = models.PositiveSmallIntegerField()  # 1 for the first born of a delivery
    of = models.PositiveSmallIntegerField()  # how many were born, as far as was known then

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["encounter", "place"], name="birth_place_once"),
            models.CheckConstraint(condition=~models.Q(baby=models.F("mother")), name="birth_of_two"),
            models.CheckConstraint(
                condition=models.Q(place__gte=1, place__lte=models.F("of"), of__lte=MOST_BORN), name="birth_place_of"
            ),
        ]


class Watch(Evidenced):
    """Readings of this record are looked at: why (a kind of scrutiny.csv, words sealed), and whose own record it is.

    `live` is the only column moved in place, once, together with the WatchEnd.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    own = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+", null=True)  # of staff as a patient
    words = models.BinaryField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient"], condition=models.Q(live=True), name="watched_once"),
            models.CheckConstraint(
                condition=models.Q(kind="staff", own__isnull=False) | ~models.Q(kind="staff") & models.Q(own=None),
                name="watch_of_staff_names_them",
            ),
        ]


class WatchEnd(Evidenced):
    """Readings are looked at no more."""

    watch = models.OneToOneField(Watch, models.PROTECT, related_name="end")
    words = models.BinaryField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
