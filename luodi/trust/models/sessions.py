"""Login sessions, attempts, and the passwords that may not come back."""

from django.db import models

from luodi.trust.models.people import Holding, Staff


class Session(models.Model):
    """A login. The cookie holds a random token; the row holds its SM3 digest, so a stolen table opens nothing."""

    token = models.BinaryField(max_length=32, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sessions")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.CharField(max_length=80)
    second_factor = models.BooleanField(default=False)
    began = models.DateTimeField()
    seen = models.DateTimeField()
    authenticated = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, default="")

    class Meta:
        indexes = [models.Index(fields=["staff", "ended"], name="session_open")]


class LoginAttempt(models.Model):
    """A login tried: counted per account and per source for the lock-out."""

    login = models.CharField(max_length=40)
    source = models.CharField(max_length=80)
    at = models.DateTimeField()
    ok = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["login", "at"], name="attempt_login"),
            models.Index(fields=["source", "at"], name="attempt_source"),
        ]


class PasswordHistory(models.Model):
    """An earlier password's hash: policy says how many may not be used again."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="old_passwords")
    password = models.CharField(max_length=200)
    until = models.DateTimeField()
