"""Versions of the knowledge as they were loaded: the files verbatim, and who has looked at what of them.

Nothing here is read by a check. A version becomes knowledge in force by `actions.enact` alone.
"""

from django.db import models

from luodi.trust.evidenced import Evidenced


class Content(Evidenced):
    """The bytes of one file, packed by zlib, named by their SM3; versions that share a file share its row."""

    digest = models.CharField(max_length=64, unique=True)
    packed = models.BinaryField()


class Version(Evidenced):
    """One set of files, named by the digest of them all; loading the same files again is the same version."""

    code = models.CharField(max_length=30)
    label = models.CharField(max_length=30)
    digest = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=300, blank=True)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, null=True, related_name="+")  # None: the program
    at = models.DateTimeField()


class VersionFile(Evidenced):
    version = models.ForeignKey(Version, models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="version_file_once")]


class RowReview(Evidenced):
    """A pharmacist looked at a row, or at a whole table (`key` is ""), and at exactly this content of it.

    It holds for the same content in any version, and for no other.
    """

    table = models.CharField(max_length=40)
    key = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "key", "digest", "staff"], name="row_review_once_a_person"),
            models.CheckConstraint(condition=~models.Q(note=""), name="row_review_has_a_note"),
        ]
