"""Suppliers, purchase orders, and deliveries with what the inspection found."""

from django.db import models
from django.db.models import F, Q

from luodi.stock.fields import money, quantity
from luodi.stock.models.lots import Lot
from luodi.stock.models.papers import Paper
from luodi.trust import once
from luodi.trust.evidenced import Evidenced


class Supplier(Evidenced):
    """供应商. `ended`: bought from no more."""

    name = models.CharField(max_length=80, unique=True)
    licence = models.CharField(max_length=40, blank=True)
    licence_to = models.DateField(null=True)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Order(Paper):
    """采购订单 of one supplier for one place. States: draft submitted approved sent partial done cancelled."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="orders")
    idempotency = once.column()


class OrderLine(Evidenced):
    """What is ordered, in the newest version of the order; `why` freezes the figures that the suggestion came from."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    version = models.PositiveIntegerField()
    medicine = models.CharField(max_length=16)
    qty = quantity()
    price = money()
    why = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "version", "medicine"], name="order_line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0, price__gte=0), name="order_line_sensible"),
        ]


class Delivery(Evidenced):
    """到货验收: goods that arrived, against an order or without, inspected by one or two people."""

    unit = models.ForeignKey("trust.Unit", models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="deliveries")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="deliveries")
    invoice = models.CharField(max_length=40, blank=True)
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    second = models.ForeignKey("trust.Staff", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    idempotency = once.column()


class DeliveryLine(Evidenced):
    """One lot of a delivery: what was accepted is stock, what was rejected is not and waits to be sent back."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="lines")
    medicine = models.CharField(max_length=16)
    lot_no = models.CharField(max_length=32)
    produced = models.DateField(null=True)
    expiry = models.DateField()
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")
    qty = quantity()
    accepted = quantity()
    price = money()
    packaging = models.BooleanField()  # whole and labelled
    certificate = models.CharField(max_length=40, blank=True)
    warmest = models.DecimalField(max_digits=4, decimal_places=1, null=True)  # °C on the way
    reason = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(qty__gt=0, accepted__gte=0, accepted__lte=F("qty"), price__gte=0),
                name="delivery_line_sensible",
            ),
            models.CheckConstraint(
                condition=Q(accepted=F("qty")) | ~Q(reason=""), name="delivery_line_says_why_rejected"
            ),
        ]


class SentBack(Evidenced):
    """退货: the rejected goods of a line left the house with the supplier."""

    line = models.OneToOneField(DeliveryLine, models.PROTECT, related_name="sent_back")
    staff = models.ForeignKey("trust.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
