"""Private tables of controlled drugs: account books, the register, empties, residues, reconciliations.

`Account` is moved in place under its lock, by the book alone; `Owed.returned` by conditional updates. All else are rows
that stay: nothing here is ever purged (the register is kept at least 3 years, the books 5 years beyond the expiry).
"""

from django.db import models
from django.db.models import F, Q

from luodi.stock.fields import quantity
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


def _two() -> Q:
    return ~Q(first=F("second"))


def _person() -> models.ForeignKey:
    return models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")


class Signed(Evidenced):
    """What two persons signed: the bytes, and both SM2 signatures with their keys."""

    first = _person()
    second = _person()
    at = models.DateTimeField()
    message = models.BinaryField()
    first_key = models.PositiveBigIntegerField()
    first_value = models.BinaryField()
    second_key = models.PositiveBigIntegerField()
    second_value = models.BinaryField()

    class Meta:
        abstract = True


class Account(Evidenced):
    """专用账: one medicine in one unit. `balance` is the last line's, `empties` those returned and not destroyed."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=16)
    balance = quantity()
    lines = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")  # of the last line
    empties = models.PositiveIntegerField(default=0)
    moved_since = models.DateTimeField(null=True)  # the first movement that no reconciliation has seen
    mismatch = models.ForeignKey("controlled.Counted", models.PROTECT, null=True, related_name="+")  # not yet resolved

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "medicine"], name="book_account_once_a_unit"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="book_never_below_zero"),
        ]


class BookLine(Signed):
    """账页一行: what came in or went out of a lot, from or to where, on which document, and the balance after it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="rows")
    seq = models.PositiveIntegerField()
    lot = models.ForeignKey("stock.Lot", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)  # of the movement; "carried": what lay there when the book was opened
    document = models.CharField(max_length=64, blank=True)
    other = models.CharField(max_length=64, blank=True)  # from whom, to whom: a unit or a supplier, never a patient
    qty = quantity()  # signed
    balance = quantity()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="book_line_seq_once"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="book_line_balance_not_negative"),
            models.CheckConstraint(condition=_two(), name="book_line_two_persons"),
        ]


class Issue(Evidenced):
    """专册登记: one lot of one controlled drug given out on a prescription. `sealed` holds what names the patient."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="issues")
    prescription = models.ForeignKey("orders.Prescription", models.PROTECT, related_name="+")
    line = models.ForeignKey("orders.Line", models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    lot = models.ForeignKey("stock.Lot", models.PROTECT, related_name="+")
    number = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()  # in the unit's year
    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    ordered_in = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    qty = quantity()
    prescriber = _person()
    dispenser = _person()
    checker = _person()
    hander = _person()
    sealed = models.BinaryField()  # canonical JSON: id_no, agent, agent_id, diagnosis
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "seq"], name="issue_seq_once_a_year"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="issue_of_something"),
            models.CheckConstraint(condition=~Q(dispenser=F("checker")), name="issue_two_persons"),
        ]
        indexes = [models.Index(fields=["patient"], name="issue_of_patient")]


class Owed(Evidenced):
    """待回收: the empty ampoules or used patches that an issue leaves to come back. `returned` never passes `qty`."""

    class Kind(models.TextChoices):
        AMPOULE = "ampoule"
        PATCH = "patch"

    issue = models.OneToOneField(Issue, models.PROTECT, related_name="owed")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    qty = models.PositiveIntegerField()
    returned = models.PositiveIntegerField(default=0)
    due = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(returned__lte=F("qty")), name="owed_comes_back_once"),
            models.CheckConstraint(condition=Q(kind__in=["ampoule", "patch"]), name="owed_kind_known"),
        ]


class Empty(Signed):
    """回收: empties of an issue came back; their lot is the lot that was issued."""

    owed = models.ForeignKey(Owed, models.PROTECT, related_name="returns")
    qty = models.PositiveIntegerField()
    idempotency = once.column()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(qty__gt=0), name="empty_of_something"),
            models.CheckConstraint(condition=_two(), name="empty_two_persons"),
        ]


class Destruction(Signed):
    """销毁: empties that two persons destroyed."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="destructions")
    qty = models.PositiveIntegerField()
    how = models.CharField(max_length=16)
    idempotency = once.column()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(qty__gt=0), name="destroyed_something"),
            models.CheckConstraint(condition=_two(), name="destruction_two_persons"),
        ]


class Residue(Signed):
    """残余液: issued less given, in the unit of the drug's strength, destroyed before a witness."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="residues")
    task = models.ForeignKey("orders.Task", models.PROTECT, null=True, related_name="+")
    issued = models.DecimalField(max_digits=12, decimal_places=4)
    given = models.DecimalField(max_digits=12, decimal_places=4)
    wasted = models.DecimalField(max_digits=12, decimal_places=4)
    unit_word = models.CharField(max_length=10)
    how = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "task"], name="residue_once_a_dose"),
            models.UniqueConstraint(fields=["issue"], condition=Q(task=None), name="residue_once_an_issue"),
            models.CheckConstraint(condition=Q(wasted__gt=0, given__gte=0), name="residue_of_something"),
            models.CheckConstraint(condition=_two(), name="residue_two_persons"),
        ]


class Reconciliation(Signed):
    """日清日结 or 交接班: two persons counted blind what lies in a unit."""

    class Kind(models.TextChoices):
        DAILY = "daily"
        HANDOVER = "handover"

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    idempotency = once.column()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_two(), name="reconciliation_two_persons"),
            models.CheckConstraint(condition=Q(kind__in=["daily", "handover"]), name="reconciliation_kind_known"),
        ]


class Counted(Evidenced):
    """One account in a reconciliation: what the book said and what was counted, drug and empties."""

    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="rows")
    account = models.ForeignKey(Account, models.PROTECT, related_name="counts")
    balance = quantity()
    counted = quantity()
    empties = models.PositiveIntegerField()
    empties_counted = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "account"], name="counted_once"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="controlled_count_not_negative"),
        ]

    @property
    def matches(self) -> bool:
        return self.balance == self.counted and self.empties == self.empties_counted


class Resolution(Evidenced):
    """The head's word on a mismatch: why, to whom and when it was reported; the account is open again.

    Signed by the head, who did not count; rows from before resolutions were signed have no signature.
    """

    counted = models.OneToOneField(Counted, models.PROTECT, related_name="resolution")
    reason = models.CharField(max_length=16)
    text = models.CharField(max_length=300)
    reported_to = models.CharField(max_length=60)
    reported_at = models.DateTimeField()
    empties = models.PositiveIntegerField(null=True)  # what the book says of empties from now on, where it was wrong
    staff = _person()
    at = models.DateTimeField()
    message = models.BinaryField(null=True)
    key = models.PositiveBigIntegerField(null=True)
    value = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=True, key__isnull=True, value__isnull=True)
                | Q(message__isnull=False, key__isnull=False, value__isnull=False),
                name="resolution_signed_whole",
            )
        ]
