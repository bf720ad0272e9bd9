"""Goods on their way from one place to another."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from luodi.stock.fields import money, quantity
from luodi.stock.models.lots import Lot
from luodi.stock.models.papers import Paper
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Transfer(Paper):
    """调拨: `unit` asks, `source` gives. States: asked sent differs received cancelled."""

    source = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    idempotency = once.column()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(unit=F("source")), name="transfer_goes_elsewhere")]


class TransferLine(Evidenced):
    """What was asked for."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="lines")
    medicine = models.CharField(max_length=16)
    wanted = quantity()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "medicine"], name="transfer_line_once"),
            models.CheckConstraint(condition=Q(wanted__gt=0), name="transfer_line_wants"),
        ]


class Cargo(Evidenced):
    """A lot on its way. `on_way` and its value are moved in place; they belong to the source until they arrive."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="cargo")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    sent = quantity()
    on_way = quantity()
    value = money(default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "lot"], name="cargo_once"),
            models.CheckConstraint(
                condition=Q(sent__gt=0, on_way__gte=0, on_way__lte=F("sent"), value__gte=0), name="cargo_conserved"
            ),
        ]
