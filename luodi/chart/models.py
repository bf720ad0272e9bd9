from django.db import models
from django.db.models import Q

from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Encounter(Evidenced):
    """A visit (FHIR Encounter), from arrival. Opening, change of class and closing are rows of their own."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    visit_class = models.CharField(max_length=12)
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-registered_at"], name="encounter_of_patient")]
        constraints = [
            models.CheckConstraint(
                condition=Q(visit_class__in=["outpatient", "emergency", "observation", "inpatient"]),
                name="encounter_visit_class",
            )
        ]


class Opening(Evidenced):
    """A doctor took the patient on (接诊)."""

    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="opening")
    doctor = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Closing(Evidenced):
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="closing")
    at = models.DateTimeField()
    disposition = models.CharField(max_length=12)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")


class ClassChange(Evidenced):
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="changes")
    visit_class = models.CharField(max_length=12)
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Stay(Evidenced):
    """The patient of an encounter lies in a bed of a room above: until it ends, the encounter cannot.

    `until` is the only column moved in place, once, by an act of its own.
    """

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="stays")
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    bed = models.CharField(max_length=8)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["encounter"], condition=Q(until=None), name="one_stay_at_once")]


class Note(Evidenced):
    """One version of one part of the record. An amendment supersedes, with its reason; nothing is overwritten."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="amendment")
    text = models.BinaryField()
    reason = models.BinaryField(null=True)
    author = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    repeated = models.BooleanField(default=False)  # of a kind that an encounter may hold many of

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(version=1, supersedes=None, reason=None)
                | Q(version__gt=1, supersedes__isnull=False, reason__isnull=False),
                name="note_amendment_has_reason",
            ),
            models.UniqueConstraint(
                fields=["encounter", "kind"],
                condition=Q(supersedes=None, repeated=False),
                name="note_kind_begun_once",
            ),
        ]


class Diagnosis(Evidenced):
    """FHIR Condition of category encounter-diagnosis. The main one in force is the last that was made main."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="diagnoses")
    code = models.CharField(max_length=20)  # ICD-10
    name = models.CharField(max_length=300)  # as it read when it was made
    main = models.BooleanField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class DiagnosisWithdrawal(Evidenced):
    diagnosis = models.OneToOneField(Diagnosis, models.PROTECT, related_name="withdrawal")
    reason = models.BinaryField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class AllergyStatement(Evidenced):
    """What is known of a patient's allergies since then: the last statement holds, with its list as a whole."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    reason = models.BinaryField(null=True)  # why something that was listed is listed no more
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "version"], name="allergy_statement_version"),
            models.CheckConstraint(
                condition=Q(state__in=["not_asked", "denied", "unconfirmed", "listed"]), name="allergy_four_states"
            ),
        ]


class Allergy(Evidenced):
    """One substance of a statement (FHIR AllergyIntolerance)."""

    statement = models.ForeignKey(AllergyStatement, models.PROTECT, related_name="allergies")
    code = models.CharField(max_length=60)  # class code, ATC or medicine code; "" for a substance in words alone
    label = models.BinaryField()
    severity = models.CharField(max_length=10, blank=True)
    reaction = models.BinaryField()


class Observation(Evidenced):
    """One reading. `value` None is a reading in words or by code, never a zero."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    encounter = models.ForeignKey(Encounter, models.PROTECT, null=True, related_name="observations")
    code = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    unit = models.CharField(max_length=30, blank=True)  # UCUM
    coded = models.CharField(max_length=30, blank=True)
    text = models.BinaryField(null=True)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column(unique=False)  # token of the form: each code of it is kept once

    class Meta:
        indexes = [models.Index(fields=["patient", "code", "-at"], name="observation_trend")]
        constraints = [
            models.UniqueConstraint(fields=["idempotency", "code"], name="observation_once_a_form"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(coded="") | Q(text__isnull=False),
                name="observation_says_something",
            ),
        ]
