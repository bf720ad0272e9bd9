"""Every movement of stock, and what a place holds of a medicine in quantity and value."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from luodi.stock.fields import money, quantity
from luodi.stock.models.lots import Lot
from luodi.trust import once
from luodi.trust.evidenced import Evidenced

IN = ["opening", "receipt", "return", "arrive", "back", "unuse", "takeback"]
OUT = ["dispense", "waste", "send", "use"]
# of these the paper is a row: a transfer, a dose out of a cabinet, goods that a patient or a ward gave back
PAPERS = ["send", "arrive", "back", "use", "unuse", "takeback"]


class Movement(Evidenced):
    """Stock in or out of a lot; append-only, and the lot's on-hand is always the sum of its movements."""

    class Kind(models.TextChoices):
        OPENING = "opening"
        RECEIPT = "receipt"
        DISPENSE = "dispense"
        RETURN = "return"
        ADJUST = "adjust"
        WASTE = "waste"
        SEND = "send"
        ARRIVE = "arrive"
        BACK = "back"
        USE = "use"
        UNUSE = "unuse"
        TAKEBACK = "takeback"

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    qty = quantity()
    value = money(default=Decimal(0))  # at the cost of the moment, with the sign of qty
    # 调配: the preparation it was taken for, by number, as its row is of a room above.
    dispense = models.PositiveBigIntegerField(null=True, db_column="dispense_id", db_index=True)
    # the delivery, transfer, stocktake or cabinet dose that moved it; which of them the kind says
    document = models.PositiveBigIntegerField(null=True, db_index=True)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=IN, qty__gt=0) | Q(kind__in=OUT, qty__lt=0) | Q(kind="adjust") & ~Q(qty=0),
                name="movement_sign_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["dispense", "return"], dispense__isnull=False)
                | ~Q(kind__in=["dispense", "return"]) & Q(dispense__isnull=True),
                name="movement_names_its_dispense",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=PAPERS) | Q(document__isnull=False), name="movement_names_its_paper"
            ),
        ]


class Account(models.Model):
    """账: what a unit holds of a medicine, moved in place with each movement; `cost` is the moving average.

    The sum of the movements of the unit's lots, in quantity and in value; a law test compares them.
    """

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=16)
    qty = quantity(default=Decimal(0))
    value = money(default=Decimal(0))
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "medicine"], name="account_once_a_unit"),
            models.CheckConstraint(condition=Q(qty__gte=0, value__gte=0), name="account_never_below_zero"),
        ]
