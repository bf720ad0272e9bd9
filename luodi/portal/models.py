from django.db import models

from luodi.trust.evidenced import Evidenced


class Account(Evidenced):
    """A telephone by which a patient or a relative comes. The number is sealed under the account's own key."""

    key = models.OneToOneField("trust.DataKey", models.PROTECT, related_name="+")
    phone = models.BinaryField()
    phone_index = models.BinaryField(max_length=16, unique=True)
    at = models.DateTimeField()


class Tries(models.Model):
    """How often something was asked today: codes of a telephone or from a place, additions of an account.

    `value` is a blind value. `count` moves by conditional updates alone.
    """

    kind = models.CharField(max_length=10)
    value = models.BinaryField(max_length=16)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)
    last = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value", "day"], name="tries_once_a_day")]


class LoginCode(Evidenced):
    """A code sent to a telephone: its HMAC alone, good for minutes, for a few tries, once."""

    phone_index = models.BinaryField(max_length=16)
    code = models.BinaryField(max_length=32)
    until = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    used = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_index"], name="login_code_of_phone")]


class Login(Evidenced):
    """A telephone is logged in: the cookie's token as a digest, from when, until when."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    token = models.BinaryField(max_length=32, unique=True)
    device = models.CharField(max_length=80)
    began = models.DateTimeField()
    seen = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    why = models.CharField(max_length=10, default="")


class Consent(Evidenced):
    """What an account agreed to, or no longer does: one version of one text. The last row of a code holds."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    given = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "code"], name="consent_of_account")]


class Notice(Evidenced):
    """A message about an appointment that has been handed to the sender; once for each thing that happened to it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    appointment = models.ForeignKey("reception.Appointment", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "appointment", "kind"], name="notice_once"),
        ]


class Survey(Evidenced):
    """What somebody thought of a visit, once a visit. `nps` 0 to 10; the words are sealed under the patient's key."""

    encounter = models.OneToOneField("chart.Encounter", models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    nps = models.PositiveSmallIntegerField(null=True)
    words = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(nps=None) | models.Q(nps__lte=10), name="survey_nps")]


class Answer(Evidenced):
    """One question of a survey: 1 very dissatisfied to 5 very satisfied."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=20)
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "question"], name="survey_answer_once"),
            models.CheckConstraint(condition=models.Q(value__gte=1, value__lte=5), name="survey_answer_of_five"),
        ]


class Correction(Evidenced):
    """A wish that something in the identity be put right (个人信息保护法 art. 46), sealed; the desk answers it."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    wish = models.BinaryField()
    at = models.DateTimeField()


class CorrectionEnd(Evidenced):
    """What the desk did with a wish, in words for the patient, sealed."""

    correction = models.OneToOneField(Correction, models.PROTECT, related_name="end")
    done = models.BooleanField()
    words = models.BinaryField()
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
